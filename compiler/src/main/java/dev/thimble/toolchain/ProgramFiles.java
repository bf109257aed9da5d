package dev.thimble.toolchain;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes generated files so that nobody ever finds half of one. */
public final class ProgramFiles {
  private ProgramFiles() {}

  /**
   * Writes every file into a folder inside of {@code folder} first, and moves them all to their
   * places, replacing what is there, once all are complete. Throws {@link IOException} where one
   * cannot be written, and then leaves everything as it was; only a failing move, of which the
   * folder's permissions and its sub-folders are no cause, could leave new files beside old ones.
   */
  public static void write(Path folder, Map<String, String> files) throws IOException {
    List<Path> created = missing(folder);
    boolean done = false;
    try {
      Files.createDirectories(folder);
      for (String name : files.keySet()) {
        if (Files.isDirectory(folder.resolve(name))) {
          throw new FileSystemException(
              folder.resolve(name).toString(), null, "is a folder; a file is to stand there");
        }
      }
      move(folder, files);
      done = true;
    } finally {
      for (Path each : done ? List.<Path>of() : created) {
        Files.deleteIfExists(each);
      }
    }
  }

  private static void move(Path folder, Map<String, String> files) throws IOException {
    try (Workspace complete = Workspace.in(folder)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        complete.addText(file.getKey(), file.getValue());
      }
      for (String name : files.keySet()) {
        Files.move(
            complete.folder().resolve(name), folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  /** The folder and those above it that do not exist, innermost first. */
  private static List<Path> missing(Path folder) {
    List<Path> missing = new ArrayList<>();
    Path each = folder.toAbsolutePath();
    while (each != null && Files.notExists(each)) {
      missing.add(each);
      each = each.getParent();
    }
    return missing;
  }
}
