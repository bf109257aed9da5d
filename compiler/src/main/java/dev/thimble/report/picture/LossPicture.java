package dev.thimble.report.picture;

import dev.thimble.quant.NodeLoss;
import dev.thimble.quant.QuantizationLoss;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The loss of a quantised network as a section of an HTML page: a bar for each value, in the order
 * in which the network computes them, and a table of the worst with causes and remedies.
 */
public final class LossPicture {
  /** Style rules for the section; colours of a page are {@code --ink}, {@code --rule}, ... */
  public static final String STYLE =
      """
      .loss svg{display:block;width:100%;height:auto;font:11px system-ui,sans-serif}
      .loss svg text{fill:var(--ink)}
      .loss .grid{stroke:var(--rule);stroke-width:1}
      .loss .here{fill:#88aacc}.loss .worst{fill:#cc6677}
      .loss .whole{stroke:var(--ink);stroke-width:2.5}
      .loss svg .tick{fill:var(--faint)}
      """;

  private static final int LEFT = 300;
  private static final int BAR = 600;
  private static final int ROW = 18;
  private static final int TOP = 24;

  /** So many rows are pictured; of longer networks the first. */
  private static final int ROWS = 200;

  private static final int NAME = 44;
  private static final int WORST = 3;
  private static final int TABLE = 20;

  /** The ratio at the right end; beyond, nobody sees a difference. */
  private static final int MOST = 60;

  private LossPicture() {}

  /** The section; it needs {@link #STYLE}, and no scripts. */
  public static String write(QuantizationLoss loss) {
    Markup html = new Markup();
    html.open("section", "class", "loss").line();
    html.leaf("h2", "What quantisation loses").line();
    html.leaf(
            "p",
            "Signal-to-noise ratios against float, over "
                + loss.samples()
                + " samples; the outputs have "
                + decibels(loss.outputSnrDb())
                + ". A bar is what the node alone leaves (longer is better), the mark what is left"
                + " there after all nodes before. Red are the three that cost the outputs most.")
        .line();
    html.raw(draw(loss));
    table(html, loss.nodes());
    return html.close().line().toString();
  }

  private static String draw(QuantizationLoss loss) {
    Map<String, NodeLoss> byName = new HashMap<>();
    loss.nodes().forEach(node -> byName.put(node.node(), node));
    List<NodeLoss> rows =
        loss.order().stream().limit(ROWS).map(n -> Objects.requireNonNull(byName.get(n))).toList();
    List<NodeLoss> worst = loss.nodes().stream().limit(WORST).toList();
    Markup svg = new Markup();
    svg.open(
            "svg",
            "xmlns",
            "http://www.w3.org/2000/svg",
            "viewBox",
            "0 0 " + Frame.WIDTH + " " + (TOP + ROW * rows.size() + 4),
            "role",
            "img",
            "aria-label",
            "The signal-to-noise ratio of each node")
        .line();
    for (int ratio = 0; ratio <= MOST; ratio += 10) {
      double x = x((double) ratio);
      String d = "M" + Markup.number(x) + " " + TOP + "v" + ROW * rows.size();
      svg.empty("path", "d", d, "class", "grid");
      svg.leaf("text", ratio + " dB", "x", x, "y", 16, "text-anchor", "middle", "class", "tick");
    }
    for (int i = 0; i < rows.size(); i++) {
      row(svg, rows.get(i), TOP + i * ROW, worst.contains(rows.get(i)));
    }
    return svg.close().line().toString();
  }

  private static void row(Markup svg, NodeLoss node, int y, boolean worst) {
    svg.open("g");
    svg.leaf(
        "title",
        node.node()
            + ": alone "
            + decibels(node.snrDb())
            + ", accumulated "
            + decibels(node.accumulatedSnrDb())
            + ", at the outputs "
            + decibels(node.outputSnrDb())
            + "; "
            + node.cause()
            + ": "
            + node.reason());
    svg.leaf("text", shortened(node.node()), "x", LEFT - 8, "y", y + 13, "text-anchor", "end");
    svg.empty(
        "rect",
        "x",
        LEFT,
        "y",
        y + 3,
        "width",
        x(node.snrDb()) - LEFT,
        "height",
        ROW - 6,
        "class",
        worst ? "worst" : "here");
    String d = "M" + Markup.number(x(node.accumulatedSnrDb())) + " " + (y + 1) + "v" + (ROW - 2);
    svg.empty("path", "d", d, "class", "whole");
    svg.close().line();
  }

  private static double x(@Nullable Double ratio) {
    return LEFT + Math.clamp(ratio == null ? MOST : ratio, 0, MOST) * BAR / MOST;
  }

  private static void table(Markup html, List<NodeLoss> nodes) {
    html.open("table").open("tr");
    for (String head :
        List.of("Worst first", "Range", "Clipped", "Alone", "Outputs", "Cause", "Switch")) {
      html.leaf("th", head);
    }
    html.close().line();
    for (NodeLoss node : nodes.stream().limit(TABLE).toList()) {
      html.open("tr").leaf("td", node.node());
      html.leaf("td", String.format(Locale.ROOT, "%.4g to %.4g", node.low(), node.high()));
      html.leaf("td", String.format(Locale.ROOT, "%.2f %%", 100 * node.clipped()), "class", "n");
      html.leaf("td", decibels(node.snrDb()), "class", "n");
      html.leaf("td", decibels(node.outputSnrDb()), "class", "n");
      html.leaf("td", node.cause() + ": " + node.reason()).leaf("td", node.remedy());
      html.close().line();
    }
    html.close().line();
  }

  private static String decibels(@Nullable Double ratio) {
    return ratio == null ? "no noise" : String.format(Locale.ROOT, "%.1f dB", ratio);
  }

  private static String shortened(String name) {
    return name.length() <= NAME ? name : "…" + name.substring(name.length() - NAME + 1);
  }
}
