package dev.thimble.importer.keras;

import dev.thimble.graph.Value;
import dev.thimble.importer.keras.LayerImport.LayerReader;
import dev.thimble.op.Cast;
import dev.thimble.op.Gather;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Embedding, and what turns numbers into those that a layer takes. */
final class EmbeddingLayers {
  private EmbeddingLayers() {}

  static void list(Map<String, LayerReader> readers) {
    readers.put("Embedding", EmbeddingLayers::embedding);
  }

  /** Rows of a table [entries, depth] by index; indices that come as floats become int32. */
  private static List<KerasTensor> embedding(Layer at) {
    if (at.config().flag(false, "mask_zero")) {
      throw new UnsupportedLayer("mask_zero", "embeddings without masks");
    }
    KerasTensor input = at.plain(at.input());
    Tensor table = at.weight("embeddings", "_W", 0, 2);
    Value rows = at.constant("embeddings", () -> table);
    DType dtype = input.value().type().dtype();
    boolean index = dtype == DType.INT32 || dtype == DType.INT64;
    Value indices = index ? input.value() : at.node(Cast::new, DType.INT32, input.value());
    return at.result(KerasTensor.of(at.node(() -> new Gather(0), rows, indices)));
  }

  /** The value as float32, as layers that calculate take it. */
  static Value asFloat(Layer at, Value value) {
    return value.type().isFloat() ? value : at.node(Cast::new, DType.FLOAT32, value);
  }
}
