package dev.thimble.importer.keras;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The element type that a layer's attributes name, by itself or by a policy. */
final class Policy {
  private Policy() {}

  /** The name of an input's type; {@code float32} where none is given. */
  static String ofInput(LayerConfig config) {
    return of(config, "dtype", "input_dtype");
  }

  private static String of(LayerConfig config, String... names) {
    Optional<JsonNode> dtype = config.get(names);
    if (dtype.isEmpty()) {
      return "float32";
    }
    JsonNode json = dtype.get();
    JsonNode name = json.isObject() ? json.path("config").path("name") : json;
    if (!name.isString()) {
      throw config.wrong("dtype", json);
    }
    return name.asString();
  }

  /** Requires a layer that computes in float32. */
  static void requireFloat32(LayerConfig config) {
    String name = of(config, "dtype");
    if (!name.equals("float32")) {
      throw new UnsupportedLayer(
          "computation in " + LayerConfig.shown(config.get("dtype").orElseThrow()),
          "computation in float32");
    }
  }
}
