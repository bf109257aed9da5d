package dev.thimble.report.picture;

import dev.thimble.report.picture.ArenaPicture.Phase;
import java.util.List;

/** Draws the arena over time as SVG, complete without scripts. */
final class ArenaSvg {
  private static final double CHARACTER = 7.2;

  private final ArenaPicture picture;
  private final List<Held> all;
  private final List<Integer> colours;
  private final Usage usage;
  private final ShortNames names;
  private final Frame frame;
  private final TimeScale scale;
  private final Markup svg = new Markup();

  private ArenaSvg(ArenaPicture picture, List<Held> all, List<Integer> colours, Usage usage) {
    this.picture = picture;
    this.all = all;
    this.colours = colours;
    this.usage = usage;
    names = ShortNames.of(picture);
    frame = new Frame(picture.arenaBytes());
    scale = new TimeScale(picture.phases(), Frame.PLOT_WIDTH);
  }

  /** The drawing as one element. */
  static String draw(ArenaPicture picture, List<Held> all, List<Integer> colours, Usage usage) {
    return new ArenaSvg(picture, all, colours, usage).draw();
  }

  private String draw() {
    svg.open(
            "svg",
            "xmlns",
            "http://www.w3.org/2000/svg",
            "viewBox",
            "0 0 " + Frame.WIDTH + " " + Frame.HEIGHT,
            "class",
            "arena",
            "role",
            "img",
            "aria-label",
            "The arena over time")
        .line();
    Paint.patterns(svg);
    svg.empty(
        "rect",
        "x",
        Frame.LEFT,
        "y",
        Frame.TOP,
        "width",
        Frame.PLOT_WIDTH,
        "height",
        Frame.PLOT_HEIGHT,
        "class",
        "free");
    grid();
    Shapes shapes = Shapes.of(picture, all, scale, Frame.PLOT_WIDTH, Frame.PLOT_HEIGHT);
    areas(shapes);
    labels();
    strip();
    phases();
    peak();
    if (shapes.cell() > 1) {
      note(shapes.cell());
    }
    return svg.close().line().toString();
  }

  private void grid() {
    long step = frame.gridBytes();
    for (long bytes = 0; bytes < picture.arenaBytes(); bytes += step) {
      double y = frame.y(bytes);
      rule(Frame.LEFT, y, Frame.LEFT + Frame.PLOT_WIDTH, y, "grid");
      boolean crowded = y - frame.y(picture.arenaBytes()) < 14;
      if (!crowded) {
        text(Names.grouped(bytes), Frame.LEFT - 8, y + 4, "end", "tick");
      }
    }
    double top = frame.y(picture.arenaBytes());
    rule(Frame.LEFT, top, Frame.LEFT + Frame.PLOT_WIDTH, top, "edge");
    text(Names.grouped(picture.arenaBytes()), Frame.LEFT - 8, top + 4, "end", "tick strong");
    text("bytes", Frame.LEFT - 8, top - 10, "end", "tick");
  }

  private void areas(Shapes shapes) {
    svg.open("g", "class", "areas").line();
    // The peak's values come first; drawn last, nothing hides them.
    for (int i = all.size() - 1; i >= 0; i--) {
      List<Shapes.Rectangle> rectangles = shapes.rectangles().get(i);
      if (rectangles.isEmpty()) {
        continue;
      }
      boolean fine = rectangles.stream().anyMatch(r -> height(r) < 5 || r.right() - r.left() < 4);
      svg.open(
          "path",
          "fill",
          Paint.fill(colours.get(i)),
          "class",
          fine ? "fine" : "area",
          "d",
          path(rectangles));
      svg.leaf("title", about(all.get(i))).close().line();
    }
    svg.close().line();
  }

