package dev.thimble.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes, as people write and read them. */
final class ByteSize {
  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,12})\\s*(?:([kKmM])(?:i?[bB])?|[bB])?");

  private ByteSize() {}

  /** Reads 16384, 16K or 1M, of 1,024 bytes a K; throws {@link IllegalArgumentException}. */
  static long parse(String option, String text) {
    Matcher matcher = SIZE.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          option + " '" + text + "' is no size; write bytes, or a number with K or M");
    }
    long number = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2) == null ? "" : matcher.group(2).toLowerCase(Locale.ROOT);
    return switch (unit) {
      case "k" -> number * 1024;
      case "m" -> number * 1024 * 1024;
      default -> number;
    };
  }

  /** A number with commas between the thousands. */
  static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
