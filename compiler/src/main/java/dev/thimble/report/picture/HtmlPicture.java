package dev.thimble.report.picture;

import dev.thimble.report.picture.ArenaPicture.Kind;
import java.util.List;
import java.util.Locale;

/** The memory as a section of an HTML page: the arena, the strategies, what lives at the peak. */
public final class HtmlPicture {
  /** Style rules for the section; colours of a page are {@code --ink}, {@code --paper}, ... */
  public static final String STYLE =
      """
      .memory svg{display:block;width:100%;height:auto;font:11px system-ui,sans-serif}
      .memory svg text{fill:var(--ink)}
      .memory .free{fill:var(--free)}
      .memory line,.memory path{shape-rendering:geometricPrecision}
      .memory .grid{stroke:var(--rule);stroke-width:1}
      .memory .edge{stroke:var(--ink);stroke-width:1}
      .memory .phase{stroke:var(--ink);stroke-opacity:.16;fill:none}
      .memory .faint{stroke:var(--ink);stroke-opacity:.06;fill:none}
      .memory .area{stroke:#222;stroke-opacity:.55;stroke-width:.6}
      .memory .fine{stroke:none}
      .memory .areas path:hover{filter:brightness(1.1) saturate(1.3)}
      .memory .names{pointer-events:none}
      .memory svg .name{fill:#111;font-weight:600}.memory svg .size{fill:#222;font-size:10px}
      .memory svg .tick{fill:var(--faint)}.memory svg .strong{fill:var(--ink);font-weight:600}
      .memory .usage{fill:var(--usage);stroke:var(--ink);stroke-width:1;stroke-opacity:.6}
      .memory .peak{pointer-events:none}
      .memory .halo{stroke:var(--paper);stroke-width:4;stroke-opacity:.75}
      .memory .mark{stroke:var(--mark);stroke-width:1.6}.memory .peak circle{fill:var(--mark)}
      .memory svg .peaktext,.memory svg .peakname{fill:var(--mark);font-weight:600}
      .memory svg .peaktext{font-size:12.5px}
      .memory .strategies{font-size:13px}
      .memory .other rect{fill:var(--other)}.memory .taken rect{fill:#4477AA}
      .memory .taken text{font-weight:700}
      .memory .bound{stroke:var(--ink);stroke-width:2}
      .memory .boundhalo{stroke:var(--paper);stroke-width:4.5}
      .memory svg.swatch{display:inline-block;width:14px;height:14px;vertical-align:-2px;
      margin-right:3px;outline:1px solid #0004}
      .memory .kinds span{margin-right:1.4em;white-space:nowrap}
      """;

  /** So many values have a shape and a tooltip of their own. */
  private static final int VALUES = 300;

  private static final int ROWS = 100;

  private final ArenaPicture picture;
  private final List<Held> all;
  private final List<Integer> colours;
  private final Usage usage;
  private final ShortNames names;
  private final Markup html = new Markup();

  private HtmlPicture(ArenaPicture picture) {
    this.picture = picture;
    all = Held.of(picture, VALUES);
    colours = Colouring.of(all, Paint::colours);
    usage = Usage.of(picture);
    names = ShortNames.of(picture);
  }

  /** The section; it needs {@link #STYLE}, and no scripts. */
  public static String write(ArenaPicture picture) {
    return new HtmlPicture(picture).write();
  }

  private String write() {
    html.open("section", "class", "memory").line();
    html.leaf("h2", "The memory").line();
    html.leaf(
            "p",
            "From left to right the schedule, from bottom to top the arena: each shape is the"
                + " memory of one value from the moment it is written until it was last read, and"
                + " the gaps between are free. The line marks the moment at which most bytes are in"
                + " use. A phase is as wide as the square root of its ticks.")
        .line();
    html.raw(ArenaSvg.draw(picture, all, colours, usage));
    kinds();
    html.leaf("h3", "What each strategy would need").line();
    html.raw(StrategySvg.draw(picture.strategies()));
    html.leaf(
            "p",
            "The upright mark in a bar is the most that is in use at once under that strategy: no"
                + " placement of the same values needs less.")
        .line();
    peak();
    return html.close().line().toString();
  }

  private void kinds() {
    html.open("p", "class", "kinds");
    for (Kind kind : Kind.values()) {
      if (all.stream().anyMatch(held -> held.kind() == kind)) {
        html.open("span");
        Paint.colours(kind).forEach(this::swatch);
        html.content(" " + kind.text()).close().content(" ");
      }
    }
    html.close().line();
  }

  private void peak() {
    int tick = picture.peakTick();
    long inUse = usage.at(tick);
    html.leaf(
            "h3",
            "At the peak: "
                + Names.grouped(inUse)
                + " of "
                + Names.grouped(picture.arenaBytes())
                + " bytes in use, "
                + Names.fit(names.of(picture.phaseAt(tick)), Names.LONGEST))
        .line();
    html.open("table").open("tr");
    List.of("", "Value", "Kind", "Bytes", "Share", "Pieces", "Lowest offset", "From", "To")
        .forEach(head -> html.leaf("th", head));
    html.close().line();
    List<Held> alive = all.stream().filter(held -> held.piecesAt(tick) > 0).toList();
    for (int i = 0; i < Math.min(ROWS, alive.size()); i++) {
      row(alive.get(i), tick);
    }
    rest(alive, tick);
    html.close().line();
  }

  private void row(Held held, int tick) {
    html.open("tr").open("td");
    swatch(colours.get(all.indexOf(held)));
    html.close()
        .leaf("td", Names.fit(names.of(held.name()), 50), "title", Names.fit(held.name(), 150))
        .leaf("td", held.kind().text());
    number(Names.grouped(held.bytesAt(tick)));
    number(share(held.bytesAt(tick)));
    number(Names.grouped(held.piecesAt(tick)));
    number(Names.grouped(held.lowestAt(tick)));
    html.leaf("td", phase(held.firstTick())).leaf("td", phase(held.lastTick())).close().line();
  }

  private void rest(List<Held> alive, int tick) {
    if (alive.size() > ROWS) {
      List<Held> rest = alive.subList(ROWS, alive.size());
      long bytes = rest.stream().mapToLong(held -> held.bytesAt(tick)).sum();
      html.open("tr").leaf("td", "").leaf("td", "further values").leaf("td", "");
      number(Names.grouped(bytes));
      number(share(bytes));
      number(Names.grouped(rest.stream().mapToInt(held -> held.piecesAt(tick)).sum()));
      html.close().line();
    }
    long holes = picture.arenaBytes() - usage.at(tick);
    if (holes > 0) {
      html.open("tr").leaf("td", "").leaf("td", "free").leaf("td", "");
      number(Names.grouped(holes));
      number(share(holes));
      html.close().line();
    }
  }

  private String phase(int tick) {
    return Names.fit(names.of(picture.phaseAt(tick)), 26);
  }

  private String share(long bytes) {
    return String.format(Locale.ROOT, "%.1f%%", 100.0 * bytes / Math.max(1, picture.arenaBytes()));
  }

  private void number(String text) {
    html.leaf("td", text, "class", "n");
  }

  private void swatch(int colour) {
    html.open("svg", "class", "swatch", "viewBox", "0 0 14 14")
        .empty("rect", "width", 14, "height", 14, "fill", Paint.fill(colour))
        .close();
  }
}