  private String path(List<Shapes.Rectangle> rectangles) {
    StringBuilder path = new StringBuilder();
    for (Shapes.Rectangle r : rectangles) {
      String width = Markup.number(r.right() - r.left());
      path.append('M').append(Markup.number(Frame.LEFT + r.left()));
      path.append(' ').append(Markup.number(frame.y(r.top())));
      path.append('h').append(width).append('v').append(Markup.number(height(r)));
      path.append("h-").append(width).append('z');
    }
    return path.toString();
  }

  /** At least a fine line, however few bytes. */
  private double height(Shapes.Rectangle rectangle) {
    double height = frame.y(rectangle.bottom()) - frame.y(rectangle.top());
    double below = Frame.TOP + Frame.PLOT_HEIGHT - frame.y(rectangle.top());
    return Math.min(Math.max(0.4, height), Math.max(height, below));
  }

  private String about(Held held) {
    String from = label(picture.phaseAt(held.firstTick()));
    String to = label(picture.phaseAt(held.lastTick()));
    String pieces = held.areas().size() == 1 ? "" : ", " + held.areas().size() + " pieces";
    return Names.fit(held.name(), Names.LONGEST)
        + " ("
        + held.kind().text()
        + "): "
        + Names.grouped(held.mostBytes())
        + " bytes at "
        + Names.grouped(held.lowest())
        + " to "
        + Names.grouped(held.highest())
        + pieces
        + (from.equals(to) ? ", during " + from : ", from " + from + " to " + to);
  }

  private static String label(Phase phase) {
    return Names.fit(phase.label(), Names.LONGEST);
  }

  /** Writes names into areas that are large enough. */
  private void labels() {
    int columns = Frame.PLOT_WIDTH / 5;
    int rows = Frame.PLOT_HEIGHT / 5;
    int[] ticks = Mosaic.sample(scale, Frame.PLOT_WIDTH, columns, picture.peakTick());
    List<Mosaic.Box> boxes =
        Mosaic.of(all, ticks, rows, picture.arenaBytes()).largestBoxes(all.size());
    svg.open("g", "class", "names").line();
    for (int i = 0; i < all.size(); i++) {
      label(all.get(i), boxes.get(i), Frame.PLOT_WIDTH / (double) columns);
    }
    svg.close().line();
  }

  private void label(Held held, Mosaic.Box box, double cell) {
    double width = (box.right() - box.left()) * cell - 6;
    double height = (box.top() - box.bottom()) * 5.0;
    double x = Frame.LEFT + (box.left() + box.right()) / 2.0 * cell;
    double y = Frame.TOP + Frame.PLOT_HEIGHT - (box.top() + box.bottom()) * 2.5;
    int across = (int) (width / CHARACTER);
    int upwards = (int) ((height - 6) / CHARACTER);
    String name = names.of(held.name());
    int length = name.length();
    boolean lie = across >= Math.min(length, 12) || across >= upwards;
    if (height >= 14 && across >= Math.min(length, 6) && lie) {
      boolean two = height >= 34 && across >= 6;
      text(Names.fit(name, across), x, y + (two ? -2 : 4), "middle", "name");
      if (two) {
        text(Names.grouped(held.mostBytes()), x, y + 12, "middle", "size");
      }
    } else if (width >= 6 && upwards >= Math.min(length, 6)) {
      svg.leaf(
          "text",
          Names.fit(name, upwards),
          "transform",
          "translate(" + Markup.number(x + 4) + " " + Markup.number(y) + ")rotate(-90)",
          "text-anchor",
          "middle",
          "class",
          "name");
    }
  }

