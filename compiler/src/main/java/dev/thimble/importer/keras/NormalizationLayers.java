package dev.thimble.importer.keras;

import dev.thimble.graph.Value;
import dev.thimble.importer.keras.LayerImport.LayerReader;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.LayerNorm;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Layers that scale and shift. */
final class NormalizationLayers {
  private NormalizationLayers() {}

  static void list(Map<String, LayerReader> readers) {
    readers.put("BatchNormalization", NormalizationLayers::batch);
    readers.put("LayerNormalization", NormalizationLayers::layer);
    readers.put("Rescaling", NormalizationLayers::rescaling);
    readers.put("Normalization", NormalizationLayers::normalization);
  }

  private static List<KerasTensor> batch(Layer at) {
    KerasTensor input = at.input();
    int axis = at.config().axis(-1, "axis");
    int counted = axis < 0 ? axis + input.rank() : axis;
    if (counted < 1 || counted >= input.rank()) {
      throw at.malformed("has axis " + axis + " for an input of shape " + input.shape());
    }
    int channels = input.shape().dim(counted);
    double epsilon = at.config().number(1e-3, "epsilon");
    boolean scaled = at.config().flag(true, "scale");
    boolean centered = at.config().flag(true, "center");
    int next = (scaled ? 1 : 0) + (centered ? 1 : 0);
    float[] gamma = scaled ? vector(at, "gamma", "_gamma", 0, channels) : filled(channels, 1);
    float[] beta =
        centered ? vector(at, "beta", "_beta", scaled ? 1 : 0, channels) : filled(channels, 0);
    float[] mean = vector(at, "moving_mean", "_running_mean", next, channels);
    float[] variance = vector(at, "moving_variance", "_running_std", next + 1, channels);
    float[] scale = new float[channels];
    float[] shift = new float[channels];
    for (int c = 0; c < channels; c++) {
      double factor = gamma[c] / Math.sqrt(variance[c] + epsilon);
      scale[c] = (float) factor;
      shift[c] = (float) (beta[c] - mean[c] * factor);
    }
    requireFinite(scale);
    requireFinite(shift);
    return at.result(affine(at, input, scale, shift, counted));
  }

  private static float[] vector(Layer at, String role, String older, int position, int channels) {
    return at.required(at.weight(role, older, position, 1), role, channels).floats();
  }

  private static float[] filled(int channels, float value) {
    float[] values = new float[channels];
    Arrays.fill(values, value);
    return values;
  }

