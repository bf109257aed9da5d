package dev.thimble.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table in Markdown whose columns stand below each other: text to the left, numbers right. */
final class Table {
  /** What stands where there is no figure. */
  static final String NONE = "–";

  private final List<String> titles;
  private final int texts;
  private final List<List<String>> rows = new ArrayList<>();

  /** A table with these titles, the first {@code texts} columns of which hold text. */
  Table(int texts, String... titles) {
    this.texts = texts;
    this.titles = List.of(titles);
  }

  /** Adds a row, which must have a cell for each title. */
  Table row(String... cells) {
    if (cells.length != titles.size()) {
      throw new IllegalArgumentException(
          "row of " + cells.length + " cells in a table of " + titles.size() + " columns");
    }
    rows.add(List.of(cells));
    return this;
  }

  /** The table's lines. */
  String text() {
    int[] widths = new int[titles.size()];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] = Math.max(3, titles.get(i).length());
      rows.forEach(row -> widths[column] = Math.max(widths[column], row.get(column).length()));
    }
    StringBuilder text = new StringBuilder();
    line(text, titles, widths);
    for (int i = 0; i < widths.length; i++) {
      text.append('|').append("-".repeat(widths[i] + 1)).append(i < texts ? '-' : ':');
    }
    text.append("|\n");
    rows.forEach(row -> line(text, row, widths));
    return text.toString();
  }

  private void line(StringBuilder text, List<String> cells, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      String blank = " ".repeat(widths[i] - cells.get(i).length());
      String cell = i < texts ? cells.get(i) + blank : blank + cells.get(i);
      text.append("| ").append(cell).append(' ');
    }
    text.append("|\n");
  }

  /** A number with commas between the thousands. */
  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** A number with so many decimals. */
  static String number(double number, int decimals) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", number);
  }
}
