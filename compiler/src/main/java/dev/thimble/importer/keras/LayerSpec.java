package dev.thimble.importer.keras;

import java.util.List;

/**
 * A layer as the configuration lists it.
 *
 * @param kind the class's name, such as {@code Conv2D}
 * @param module the class's module; empty in files before Keras 3
 * @param calls where it is applied, in the order in which references count them; empty for inputs
 *     and in sequential models
 */
record LayerSpec(
    String name, String kind, String module, LayerConfig config, List<LayerCall> calls) {
  LayerSpec {
    calls = List.copyOf(calls);
  }

  boolean isInput() {
    return kind.equals("InputLayer");
  }

  boolean isModel() {
    return Net.KINDS.contains(kind);
  }

  /** Whether Keras 3 wrote an operation, which is no layer and owns no weights. */
  boolean isOperation() {
    return module.startsWith("keras.src.ops") || module.startsWith("keras.ops");
  }
}
