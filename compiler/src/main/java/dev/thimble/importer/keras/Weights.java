package dev.thimble.importer.keras;

import dev.thimble.tensor.Tensor;
import java.util.Optional;

/** The trained arrays of a file. */
interface Weights {
  /**
   * An array of a layer, as float32 in the file's own shape; empty where the layer has none of that
   * role.
   *
   * @param role the array's name within its layer, such as {@code kernel}
   * @param position its number among the layer's own arrays, by which Keras 3 stores them
   */
  Optional<Tensor> find(LayerPath layer, String role, int position);

  /** Whether there is such an array. */
  boolean has(LayerPath layer, String role, int position);
}
