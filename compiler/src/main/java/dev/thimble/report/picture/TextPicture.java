package dev.thimble.report.picture;

import dev.thimble.report.picture.ArenaPicture.Option;
import dev.thimble.report.picture.ArenaPicture.Phase;
import java.util.List;
import java.util.Locale;

/**
 * The memory as text: the arena from bottom to top, the schedule from left to right, then the
 * strategies as bars, then what lives at the peak.
 */
public final class TextPicture {
  private static final int ROWS = 20;
  private static final int MARGIN = 11;
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final char OTHERS = '*';

  private final ArenaPicture picture;
  private final TextStyle style;
  private final List<Held> all;
  private final List<Integer> variants;
  private final ShortNames names;
  private final Usage usage;
  private final TimeScale scale;
  private final int columns;
  private final int peakColumn;
  private final Mosaic mosaic;
  private final StringBuilder text = new StringBuilder();

  private TextPicture(ArenaPicture picture, TextStyle style) {
    this.picture = picture;
    this.style = style;
    all = Held.of(picture, LETTERS.length());
    variants = Colouring.of(all, kind -> style.variants());
    names = ShortNames.of(picture);
    usage = Usage.of(picture);
    columns = style.width() - MARGIN - 1;
    scale = new TimeScale(picture.phases(), columns);
    peakColumn = Mosaic.column(scale, columns, columns, picture.peakTick());
    int[] ticks = Mosaic.sample(scale, columns, columns, picture.peakTick());
    mosaic = Mosaic.of(all, ticks, ROWS, picture.arenaBytes());
  }

  /** The picture in lines that end in {@code \n}, each at most as wide as the style says. */
  public static String write(ArenaPicture picture, TextStyle style) {
    return new TextPicture(picture, style).write();
  }

  private String write() {
    int tick = picture.peakTick();
    line(
        "peak: "
            + Names.grouped(usage.at(tick))
            + " of "
            + Names.grouped(picture.arenaBytes())
            + " bytes in use, "
            + names.of(picture.phaseAt(tick)));
    line(" ".repeat(MARGIN + 1 + peakColumn) + style.or("▼", "v"));
    cells();
    axis();
    legend();
    strategies();
    peak();
    return text.toString();
  }

  private void cells() {
    List<Mosaic.Box> boxes = mosaic.largestBoxes(all.size());
    for (int row = ROWS - 1; row >= 0; row--) {
      String label =
          row == ROWS - 1
              ? Names.grouped(picture.arenaBytes())
              : row % 5 == 0 && row > 0 ? Names.grouped(picture.arenaBytes() * row / ROWS) : "";
      StringBuilder cells = new StringBuilder(right(label, MARGIN)).append(style.or("│", "|"));
      for (int column = 0; column < columns; column++) {
        cells.append(cell(boxes, column, row));
      }
      text.append(cells.toString().stripTrailing()).append('\n');
    }
  }

  private String cell(List<Mosaic.Box> boxes, int column, int row) {
    int owner = mosaic.owner(column, row);
    if (owner == Mosaic.FREE) {
      return column == peakColumn ? style.or("┊", ":") : " ";
    }
    Mosaic.Box box = boxes.get(owner);
    int middle = (box.left() + box.right() - 1) / 2;
    boolean lettered = row == (box.bottom() + box.top() - 1) / 2 && column == middle;
    return style.cell(variants.get(owner), letter(owner), lettered);
  }

  private char letter(int held) {
    return held < LETTERS.length() ? LETTERS.charAt(held) : OTHERS;
  }

