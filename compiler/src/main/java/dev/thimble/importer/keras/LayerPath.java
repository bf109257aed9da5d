package dev.thimble.importer.keras;

import java.util.List;
import java.util.stream.Stream;

/**
 * Where a layer stands.
 *
 * @param names the names of the models around it, outermost first, then its own; the outermost
 *     model has none
 * @param folders where Keras 3 keeps its weights, from the root of the weights file
 * @param part the part of a layer that owns the arrays, by the start of its name in files before
 *     Keras 3, such as {@code forward_}; empty for the whole layer
 */
record LayerPath(List<String> names, List<String> folders, String part) {
  static final LayerPath ROOT = new LayerPath(List.of(), List.of(), "");

  LayerPath {
    names = List.copyOf(names);
    folders = List.copyOf(folders);
  }

  /** A layer of the model at this path. */
  LayerPath layer(String name, String folder) {
    return new LayerPath(plus(names, name), plus(plus(folders, "layers"), folder), "");
  }

  /** An attribute of the layer at this path that owns arrays, such as the cell of an LSTM. */
  LayerPath attribute(String folder) {
    return new LayerPath(names, plus(folders, folder), part);
  }

  /** One direction of a bidirectional layer. */
  LayerPath direction(String folder, String prefix) {
    return new LayerPath(names, plus(folders, folder), prefix);
  }

  /** The path as messages and values have it. */
  String text() {
    return String.join("/", names);
  }

  private static List<String> plus(List<String> list, String last) {
    return Stream.concat(list.stream(), Stream.of(last)).toList();
  }
}
