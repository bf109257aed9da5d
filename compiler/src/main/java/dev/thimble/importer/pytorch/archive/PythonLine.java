package dev.thimble.importer.pytorch.archive;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds in a stack trace the line that its author wrote: the last one outside of libraries. */
final class PythonLine {
  private static final int MAX_TRACE = 1 << 16;
  private static final Pattern FRAME =
      Pattern.compile("File \"([^\"\n]*)\", line (\\d+), in [^\n]*\n([^\n]*)");

  private PythonLine() {}

  /** Such as {@code net.py:12: x = self.conv(x)}. */
  static Optional<String> of(String trace) {
    Matcher frame = FRAME.matcher(trace.length() > MAX_TRACE ? "" : trace);
    Optional<String> own = Optional.empty();
    Optional<String> any = Optional.empty();
    while (frame.find()) {
      String path = frame.group(1);
      String file = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
      String line = Source.quoted(file + ":" + frame.group(2) + ": " + frame.group(3).strip());
      any = Optional.of(line.substring(1, line.length() - 1));
      own = path.contains("site-packages") ? own : any;
    }
    return own.isPresent() ? own : any;
  }
}
