package dev.thimble.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A file that a command is told to write; what is wrong with it is told before any work. */
public final class OutputFile {
  /** A folder of samples may hold files of these kinds too, which are no samples. */
  private static final Set<String> NO_SAMPLES = Set.of("tflite", "c", "h");

  private OutputFile() {}

  /**
   * The file with its whole path. Throws {@link IllegalArgumentException} where it is a folder, or
   * would lie in something that is none.
   */
  public static Path require(Path file) {
    Path whole = file.toAbsolutePath();
    Path above = whole.getParent();
    if (above == null || Files.isDirectory(whole)) {
      throw new IllegalArgumentException(file + " is a folder; name a file with --out");
    }
    while (above != null && !Files.isDirectory(above)) {
      if (Files.exists(above)) {
        throw new IllegalArgumentException(
            file + " cannot be written: " + above + " is a file, not a folder");
      }
      above = above.getParent();
    }
    return whole;
  }

  /** The same, where the file must not be one of a command's inputs, nor lie among samples. */
  static Path require(Path file, List<Path> inputs) throws IOException {
    Path whole = require(file);
    for (Path input : inputs) {
      if (isOrHolds(input, whole)) {
        throw new IllegalArgumentException(
            file + " is an input of this command; name another file with --out");
      }
    }
    return whole;
  }

  /** Throws where one of the files that go into a folder is an input of the command. */
  static void requireNone(Path folder, Collection<String> names, List<Path> inputs)
      throws IOException {
    for (String name : names) {
      for (Path input : inputs) {
        if (!Files.isDirectory(input) && isOrHolds(input, folder.resolve(name))) {
          throw new IllegalArgumentException(
              folder.resolve(name)
                  + " is an input of this command; name another folder with --out");
        }
      }
    }
  }

  /** Whether an input is this file, or a folder of samples that has it. */
  static boolean isOrHolds(Path input, Path file) throws IOException {
    if (!Files.exists(input) || !Files.exists(file)) {
      return false;
    }
    if (!Files.isDirectory(input)) {
      return Files.isSameFile(input, file);
    }
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return !NO_SAMPLES.contains(name.substring(name.lastIndexOf('.') + 1))
        && file.toRealPath().startsWith(input.toRealPath());
  }
}
