package dev.thimble.fuzz;

import dev.thimble.importer.ModelException;
import dev.thimble.importer.ModelImporter;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.KerasWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Any bytes as a {@code .h5} file or a {@code .keras} archive; bytes that begin with a brace as the
 * configuration in an archive whose weights are sound.
 */
public final class KerasFuzz {
  private static final byte[] WEIGHTS =
      new KerasWriter("{}")
          .with("dense", "0", Tensor.ofFloats(TensorType.float32(1, 1), 3))
          .with("dense", "1", Tensor.ofFloats(TensorType.float32(1), 2))
          .with("conv1d", "0", Tensor.ofFloats(TensorType.float32(2, 1, 1), 3, 4))
          .with("conv2d", "0", Tensor.ofFloats(TensorType.float32(1, 2, 1, 1), 3, 4))
          .store();

  private KerasFuzz() {}

  /** Reads the bytes; called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    boolean configuration = bytes.length > 0 && bytes[0] == '{';
    try {
      ModelImporter.read("fuzzed.keras", configuration ? archive(bytes) : bytes);
    } catch (ModelException e) {
      // That is how bad files are to be refused.
    }
  }

  private static byte[] archive(byte[] configuration) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("config.json", configuration);
    entries.put("model.weights.h5", WEIGHTS);
    return KerasWriter.zip(entries);
  }
}
