package dev.thimble.importer.keras;

import dev.thimble.importer.keras.LayerImport.LayerReader;
import java.util.List;
import java.util.Map;

/** Layers that pass their input on: those that act in training alone. */
final class NoOpLayers {
  private static final List<String> KINDS =
      List.of(
          "ActivityRegularization",
          "AlphaDropout",
          "Dropout",
          "GaussianDropout",
          "GaussianNoise",
          "Identity",
          "RandomBrightness",
          "RandomContrast",
          "RandomFlip",
          "RandomRotation",
          "RandomTranslation",
          "RandomZoom",
          "SpatialDropout1D",
          "SpatialDropout2D");

  private NoOpLayers() {}

  static void list(Map<String, LayerReader> readers) {
    KINDS.forEach(kind -> readers.put(kind, at -> List.of(at.input())));
  }
}