  /** The axis with a mark where each phase begins, its names, and how much is in use. */
  private void axis() {
    StringBuilder marks = new StringBuilder(style.or("─", "-").repeat(columns));
    StringBuilder labels = new StringBuilder(" ".repeat(columns));
    int free = 0;
    for (int i = 0; i < picture.phases().size(); i++) {
      int from = Math.min(columns - 1, (int) Math.round(scale.phaseStart(i)));
      int width = (int) Math.round(scale.phaseStart(i) + scale.phaseWidth(i)) - from;
      marks.setCharAt(from, style.blocks() ? '┬' : '+');
      Phase phase = picture.phases().get(i);
      String label = ascii(names.of(phase));
      label = width >= 6 ? Names.fit(label, width - 1, style.or("…", "~")) : String.valueOf(i);
      if (from >= free && from + label.length() <= columns && label.length() < Math.max(width, 4)) {
        labels.replace(from, from + label.length(), label);
        free = from + label.length() + 1;
      }
    }
    marks.setCharAt(peakColumn, style.blocks() ? '▲' : '^');
    line(right("0", MARGIN) + style.or("└", "+") + marks);
    line(" ".repeat(MARGIN + 1) + labels.toString().stripTrailing());
    StringBuilder strip = new StringBuilder();
    for (int column = 0; column < columns; column++) {
      int first = scale.tickAt(column + 0.01);
      int last = scale.tickAt(column + 0.99);
      long most = column == peakColumn ? usage.at(picture.peakTick()) : usage.most(first, last);
      strip.append(style.level(most / (double) Math.max(1, picture.arenaBytes())));
    }
    line(right("in use", MARGIN) + " " + strip.toString().stripTrailing());
  }

  private void legend() {
    line("");
    StringBuilder row = new StringBuilder();
    for (int i = 0; i < all.size(); i++) {
      String name = Names.fit(ascii(names.of(all.get(i).name())), 26, style.or("…", "~"));
      String entry = letter(i) + " " + name + "  ";
      if (row.length() + entry.length() > style.width()) {
        line(row.toString().stripTrailing());
        row.setLength(0);
      }
      row.append(entry);
    }
    line(row.toString().stripTrailing());
  }

  private void strategies() {
    line("");
    long most = picture.strategies().stream().mapToLong(Option::arenaBytes).max().orElse(1);
    long plainest =
        picture.strategies().isEmpty() ? 0 : picture.strategies().getFirst().arenaBytes();
    int room = Math.max(8, style.width() - 48);
    for (Option option : picture.strategies()) {
      int eighths = (int) Math.round(option.arenaBytes() * 8.0 * room / Math.max(1, most));
      String bar = style.bar(eighths);
      line(
          String.format(Locale.ROOT, "%-12s ", option.strategy())
              + bar
              + " "
              + StrategySvg.words(option, plainest));
    }
  }

  private void peak() {
    int tick = picture.peakTick();
    line("");
    line("at the peak:");
    line("         bytes   share       offset  kind       value");
    for (int i = 0; i < all.size(); i++) {
      Held held = all.get(i);
      if (held.piecesAt(tick) > 0) {
        int pieces = held.piecesAt(tick);
        row(
            letter(i),
            held.bytesAt(tick),
            Names.grouped(held.lowestAt(tick)),
            held.kind().text(),
            names.of(held.name()) + (pieces > 1 ? " (" + pieces + " pieces)" : ""));
      }
    }
    long free = picture.arenaBytes() - usage.at(tick);
    if (free > 0) {
      row(' ', free, "", "", "free");
    }
  }

  private void row(char letter, long bytes, String offset, String kind, String name) {
    line(
        String.format(
            Locale.ROOT,
            "%s %12s %6.1f%% %12s  %-10s %s",
            letter,
            Names.grouped(bytes),
            100.0 * bytes / Math.max(1, picture.arenaBytes()),
            offset,
            kind,
            name));
  }

  /** What the terminal can show of a name. */
  private String ascii(String name) {
    return style.blocks() ? name : name.replaceAll("[^\\x20-\\x7e]", "?");
  }

  /** A line of plain text, cut at the terminal's width. */
  private void line(String words) {
    String shown = ascii(Names.fit(words, Integer.MAX_VALUE, ""));
    boolean fits = shown.codePointCount(0, shown.length()) <= style.width();
    text.append(fits ? shown : shown.substring(0, shown.offsetByCodePoints(0, style.width())))
        .append('\n');
  }

  private static String right(String words, int width) {
    return " ".repeat(Math.max(0, width - 1 - words.length())) + words + " ";
  }
}
