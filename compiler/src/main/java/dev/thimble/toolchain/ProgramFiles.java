package dev.thimble.toolchain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes generated files so that nobody ever finds half of one. */
public final class ProgramFiles {
  private ProgramFiles() {}

  /**
   * Writes every file beside its final place first, and moves them all there once all are complete.
   * Throws {@link IOException} and leaves the folder as it was where that fails.
   */
  public static void write(Path folder, Map<String, String> files) throws IOException {
    Files.createDirectories(folder);
    Map<Path, Path> moves = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, String> file : files.entrySet()) {
        Path complete = Files.createTempFile(folder, "." + file.getKey(), ".new");
        moves.put(complete, folder.resolve(file.getKey()));
        Files.writeString(complete, file.getValue());
        // Temporary files are private; generated sources are as readable as the umask lets files
        // be.
        complete.toFile().setReadable(true, false);
      }
      for (Map.Entry<Path, Path> move : moves.entrySet()) {
        Files.move(move.getKey(), move.getValue(), StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      for (Path left : moves.keySet()) {
        Files.deleteIfExists(left);
      }
    }
  }
}
