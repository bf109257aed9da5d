package dev.thimble.importer.onnx;

import dev.thimble.importer.ImportOptions;
import dev.thimble.importer.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The file that is read, and the files beside it that hold its tensors' data.
 *
 * @param file the file's name in messages
 * @param folder the folder of the file, unless the model was read from memory
 * @param remedy what to do where the file is malformed
 */
record Source(String file, Optional<Path> folder, Map<String, byte[]> loaded, String remedy) {
  private static final long MAX_BYTES = 1L << 30;
  private static final int MAX_NAME = 120;
  private static final String REMEDY =
      "the file is damaged or its exporter faulty: export the model again";

  Source(String file, Optional<Path> folder) {
    this(file, folder, new HashMap<>(), REMEDY);
  }

  /**
   * The same file, read with these options. What they give takes part in what is malformed later,
   * and is the first to doubt.
   */
  Source with(ImportOptions options) {
    StringBuilder doubts = new StringBuilder();
    if (!options.constants().isEmpty()) {
      doubts.append("--constant gives ").append(names(options.constants().keySet()));
    }
    if (!options.shapes().isEmpty()) {
      doubts.append(doubts.isEmpty() ? "" : " and what ");
      doubts.append("--shape gives ").append(names(options.shapes().keySet()));
    }
    return doubts.isEmpty()
        ? this
        : new Source(file, folder, loaded, "check what " + doubts + "; if it is right, " + REMEDY);
  }

  private static String names(Set<String> names) {
    return names.stream().sorted().map(Source::quoted).collect(Collectors.joining(", "));
  }

  ModelException malformed(String place, String what) {
    return ModelException.at(file, place, what, remedy);
  }

  /** A name from the file, shortened and without control characters, fit for a message's line. */
  static String quoted(String name) {
    String line = name.replaceAll("\\p{Cntrl}", "?");
    return "'" + (line.length() > MAX_NAME ? line.substring(0, MAX_NAME - 3) + "..." : line) + "'";
  }

  /** The bytes of a file in the model's folder; nothing outside of it is ever read. */
  byte[] external(String place, String location) {
    byte[] known = loaded.get(location);
    if (known == null) {
      known = load(place, location);
      loaded.put(location, known);
    }
    return known;
  }

  private byte[] load(String place, String location) {
    if (folder.isEmpty()) {
      throw malformed(place, "has its data in another file, " + quoted(location));
    }
    try {
      Path relative = Path.of(location);
      boolean climbs = false;
      for (Path part : relative) {
        climbs |= part.toString().equals("..");
      }
      if (location.isEmpty() || relative.isAbsolute() || climbs) {
        throw outside(place, location);
      }
      Path real = folder.get().toRealPath().resolve(relative).toRealPath();
      if (!real.startsWith(folder.get().toRealPath()) || !Files.isRegularFile(real)) {
        throw outside(place, location);
      }
      long total = loaded.values().stream().mapToLong(bytes -> bytes.length).sum();
      if (total + Files.size(real) > MAX_BYTES) {
        throw malformed(
            place, "the files with tensors' data have more than " + MAX_BYTES + " bytes");
      }
      return Files.readAllBytes(real);
    } catch (InvalidPathException | IOException e) {
      throw ModelException.at(
          file,
          place,
          "its data cannot be read from " + quoted(location),
          "keep that file in the model's folder");
    }
  }

  private ModelException outside(String place, String location) {
    return ModelException.at(
        file,
        place,
        "has its data in " + quoted(location) + ", which is no file in the model's folder",
        "keep the model's files in one folder");
  }
}
