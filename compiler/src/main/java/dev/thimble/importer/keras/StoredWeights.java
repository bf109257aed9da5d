package dev.thimble.importer.keras;

import dev.thimble.tensor.Tensor;
import java.util.Optional;

/**
 * The weights of a {@code .keras} archive: groups named after classes, in which {@code vars} has a
 * layer's own arrays by number.
 */
final class StoredWeights implements Weights {
  private final Hdf5 hdf5;

  StoredWeights(Hdf5 hdf5) {
    this.hdf5 = hdf5;
  }

  @Override
  public Optional<Tensor> find(LayerPath layer, String role, int position) {
    String path = path(layer, position);
    return hdf5.isDataset(path) ? Optional.of(hdf5.floats(path)) : Optional.empty();
  }

  @Override
  public boolean has(LayerPath layer, String role, int position) {
    return !role.startsWith("_") && hdf5.isDataset(path(layer, position));
  }

  private static String path(LayerPath layer, int position) {
    return String.join("/", layer.folders()) + "/vars/" + position;
  }
}
