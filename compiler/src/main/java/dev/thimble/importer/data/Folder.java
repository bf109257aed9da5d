package dev.thimble.importer.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of a folder and of its sub-folders, one level deep, in the order of their paths' text;
 * names that begin with a dot are passed over.
 */
final class Folder {
  private Folder() {}

  static List<Path> files(Path folder) {
    try (Stream<Path> paths = Files.walk(folder, 2)) {
      List<Path> files =
          paths
              .filter(path -> isVisible(folder, path) && !Files.isDirectory(path))
              .sorted(Comparator.comparing(path -> relative(folder, path)))
              .toList();
      if (files.isEmpty()) {
        throw new DataException(folder, "holds no files");
      }
      return files;
    } catch (IOException e) {
      throw new DataException(folder, "cannot be listed: " + e.getMessage());
    }
  }

  /** The path below the folder, with slashes on every system. */
  static String relative(Path folder, Path path) {
    return folder.relativize(path).toString().replace('\\', '/');
  }

  private static boolean isVisible(Path folder, Path path) {
    for (Path part : folder.relativize(path)) {
      if (part.toString().startsWith(".")) {
        return false;
      }
    }
    return true;
  }
}
