package dev.thimble.fuzz;

import dev.thimble.importer.ModelException;
import dev.thimble.importer.ModelImporter;

/** Any bytes as a {@code .tflite} file. */
public final class TfliteFuzz {
  private TfliteFuzz() {}

  /** Reads the bytes; called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    try {
      ModelImporter.read("fuzzed.tflite", bytes);
    } catch (ModelException e) {
      // That is how bad files are to be refused.
    }
  }
}
