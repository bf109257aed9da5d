package dev.thimble.report.picture;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/** Writes elements that are well formed both as XML and within an HTML page. */
final class Markup {
  private final StringBuilder text = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /** Opens an element; attributes are names and values in turns. */
  Markup open(String element, Object... attributes) {
    start(element, attributes).append('>');
    open.push(element);
    return this;
  }

  Markup close() {
    text.append("</").append(open.pop()).append('>');
    return this;
  }

  Markup line() {
    text.append('\n');
    return this;
  }

  /** An element without content. */
  Markup empty(String element, Object... attributes) {
    start(element, attributes).append("/>");
    return this;
  }

  /** An element that holds only text. */
  Markup leaf(String element, String content, Object... attributes) {
    return open(element, attributes).content(content).close();
  }

  Markup content(String content) {
    text.append(escape(content));
    return this;
  }

  /** Takes over what another has written. */
  Markup raw(String markup) {
    text.append(markup);
    return this;
  }

  private StringBuilder start(String element, Object... attributes) {
    text.append('<').append(element);
    for (int i = 0; i < attributes.length; i += 2) {
      Object value = attributes[i + 1];
      String written = value instanceof Double number ? number(number) : escape(value.toString());
      text.append(' ').append(attributes[i]).append("=\"").append(written).append('"');
    }
    return text;
  }

  /** A number with one digit behind the point, as short as can be. */
  static String number(double value) {
    String digits = String.format(Locale.ROOT, "%.1f", value);
    digits = digits.endsWith(".0") ? digits.substring(0, digits.length() - 2) : digits;
    return digits.equals("-0") ? "0" : digits;
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** What was written; every element must be closed. */
  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException(open + " is not closed");
    }
    return text.toString();
  }
}
