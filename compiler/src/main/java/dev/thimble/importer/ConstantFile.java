package dev.thimble.importer;

import dev.thimble.importer.data.Arrays;
import dev.thimble.importer.onnx.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Reads the files that hold one constant: numpy's {@code .npy}, and ONNX's tensors, {@code .pb}.
 */
public final class ConstantFile {
  private ConstantFile() {}

  /** Whether a text names such a file, by its ending. */
  public static boolean isNamed(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.endsWith(".npy") || lower.endsWith(".pb");
  }

  /**
   * The constant in a file. Numbers of float64 are rounded where {@code narrow} says so, and must
   * be numbers of float32 otherwise.
   *
   * @throws dev.thimble.importer.data.DataException for an {@code .npy} file that cannot be read
   * @throws ModelException for a {@code .pb} file that cannot be read
   */
  public static GivenConstant read(Path file, boolean narrow) {
    if (file.toString().toLowerCase(Locale.ROOT).endsWith(".npy")) {
      return new GivenConstant.Array(Arrays.npy(file, narrow));
    }
    try {
      return TensorFile.read(file.toString(), Files.readAllBytes(file), narrow);
    } catch (NoSuchFileException e) {
      throw unreadable(file, "does not exist");
    } catch (IOException e) {
      throw unreadable(file, "cannot be read: " + e.getMessage());
    }
  }

  private static ModelException unreadable(Path file, String what) {
    return ModelException.at(file.toString(), "file", what, "give the path of a tensor's file");
  }
}
