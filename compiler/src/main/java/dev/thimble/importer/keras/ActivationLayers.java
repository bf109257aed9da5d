package dev.thimble.importer.keras;

import dev.thimble.graph.Value;
import dev.thimble.importer.keras.LayerImport.LayerReader;
import dev.thimble.op.Op;
import dev.thimble.op.Softmax;
import dev.thimble.op.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** Activations: those that layers name, and those that are layers. */
final class ActivationLayers {
  private static final String KEY = "activation";
  private static final String LINEAR = "linear";
  private static final String SOFTMAX = "softmax";

  /** The functions of one element by name. */
  private static final Map<String, Supplier<Op>> FUNCTIONS =
      new TreeMap<>(
          Map.of(
              "relu", () -> new Unary(Unary.Function.RELU),
              "relu6", () -> new Unary(Unary.Function.RELU6),
              "sigmoid", () -> new Unary(Unary.Function.SIGMOID)));

  /** The layers that are functions of one element, by class. */
  private static final Map<String, Function<LayerConfig, List<Supplier<Op>>>> LAYERS =
      new TreeMap<>();

  static {
    LAYERS.put("ReLU", ActivationLayers::relu);
  }

  private ActivationLayers() {}

  static void list(Map<String, LayerReader> readers) {
    readers.put("Activation", at -> at.result(activated(at, at.input())));
    readers.put("Softmax", ActivationLayers::softmax);
    LAYERS.forEach((kind, ops) ->
        readers.put(
            kind, at -> at.elementwise(value -> chained(at, value, ops.apply(at.config())))));
  }

  /** Whether the layer's activation treats each element by itself. */
  static boolean isElementwise(Layer at) {
    return !name(at).equals(SOFTMAX);
  }

  /** The tensor after the layer's activation; a softmax is along its last axis. */
  static KerasTensor activated(Layer at, KerasTensor tensor) {
    return isElementwise(at)
        ? at.onMap(tensor, value -> elementwise(at, value))
        : softmax(at, tensor, tensor.rank() - 1);
  }

  /** The value after the layer's activation, which treats each element by itself. */
  static Value elementwise(Layer at, Value value) {
    return elementwise(at, value, KEY, LINEAR);
  }

  /** The value after the activation that an attribute names. */
  static Value elementwise(Layer at, Value value, String key, String fallback) {
    Optional<JsonNode> json = at.config().get(key);
    if (json.isPresent() && json.get().isObject()) {
      String kind = json.get().path("class_name").asString("");
      Function<LayerConfig, List<Supplier<Op>>> layer = LAYERS.get(kind);
      if (layer != null) {
        String place = at.config().place() + " activation";
        LayerConfig config = new LayerConfig(at.config().file(), place, json.get().path("config"));
        return chained(at, value, layer.apply(config));
      }
    }
    String name = name(at, key, fallback);
    if (name.equals(LINEAR)) {
      return value;
    }
    Supplier<Op> function = FUNCTIONS.get(name);
    if (function == null) {
      throw new UnsupportedLayer(
          "activation '" + name + "'",
          LINEAR + ", " + SOFTMAX + ", " + String.join(", ", FUNCTIONS.keySet()));
    }
    return at.node(function, value);
  }

  private static String name(Layer at) {
    return name(at, KEY, LINEAR);
  }

  /** An activation's name; files since Keras 2.13 may wrap it into an object. */
  static String name(Layer at, String key, String fallback) {
    Optional<JsonNode> found = at.config().get(key);
    if (found.isEmpty()) {
      return fallback;
    }
    JsonNode json = found.get();
    JsonNode inner = json.path("config");
    JsonNode name = json.isObject() ? inner.isString() ? inner : json.path("class_name") : json;
    if (!name.isString()) {
      throw at.config().wrong(key, json);
    }
    return name.asString();
  }

  private static Value chained(Layer at, Value value, List<Supplier<Op>> ops) {
    Value last = value;
    for (Supplier<Op> op : ops) {
      last = at.node(op, last);
    }
    return last;
  }

  private static List<Supplier<Op>> relu(LayerConfig config) {
    double max = config.number(Double.POSITIVE_INFINITY, "max_value");
    double slope = config.number(0, "negative_slope");
    double threshold = config.number(0, "threshold");
    List<Supplier<Op>> ops = new ArrayList<>();
    if (slope != 0 || threshold != 0 || (max != 6 && max != Double.POSITIVE_INFINITY)) {
      throw new UnsupportedLayer(
          "max_value " + max + ", negative_slope " + slope + ", threshold " + threshold,
          "max_value 6 or none, negative_slope 0 and threshold 0");
    }
    ops.add(() -> new Unary(max == 6 ? Unary.Function.RELU6 : Unary.Function.RELU));
    return ops;
  }

  private static List<KerasTensor> softmax(Layer at) {
    KerasTensor input = at.input();
    int axis = at.config().axis(-1, "axis");
    int counted = axis < 0 ? axis + input.rank() : axis;
    if (counted < 1 || counted >= input.rank()) {
      throw at.malformed("has axis " + axis + " for an input of shape " + input.shape());
    }
    return at.result(softmax(at, input, counted));
  }

  /** A softmax along an axis of the tensor, wherever it lies in the value. */
  private static KerasTensor softmax(Layer at, KerasTensor tensor, int axis) {
    int valueAxis = tensor.valueAxis(axis);
    boolean last = valueAxis == tensor.rank() - 1;
    return tensor.with(at.node(() -> new Softmax(1, last ? -1 : valueAxis), tensor.value()));
  }
}
