package dev.thimble.codegen;

import java.util.List;
import java.util.Locale;

/** Collects lines of C and indents them by their braces' depth, as the kernel files are. */
final class CWriter {
  private static final String INDENT = "  ";

  /** The most columns that a line of an array has. */
  private static final int COLUMNS = 100;

  private final StringBuilder text = new StringBuilder();
  private int depth;

  /** Adds one line; the format's arguments are as {@link String#format} takes them. */
  CWriter line(String format, Object... arguments) {
    // Without a fixed locale, some users' settings would write digits that are not C's.
    String line = arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments);
    if (line.startsWith("}")) {
      depth--;
    }
    // Preprocessor lines and empty lines stand at the margin, as C programmers expect them.
    if (!line.isEmpty()) {
      text.append(line.startsWith("#") ? "" : INDENT.repeat(depth)).append(line);
    }
    text.append('\n');
    if (line.endsWith("{")) {
      depth++;
    }
    return this;
  }

  /** Adds the definition of an array, its items in as many lines as they need. */
  CWriter array(String declaration, List<String> items) {
    line("%s[%d] = {", declaration, items.size());
    StringBuilder row = new StringBuilder();
    for (String item : items) {
      if (!row.isEmpty() && INDENT.length() * depth + row.length() + item.length() + 2 > COLUMNS) {
        line("%s", row.toString());
        row.setLength(0);
      }
      row.append(row.isEmpty() ? "" : " ").append(item).append(',');
    }
    return line("%s", row.toString()).line("};");
  }

  CWriter blank() {
    text.append('\n');
    return this;
  }

  /** Adds text that is laid out already, such as a kernel file's. */
  CWriter raw(String block) {
    text.append(block);
    if (!block.endsWith("\n")) {
      text.append('\n');
    }
    return this;
  }

  /** Begins what C++ must link as C does; {@link #endOfC} ends it. */
  CWriter beginOfC() {
    return line("#ifdef __cplusplus").raw("extern \"C\" {").line("#endif").blank();
  }

  CWriter endOfC() {
    return line("#ifdef __cplusplus").raw("}").line("#endif");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
