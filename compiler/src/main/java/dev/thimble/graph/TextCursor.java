package dev.thimble.graph;

import java.util.ArrayList;
import java.util.List;

/** A place in one line of graph text. Blanks between words are passed over. */
final class TextCursor {
  private static final String WORD_CHARACTERS = "+-._";

  private final String line;
  private final int lineNumber;
  private int at;

  TextCursor(String line, int lineNumber) {
    this.line = line;
    this.lineNumber = lineNumber;
  }

  GraphException error(String message) {
    return new GraphException("line " + lineNumber + ", column " + (at + 1) + ": " + message);
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
    return line.substring(start, at);
  }

  int integer() {
    String word = word();
    try {
      return Integer.parseInt(word);
    } catch (NumberFormatException e) {
      throw error("'" + word + "' is no integer");
    }
  }

  float real() {
    String word = word();
    try {
      return Float.parseFloat(word);
    } catch (NumberFormatException e) {
      throw error("'" + word + "' is no number");
    }
  }

  /** Integers in brackets, such as {@code [1,96,96,3]}. */
  int[] ints() {
    return list().stream().mapToInt(TextCursor::intOf).toArray();
  }

  /** Words in brackets, separated by commas. */
  List<String> list() {
    List<String> words = new ArrayList<>();
    expect("[");
    if (accept("]")) {
      return words;
    }
    do {
      words.add(word());
    } while (accept(","));
    expect("]");
    return words;
  }

  /**
   * A name or a text in double quotes, with backslash escapes for quotes and control characters.
   */
  String quoted() {
    expect("\"");
    StringBuilder text = new StringBuilder();
    while (at < line.length() && line.charAt(at) != '"') {
      char c = line.charAt(at++);
      text.append(c == '\\' ? escaped() : c);
    }
    if (at >= line.length()) {
      throw error("expected '\"'");
    }
    at++;
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
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private static int intOf(String word) {
    try {
      return Integer.parseInt(word);
    } catch (NumberFormatException e) {
      throw new GraphException("'" + word + "' is no integer");
    }
  }

  private void skipBlanks() {
    while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
      at++;
    }
  }
}
