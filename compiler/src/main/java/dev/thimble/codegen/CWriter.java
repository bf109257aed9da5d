package dev.thimble.codegen;

/** Collects lines of C and indents them by their braces' depth. */
final class CWriter {
  private static final String INDENT = "    ";

  private final StringBuilder text = new StringBuilder();
  private int depth;

  /** Adds one line; the format's arguments are as {@link String#format} takes them. */
  CWriter line(String format, Object... arguments) {
    String line = arguments.length == 0 ? format : String.format(format, arguments);
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

  @Override
  public String toString() {
    return text.toString();
  }
}
