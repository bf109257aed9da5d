package dev.thimble.importer.keras;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model's configuration: its layers and, unless it is sequential, which tensors are its inputs
 * and outputs.
 */
record Net(
    String name,
    boolean sequential,
    LayerConfig config,
    List<LayerSpec> layers,
    List<TensorRef> inputs,
    List<TensorRef> outputs) {
  /** The classes that are models. */
  static final Set<String> KINDS = Set.of("Sequential", "Functional", "Model");

  Net {
    layers = List.copyOf(layers);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  Optional<LayerSpec> first() {
    return layers.stream().findFirst();
  }

  /**
   * The folders of the layers' weights in files of Keras 3: the class's name in lower case, with a
   * number from the second layer of that class on.
   */
  Map<String, String> folders() {
    Map<String, String> folders = new LinkedHashMap<>();
    Map<String, Integer> used = new LinkedHashMap<>();
    for (LayerSpec layer : layers) {
      if (!layer.isOperation()) {
        String kind = snakeCase(layer.kind());
        int repeats = used.merge(kind, 1, Integer::sum) - 1;
        folders.put(layer.name(), repeats == 0 ? kind : kind + "_" + repeats);
      }
    }
    return folders;
  }

  /** {@code SimpleRNN} is {@code simple_rnn}, {@code Conv2D} is {@code conv2d}. */
  static String snakeCase(String kind) {
    String parted = kind.replaceAll("\\W+", "");
    parted = parted.replaceAll("(.)([A-Z][a-z]+)", "$1_$2");
    return parted.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(java.util.Locale.ROOT);
  }
}
