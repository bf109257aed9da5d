package dev.thimble.codegen;

import dev.thimble.op.Rounding;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
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
  private static final Pattern LOCAL_INCLUDE = Pattern.compile("#include \"([^\"]+)\"\\s*");
  private static final Pattern SYSTEM_INCLUDE = Pattern.compile("#include <([^>]+)>\\s*");

  private final Rounding rounding;
  private final Set<String> seen = new LinkedHashSet<>();
  private final Set<String> systemIncludes = new TreeSet<>();
  private final StringBuilder text = new StringBuilder();

  KernelSources(Rounding rounding) {
    this.rounding = rounding;
  }

  /** Adds a file, named relative to the {@code kernels/} folder, and all that it includes. */
  void add(String file) {
    String chosen = choose(file);
    if (!seen.add(chosen)) {
      return;
    }
    StringBuilder own = new StringBuilder();
    for (String line : read(chosen).lines().toList()) {
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
    text.append(own.toString().strip()).append("\n\n");
  }

  /** The system headers that the files need, in alphabetical order. */
  Set<String> systemIncludes() {
    return systemIncludes;
  }

  String text() {
    return text.toString();
  }

  /** The header that only chooses between the two roundings is decided here. */
  private String choose(String file) {
    if (!file.equals("common/requantize.h")) {
      return file;
    }
    return switch (rounding) {
      case DOUBLE -> "common/requantize_double.h";
      case SINGLE -> "common/requantize_single.h";
    };
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
