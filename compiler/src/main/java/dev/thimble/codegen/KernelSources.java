package dev.thimble.codegen;

import dev.thimble.op.Rounding;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Joins kernel files into one text: each file once, after the files that it includes, without the
 * include lines. The kernels stay compilable by themselves that way.
 */
final class KernelSources {
  private static final String ROOT = "/kernels/";

  /** Headers of this folder define what others ask for, so they come before all of them. */
  private static final String OPTIONS = "options/";

  private static final Pattern LOCAL_INCLUDE = Pattern.compile("#include \"([^\"]+)\"\\s*");
  private static final Pattern SYSTEM_INCLUDE = Pattern.compile("#include <([^>]+)>\\s*");

  private final Rounding rounding;
  private final Set<String> seen = new LinkedHashSet<>();
  private final Set<String> systemIncludes = new TreeSet<>(Set.of("stdint.h", "string.h"));
  private final StringBuilder options = new StringBuilder();
  private final StringBuilder text = new StringBuilder();

  KernelSources(Rounding rounding) {
    this.rounding = rounding;
  }

  /** Adds a file, named relative to the {@code kernels/} folder, and all that it includes. */
  void add(String file) {
    if (isOtherRounding(file) || !seen.add(file)) {
      return;
    }
    StringBuilder own = new StringBuilder();
    for (String line : withoutGuard(read(file).lines().toList())) {
      Matcher local = LOCAL_INCLUDE.matcher(line);
      Matcher system = SYSTEM_INCLUDE.matcher(line);
      if (local.matches()) {
        add(local.group(1));
      } else if (system.matches()) {
        systemIncludes.add(system.group(1));
      } else {
        own.append(line).append('\n');
      }
    }
    StringBuilder to = file.startsWith(OPTIONS) ? options : text;
    // Where include lines stood between blank ones, one blank line is enough.
    to.append(own.toString().strip().replaceAll("\n{3,}", "\n\n")).append("\n\n");
  }

  /** The system headers that the files need, in alphabetical order. */
  Set<String> systemIncludes() {
    return systemIncludes;
  }

  String text() {
    return options + text.toString();
  }

  /** Each rounding has a header of its own; the other one's stays out. */
  private boolean isOtherRounding(String file) {
    return switch (rounding) {
      case DOUBLE -> file.equals("common/requantize_single.h");
      case SINGLE -> file.equals("common/requantize_double.h");
    };
  }

  /** A header's lines without its include guard, which one joined file does not need. */
  private static List<String> withoutGuard(List<String> lines) {
    int guard = 0;
    while (guard < lines.size() && !lines.get(guard).matches("#ifndef THIMBLE_\\w+_H")) {
      guard++;
    }
    if (guard == lines.size()) {
      return lines;
    }
    List<String> kept = new ArrayList<>(lines.subList(0, guard));
    kept.addAll(lines.subList(guard + 2, lines.lastIndexOf("#endif")));
    return kept;
  }

  private static String read(String file) {
    try (InputStream stream = KernelSources.class.getResourceAsStream(ROOT + file)) {
      if (stream == null) {
        throw new IllegalStateException("kernel file '" + file + "' is missing");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