  /** How much is in use: of all ticks in a pixel the most. */
  private void strip() {
    StringBuilder path = new StringBuilder("M" + Frame.LEFT + " " + Frame.BOTTOM);
    String before = "";
    for (int x = 0; x < Frame.PLOT_WIDTH; x++) {
      int first = scale.tickAt(x + 0.01);
      int last = scale.tickAt(x + 0.99);
      String y = Markup.number(frame.stripY(usage.most(first, last)));
      if (!y.equals(before)) {
        path.append('H').append(Frame.LEFT + x).append('V').append(y);
        before = y;
      }
    }
    path.append('H').append(Frame.LEFT + Frame.PLOT_WIDTH).append('V').append(Frame.BOTTOM);
    double top = frame.stripY(picture.arenaBytes());
    rule(Frame.LEFT, top, Frame.LEFT + Frame.PLOT_WIDTH, top, "grid");
    svg.open("path", "class", "usage", "d", path + "z");
    svg.leaf("title", "Bytes in use, tick by tick").close().line();
    text("in use", Frame.LEFT - 8, Frame.STRIP_TOP + 12, "end", "tick");
    text("0", Frame.LEFT - 8, Frame.BOTTOM + 2, "end", "tick");
  }

  private void phases() {
    double free = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < picture.phases().size(); i++) {
      Phase phase = picture.phases().get(i);
      double x = Frame.LEFT + scale.phaseStart(i);
      double width = scale.phaseWidth(i);
      svg.empty(
          "path",
          "d",
          "M" + Markup.number(x) + " " + Frame.TOP + "V" + (Frame.BOTTOM + 5),
          "class",
          width < 4 ? "faint" : "phase");
      double middle = x + width / 2;
      boolean fits = names.of(phase).length() * CHARACTER + 6 <= width;
      // Slanted names need 13 pixels each; the ones between are left to the tooltips.
      if (fits || middle - free >= 13) {
        phaseName(phase, middle, fits);
        free = fits ? x + width - 13 : middle;
      }
    }
    svg.line();
  }

  private void phaseName(Phase phase, double x, boolean across) {
    String ticks = phase.ticks() == 1 ? "" : " (" + phase.ticks() + " ticks)";
    boolean peak = phase.equals(picture.phaseAt(picture.peakTick()));
    double y = Frame.BOTTOM + (across ? 18 : 12);
    svg.open(
        "text",
        "transform",
        "translate("
            + Markup.number(x)
            + " "
            + Markup.number(y)
            + ")"
            + (across ? "" : "rotate(-48)"),
        "text-anchor",
        across ? "middle" : "end",
        "class",
        peak ? "tick peakname" : "tick");
    svg.content(Names.fit(names.of(phase), across ? Names.LONGEST : 19));
    svg.leaf("title", label(phase) + ticks).close();
  }

  private void peak() {
    double x = Frame.LEFT + scale.middle(picture.peakTick());
    double y = frame.stripY(usage.at(picture.peakTick()));
    svg.open("g", "class", "peak");
    rule(x, Frame.TOP - 6, x, Frame.BOTTOM, "halo");
    rule(x, Frame.TOP - 6, x, Frame.BOTTOM, "mark");
    svg.empty("circle", "cx", x, "cy", y, "r", 4);
    String words =
        "peak: "
            + Names.grouped(usage.at(picture.peakTick()))
            + " bytes in use, "
            + Names.fit(names.of(picture.phaseAt(picture.peakTick())), 60);
    double half = words.length() * CHARACTER / 2;
    boolean atLeft = x - half < Frame.LEFT;
    boolean atRight = x + half > Frame.WIDTH;
    text(words, x, Frame.TOP - 12, atLeft ? "start" : atRight ? "end" : "middle", "peaktext");
    svg.close().line();
  }

  private void note(int cell) {
    text(
        "drawn in cells of "
            + cell
            + " pixels, what lives at the peak excepted; report.json has every area",
        Frame.WIDTH - 16.0,
        Frame.HEIGHT - 4.0,
        "end",
        "tick");
  }

  private void rule(double x1, double y1, double x2, double y2, String style) {
    svg.empty("line", "x1", x1, "y1", y1, "x2", x2, "y2", y2, "class", style);
  }

  private void text(String words, double x, double y, String anchor, String style) {
    svg.leaf("text", words, "x", x, "y", y, "text-anchor", anchor, "class", style);
  }
}
