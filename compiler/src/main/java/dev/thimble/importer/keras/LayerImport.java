package dev.thimble.importer.keras;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Which reader serves which class of layers. */
final class LayerImport {
  /** Turns one application of a layer into nodes; what it returns are the layer's outputs. */
  interface LayerReader extends Function<Layer, List<KerasTensor>> {}

  private static final Map<String, LayerReader> READERS = readers();

  /** The supported classes, as messages list them. */
  static final String LAYERS = String.join(", ", READERS.keySet());

  private LayerImport() {}

  /** The outputs of one application of a layer. Throws {@link UnsupportedLayer}. */
  static List<KerasTensor> read(Layer at) {
    if (at.spec().isOperation()) {
      return OperationLayers.read(at, at.spec().kind());
    }
    Policy.requireFloat32(at.config());
    LayerReader reader = READERS.get(at.spec().kind());
    if (reader == null) {
      throw new UnsupportedLayer(at.spec().kind(), "the layers that the remedy lists");
    }
    return reader.apply(at);
  }

  /** Why no layer of this class is supported, whatever its attributes. */
  static Optional<String> unsupported(LayerSpec layer) {
    return layer.isOperation() || READERS.containsKey(layer.kind())
        ? Optional.empty()
        : Optional.of(
            new UnsupportedLayer(layer.kind(), "the layers that the remedy lists").finding());
  }

  private static Map<String, LayerReader> readers() {
    Map<String, LayerReader> readers = new TreeMap<>();
    FilterLayers.list(readers);
    TransposedLayers.list(readers);
    PoolLayers.list(readers);
    ActivationLayers.list(readers);
    ShapeLayers.list(readers);
    MergeLayers.list(readers);
    NormalizationLayers.list(readers);
    OperationLayers.list(readers);
    EmbeddingLayers.list(readers);
    RecurrentLayers.list(readers);
    WrapperLayers.list(readers);
    NoOpLayers.list(readers);
    return readers;
  }
}
