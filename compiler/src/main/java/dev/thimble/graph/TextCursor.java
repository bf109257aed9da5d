package dev.thimble.graph;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/** A place in one line of graph text. Blanks between words are passed over. */
final class TextCursor {
  private static final String WORD_CHARACTERS = "+-._";
  private static final HexFormat HEX = HexFormat.of();

  private final String line;
  private final int lineNumber;
  private int at;

  /** Where the word, list or quoted text that was read last begins. */
  private int tokenAt;

  TextCursor(String line, int lineNumber) {
    this.line = line;
    this.lineNumber = lineNumber;
  }

  /** An error about what stands at the cursor. */
  GraphException error(String message) {
    return error(at, message);
  }

  /** An error about the word, list or quoted text that was read last. */
  GraphException errorAtToken(String message) {
    return error(tokenAt, message);
  }

  private GraphException error(int index, String message) {
    return new GraphException("line " + lineNumber + ", column " + (index + 1) + ": " + message);
  }

  /** Whether the rest of the line begins with this text; passes over it if so. */
  boolean accept(String text) {
    skipBlanks();
    if (!line.startsWith(text, at)) {
      return false;
    }
    at += text.length();
    return true;
  }

  void expect(String text) {
    if (!accept(text)) {
      throw error("expected '" + text + "'");
    }
  }

  void expectEnd() {
    skipBlanks();
    if (at < line.length()) {
      throw error("unexpected '" + line.substring(at) + "'");
    }
  }

  /** A run of letters, digits and the characters of numbers. */
  String word() {
    skipBlanks();
    int start = at;
    while (at < line.length()
        && (Character.isLetterOrDigit(line.charAt(at))
            || WORD_CHARACTERS.indexOf(line.charAt(at)) >= 0)) {
      at++;
    }
    if (start == at) {
      throw error("expected a word or a number");
    }
    tokenAt = start;
    return line.substring(start, at);
  }

  int integer() {
    return integer(word());
  }

  float real() {
    return real(word());
  }

  /** Integers in brackets, such as {@code [1,96,96,3]}. */
  int[] ints() {
    return list(this::integer).stream().mapToInt(Integer::intValue).toArray();
  }

  /** Integers of any width in brackets. */
  long[] longs() {
    return list(this::longInteger).stream().mapToLong(Long::longValue).toArray();
  }

  /** Numbers in brackets, such as {@code [0.5, 1.0E-4]}. */
  List<Float> reals() {
    return list(this::real);
  }

  /** Numbers of double precision in brackets. */
  List<Double> doubles() {
    return list(() -> {
      String word = word();
      try {
        return Double.valueOf(word);
      } catch (NumberFormatException e) {
        throw errorAtToken("'" + word + "' is no number");
      }
    });
  }

  /** Items in brackets, separated by commas. */
  private <T> List<T> list(Supplier<T> item) {
    List<T> items = new ArrayList<>();
    expect("[");
    int start = at - 1;
    if (!accept("]")) {
      do {
        items.add(item.get());
      } while (accept(","));
      expect("]");
    }
    tokenAt = start;
    return items;
  }

  /**
   * A name or a text in double quotes, with backslash escapes for quotes and control characters.
   */
  String quoted() {
    expect("\"");
    int start = at - 1;
    StringBuilder text = new StringBuilder();
    while (at < line.length() && line.charAt(at) != '"') {
      char c = line.charAt(at++);
      text.append(c == '\\' ? escaped() : c);
    }
    if (at >= line.length()) {
      throw error("expected '\"'");
    }
    at++;
    tokenAt = start;
    return text.toString();
  }

  private char escaped() {
    if (at >= line.length()) {
      throw error("expected a character after '\\'");
    }
    char c = line.charAt(at++);
    if (c != 'u') {
      return c;
    }
    if (at + 4 > line.length()) {
      throw error("expected four digits after '\\u'");
    }
    at += 4;
    try {
      return (char) Integer.parseInt(line.substring(at - 4, at), 16);
    } catch (NumberFormatException e) {
      throw error("expected four hexadecimal digits after '\\u'");
    }
  }

  /** The text in double quotes that {@link #quoted} reads back. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029) {
        quoted.append("\\u").append(HEX.toHexDigits(c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private int integer(String word) {
    try {
      return Integer.parseInt(word);
    } catch (NumberFormatException e) {
      throw errorAtToken("'" + word + "' is no integer");
    }
  }

  private long longInteger() {
    String word = word();
    try {
      return Long.parseLong(word);
    } catch (NumberFormatException e) {
      throw errorAtToken("'" + word + "' is no integer");
    }
  }

  private float real(String word) {
    try {
      return Float.parseFloat(word);
    } catch (NumberFormatException e) {
      throw errorAtToken("'" + word + "' is no number");
    }
  }

  private void skipBlanks() {
    while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
      at++;
    }
  }
}
