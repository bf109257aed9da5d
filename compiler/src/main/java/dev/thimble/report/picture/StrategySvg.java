package dev.thimble.report.picture;

import dev.thimble.report.picture.ArenaPicture.Option;
import java.util.List;
import java.util.Locale;

/** Draws what each memory strategy would need as bars, one below the other. */
final class StrategySvg {
  private static final int LEFT = 110;
  private static final int BAR = 720;
  private static final int ROW = 28;

  private StrategySvg() {}

  static String draw(List<Option> options) {
    Markup svg = new Markup();
    svg.open(
            "svg",
            "xmlns",
            "http://www.w3.org/2000/svg",
            "viewBox",
            "0 0 " + Frame.WIDTH + " " + (ROW * options.size() + 4),
            "class",
            "strategies",
            "role",
            "img",
            "aria-label",
            "The arena of each memory strategy")
        .line();
    long most = Math.max(1, options.stream().mapToLong(Option::arenaBytes).max().orElse(1));
    for (int i = 0; i < options.size(); i++) {
      row(svg, options.get(i), i * ROW, most, options.getFirst().arenaBytes());
    }
    return svg.close().line().toString();
  }

  private static void row(Markup svg, Option option, int y, long most, long plainest) {
    String strength = option.taken() ? "taken" : "other";
    double width = option.arenaBytes() * (double) BAR / most;
    double bound = LEFT + option.lowerBound() * (double) BAR / most;
    svg.open("g", "class", strength);
    svg.leaf(
        "title",
        option.strategy()
            + ": "
            + Names.grouped(option.arenaBytes())
            + " bytes; most in use at once "
            + Names.grouped(option.lowerBound()));
    svg.leaf("text", option.strategy(), "x", LEFT - 8, "y", y + 18, "text-anchor", "end");
    svg.empty("rect", "x", LEFT, "y", y + 4, "width", width, "height", ROW - 8, "rx", 2);
    String d = "M" + Markup.number(bound) + " " + (y + 1) + "v" + (ROW - 2);
    svg.empty("path", "d", d, "class", "boundhalo");
    svg.empty("path", "d", d, "class", "bound");
    svg.leaf("text", words(option, plainest), "x", LEFT + width + 10, "y", y + 18);
    svg.close().line();
  }

  static String words(Option option, long plainest) {
    String words = Names.grouped(option.arenaBytes()) + " bytes";
    if (option.arenaBytes() != plainest && plainest > 0) {
      double change = 100.0 * (option.arenaBytes() - plainest) / plainest;
      words += String.format(Locale.ROOT, " (%+.0f%%)", change);
    }
    return option.taken() ? words + ", taken" : words;
  }
}
