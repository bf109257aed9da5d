package dev.thimble.importer.keras;

import dev.thimble.graph.Value;
import dev.thimble.importer.keras.LayerImport.LayerReader;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.LogSoftmax;
import dev.thimble.op.Op;
import dev.thimble.op.Parametric;
import dev.thimble.op.Softmax;
import dev.thimble.op.Unary;
import dev.thimble.tensor.Tensor;
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
  private static final String LOG_SOFTMAX = "log_softmax";

  /** The layers that are functions of one element, by class. */
  private static final Map<String, Function<LayerConfig, List<Supplier<Op>>>> LAYERS =
      new TreeMap<>();

  static {
    LAYERS.put("ReLU", ActivationLayers::relu);
    LAYERS.put(
        "LeakyReLU",
        config ->
            parametric(config, Parametric.Function.LEAKY_RELU, 0.3, "negative_slope", "alpha"));
    LAYERS.put("ELU", config -> parametric(config, Parametric.Function.ELU, 1, "alpha"));
    LAYERS.put(
        "ThresholdedReLU",
        config -> parametric(config, Parametric.Function.THRESHOLDED_RELU, 1, "theta"));
  }

  private ActivationLayers() {}

  static void list(Map<String, LayerReader> readers) {
    readers.put("Activation", at -> at.result(activated(at, at.input())));
    readers.put("Softmax", ActivationLayers::softmax);
    readers.put("PReLU", ActivationLayers::prelu);
    LAYERS.forEach((kind, ops) ->
        readers.put(
            kind, at -> at.elementwise(value -> chained(at, value, ops.apply(at.config())))));
  }

  /** Whether the layer's activation treats each element by itself. */
  static boolean isElementwise(Layer at) {
    String name = name(at);
    return !name.equals(SOFTMAX) && !name.equals(LOG_SOFTMAX);
  }

  /** The tensor after the layer's activation; a softmax is along its last axis. */
  static KerasTensor activated(Layer at, KerasTensor tensor) {
    return isElementwise(at)
        ? at.onMap(tensor, value -> elementwise(at, value))
        : softmax(at, tensor, tensor.rank() - 1, name(at).equals(LOG_SOFTMAX));
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
    List<Supplier<Op>> ops =
        Functions.ops(at.config().file(), name)
            .orElseThrow(() ->
                new UnsupportedLayer(
                    "activation '" + name + "'",
                    LINEAR + ", " + SOFTMAX + ", " + Functions.names()));
    return chained(at, value, ops);
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

  private static List<Supplier<Op>> parametric(
      LayerConfig config, Parametric.Function function, double fallback, String... names) {
    float alpha = finite(config, names[0], config.number(fallback, names));
    return List.of(() -> new Parametric(function, alpha));
  }

  private static float finite(LayerConfig config, String name, double number) {
    if (!Float.isFinite((float) number)) {
      throw config.malformed("has " + name + " " + number);
    }
    return (float) number;
  }

  /** max_value bounds it, below the threshold the slope counts from the threshold. */
  private static List<Supplier<Op>> relu(LayerConfig config) {
    boolean bounded = config.get("max_value").isPresent();
    float max = finite(config, "max_value", config.number(0, "max_value"));
    float slope = finite(config, "negative_slope", config.number(0, "negative_slope"));
    float threshold = finite(config, "threshold", config.number(0, "threshold"));
    if (threshold < 0 || (threshold > 0 && slope != 0) || (bounded && max < 0)) {
      throw new UnsupportedLayer(
          "max_value " + max + ", negative_slope " + slope + " and threshold " + threshold,
          "a threshold that is 0, or positive without a slope, and a max_value that is not"
              + " negative");
    }
    List<Supplier<Op>> ops = new ArrayList<>();
    if (threshold > 0) {
      ops.add(() -> new Parametric(Parametric.Function.THRESHOLDED_RELU, threshold));
    } else if (slope != 0) {
      ops.add(() -> new Parametric(Parametric.Function.LEAKY_RELU, slope));
    } else if (!bounded || max == 6) {
      return List.of(() -> new Unary(bounded ? Unary.Function.RELU6 : Unary.Function.RELU));
    }
    if (bounded) {
      float least = slope == 0 ? 0 : Float.NEGATIVE_INFINITY;
      ops.add(() -> new Parametric(Parametric.Function.CLIP, least, max));
    }
    return ops;
  }

  /** The slopes have the input's shape without the batch; 1 along axes that share them. */
  private static List<KerasTensor> prelu(Layer at) {
    KerasTensor input = at.plain(at.input());
    Tensor alpha = at.weight("alpha", "_alphas", 0, input.rank() - 1);
    for (int axis = 1; axis < input.rank(); axis++) {
      int extent = alpha.shape().dim(axis - 1);
      if (extent != 1 && extent != input.shape().dim(axis)) {
        throw at.malformed("has slopes " + alpha.shape() + " for an input " + input.shape());
      }
    }
    Value slopes = at.constant("alpha", () -> alpha);
    return at.result(
        input.with(
            at.node(
                () -> new Binary(Binary.Function.PRELU, Activation.NONE), input.value(), slopes)));
  }

  private static List<KerasTensor> softmax(Layer at) {
    KerasTensor input = at.input();
    int axis = at.config().axis(-1, "axis");
    int counted = axis < 0 ? axis + input.rank() : axis;
    if (counted < 1 || counted >= input.rank()) {
      throw at.malformed("has axis " + axis + " for an input of shape " + input.shape());
    }
    return at.result(softmax(at, input, counted, false));
  }

  /** A softmax along an axis of the tensor, wherever it lies in the value. */
  private static KerasTensor softmax(Layer at, KerasTensor tensor, int axis, boolean logarithm) {
    int valueAxis = tensor.valueAxis(axis);
    int counted = valueAxis == tensor.rank() - 1 ? -1 : valueAxis;
    return tensor.with(
        at.node(
            () -> logarithm ? new LogSoftmax(counted) : new Softmax(1, counted), tensor.value()));
  }
}
