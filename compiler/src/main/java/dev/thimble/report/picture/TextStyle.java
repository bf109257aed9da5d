package dev.thimble.report.picture;

import java.util.List;

/**
 * How a terminal shows the picture.
 *
 * @param width the characters of a line
 * @param blocks whether it can show Unicode's block characters; otherwise all is ASCII
 * @param colours whether escape sequences may colour the cells
 */
public record TextStyle(int width, boolean blocks, boolean colours) {
  private static final List<String> SHADES = List.of("░", "▓", "▒", "█");

  /** Of the 256 colours of terminals, pale ones with black letters on them. */
  private static final List<Integer> FILLS = List.of(110, 216, 222, 152, 115, 218, 185, 250);

  /** Throws {@link IllegalArgumentException} for a width below 40. */
  public TextStyle {
    if (width < 40) {
      throw new IllegalArgumentException("a picture needs 40 columns, not " + width);
    }
  }

  List<Integer> variants() {
    return List.of(0, 1, 2, 3, 4, 5, 6, 7).subList(0, colours ? FILLS.size() : SHADES.size());
  }

  /** A cell of a value: its letter where asked for, or where nothing else tells values apart. */
  String cell(int variant, char letter, boolean lettered) {
    if (colours) {
      return "\u001b[30;48;5;" + FILLS.get(variant) + "m" + (lettered ? letter : ' ') + "\u001b[0m";
    }
    return lettered || !blocks ? String.valueOf(letter) : SHADES.get(variant);
  }

  String or(String block, String ascii) {
    return blocks ? block : ascii;
  }

  /** A bar of so many eighths of a character. */
  String bar(int eighths) {
    return or("█", "#").repeat(eighths / 8) + (blocks && eighths % 8 > 0 ? part(eighths % 8) : "");
  }

  private static String part(int eighths) {
    return String.valueOf((char) (0x2590 - eighths));
  }

  /** A column of a strip: how full, from 0 to 1. */
  String level(double part) {
    int eighths = (int) Math.ceil(part * 8);
    return blocks
        ? " ▁▂▃▄▅▆▇█".substring(eighths, eighths + 1)
        : " .:-=+*%#".substring(eighths, eighths + 1);
  }
}
