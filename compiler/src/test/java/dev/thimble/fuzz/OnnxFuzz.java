package dev.thimble.fuzz;

import dev.thimble.importer.ModelException;
import dev.thimble.importer.ModelImporter;

/** Any bytes as a {@code .onnx} file. */
public final class OnnxFuzz {
  private OnnxFuzz() {}

  /** Reads the bytes; called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    try {
      ModelImporter.read("fuzzed.onnx", bytes);
    } catch (ModelException e) {
      // That is how bad files are to be refused.
    }
  }
}