  private static void requireFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new UnsupportedLayer("a factor or shift of " + value, "finite numbers");
      }
    }
  }

  /** x * scale + shift along an axis of the tensor. */
  private static KerasTensor affine(
      Layer at, KerasTensor input, float[] scale, float[] shift, int axis) {
    Shape shape = input.value().type().shape();
    int valueAxis = input.valueAxis(axis);
    Value factor = at.constant("scale", () -> Layer.along(scale, shape, valueAxis));
    Value summand = at.constant("shift", () -> Layer.along(shift, shape, valueAxis));
    UnaryOperator<Value> function =
        value -> {
          Value product =
              at.node(() -> new Binary(Binary.Function.MUL, Activation.NONE), value, factor);
          return at.node(() -> new Binary(Binary.Function.ADD, Activation.NONE), product, summand);
        };
    return valueAxis == shape.rank() - 1
        ? at.onMap(input, function)
        : input.with(function.apply(input.value()));
  }

  /** Over the last axes; the arrays have the shape of those axes. */
  private static List<KerasTensor> layer(Layer at) {
    if (at.config().flag(false, "rms_scaling")) {
      throw new UnsupportedLayer("rms_scaling", "layer normalization with mean and variance");
    }
    KerasTensor input = at.plain(at.input());
    int first = firstAxis(at, input.rank());
    int[] dims = Arrays.copyOfRange(input.shape().dims(), first, input.rank());
    int elements = Shape.of(dims).elements();
    boolean scaled = at.config().flag(true, "scale");
    boolean centered = at.config().flag(true, "center");
    Value gamma =
        at.constant(
            "gamma",
            () ->
                scaled
                    ? at.required(at.anyWeight("gamma", 0), "gamma", dims)
                    : Layer.floats(filled(elements, 1), dims));
    Value beta =
        at.constant(
            "beta",
            () ->
                centered
                    ? at.required(at.anyWeight("beta", scaled ? 1 : 0), "beta", dims)
                    : Layer.floats(filled(elements, 0), dims));
    float epsilon = (float) at.config().number(1e-3, "epsilon");
    return at.result(
        input.with(at.node(() -> new LayerNorm(first, epsilon), input.value(), gamma, beta)));
  }

  /** The first of the normalized axes, which must be the last ones. */
  private static int firstAxis(Layer at, int rank) {
    JsonNode json = at.config().get("axis").orElse(null);
    List<Integer> axes = new ArrayList<>();
    if (json == null || !json.isArray()) {
      axes.add(at.config().axis(-1, "axis"));
    } else {
      for (JsonNode axis : json) {
        if (!axis.isInt()) {
          throw at.config().wrong("axis", json);
        }
        axes.add(axis.asInt());
      }
    }
    List<Integer> counted =
        axes.stream().map(axis -> axis < 0 ? axis + rank : axis).sorted().toList();
    int first = counted.isEmpty() ? rank : counted.getFirst();
    if (first < 1 || !counted.equals(IntStream.range(first, rank).boxed().toList())) {
      throw new UnsupportedLayer("normalization over axes " + axes, "over the last axes");
    }
    return first;
  }

  private static List<KerasTensor> rescaling(Layer at) {
    KerasTensor given = at.input();
    KerasTensor input = given.with(EmbeddingLayers.asFloat(at, given.value()));
    int last = input.rank() - 1;
    int channels = input.shape().dim(-1);
    float[] scale = numbers(at, "scale", 1, channels);
    float[] offset = numbers(at, "offset", 0, channels);
    return at.result(affine(at, input, scale, offset, last));
  }

  /** A number, or one for each channel; a number takes a vector of one element. */
  private static float[] numbers(Layer at, String name, float fallback, int channels) {
    JsonNode json = at.config().get(name).orElse(null);
    if (json == null || !json.isArray()) {
      return new float[] {(float) at.config().number(fallback, name)};
    }
    float[] numbers = new float[json.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!json.get(i).isNumber() || (numbers.length != channels && numbers.length != 1)) {
        throw at.config().wrong(name, json);
      }
      numbers[i] = (float) json.get(i).asDouble();
    }
    return numbers;
  }

  /** (x - mean) / max(sqrt(variance), 1e-7), with statistics along the last axis or for all. */
  private static List<KerasTensor> normalization(Layer at) {
    if (at.config().flag(false, "invert")) {
      throw new UnsupportedLayer("an inverted Normalization", "one that is not inverted");
    }
    KerasTensor raw = at.input();
    KerasTensor input = raw.with(EmbeddingLayers.asFloat(at, raw.value()));
    boolean given = at.config().get("mean").isPresent();
    float[] mean = given ? flat(at, "mean") : statistics(at, "mean", 0);
    float[] variance = given ? flat(at, "variance") : statistics(at, "variance", 1);
    int channels = input.shape().dim(-1);
    if (mean.length != variance.length || (mean.length != channels && mean.length != 1)) {
      throw new UnsupportedLayer(
          "statistics for " + mean.length + " entries, the last axis has " + channels,
          "statistics along the last axis");
    }
    float[] scale = new float[mean.length];
    float[] shift = new float[mean.length];
    for (int c = 0; c < scale.length; c++) {
      double factor = 1 / Math.max(Math.sqrt(variance[c]), 1e-7);
      scale[c] = (float) factor;
      shift[c] = (float) (-mean[c] * factor);
    }
    requireFinite(scale);
    requireFinite(shift);
    return at.result(affine(at, input, scale, shift, input.rank() - 1));
  }

  private static float[] statistics(Layer at, String role, int position) {
    JsonNode axis = at.config().get("axis").orElse(null);
    boolean last =
        axis == null
            || (axis.isArray() && axis.size() <= 1 && isLast(at, axis.path(0)))
            || isLast(at, axis);
    if (!last) {
      throw new UnsupportedLayer("statistics along axis " + axis, "along the last axis or none");
    }
    Tensor found = at.anyWeight(role, position);
    return found.floats();
  }

  private static boolean isLast(Layer at, JsonNode axis) {
    return axis.isMissingNode()
        || (axis.isInt() && (axis.asInt() == -1 || axis.asInt() == at.input().rank() - 1));
  }

  private static float[] flat(Layer at, String name) {
    JsonNode json = at.config().get(name).orElseThrow(() -> at.malformed("has no " + name));
    while (json.isArray() && json.size() == 1 && json.get(0).isArray()) {
      json = json.get(0);
    }
    if (json.isNumber()) {
      return new float[] {(float) json.asDouble()};
    }
    float[] numbers = new float[json.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!json.get(i).isNumber()) {
        throw at.config().wrong(name, json);
      }
      numbers[i] = (float) json.get(i).asDouble();
    }
    if (numbers.length == 0) {
      throw at.config().wrong(name, json);
    }
    return numbers;
  }
}
