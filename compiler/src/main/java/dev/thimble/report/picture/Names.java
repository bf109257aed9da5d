package dev.thimble.report.picture;

import java.util.Locale;

/** Names and numbers as pictures show them. */
final class Names {
  /** Names as long as this are cut in tooltips and tables too: a page must stay small. */
  static final int LONGEST = 48;

  private Names() {}

  /**
   * The name in at most so many characters on one line, the middle left away: what tells names
   * apart is mostly at their end. Control characters are blank.
   */
  static String fit(String name, int most, String ellipsis) {
    String line =
        name.codePoints()
            .collect(StringBuilder::new, Names::plain, StringBuilder::append)
            .toString();
    int length = line.codePointCount(0, line.length());
    if (length <= most) {
      return line;
    }
    int kept = Math.max(0, most - ellipsis.length());
    int tail = kept * 2 / 3;
    int head = kept - tail;
    return line.substring(0, line.offsetByCodePoints(0, head))
        + (most >= ellipsis.length() ? ellipsis : "")
        + line.substring(line.offsetByCodePoints(line.length(), -tail));
  }

  static String fit(String name, int most) {
    return fit(name, most, "…");
  }

  /**
   * Nothing that moves the cursor; and neither control characters nor halves of surrogate pairs are
   * allowed in XML.
   */
  private static void plain(StringBuilder text, int character) {
    boolean strange =
        Character.isISOControl(character)
            || Character.getType(character) == Character.FORMAT
            || (character >= 0xD800 && character <= 0xDFFF)
            || character == 0x2028
            || character == 0x2029
            || (character & 0xFFFE) == 0xFFFE;
    text.appendCodePoint(strange ? ' ' : character);
  }

  /** A number with commas between the thousands. */
  static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
