package dev.thimble.fuzz;

import dev.thimble.importer.ModelException;
import dev.thimble.importer.pytorch.SuppliedWeights;

/** Any bytes as a file of weights: a state dict, safetensors or a {@code .pt2} archive. */
public final class WeightsFuzz {
  private WeightsFuzz() {}

  /** Reads the bytes; called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    try {
      SuppliedWeights.read("fuzzed.pth", bytes);
    } catch (ModelException e) {
      // That is how bad files are to be refused.
    }
  }
}
