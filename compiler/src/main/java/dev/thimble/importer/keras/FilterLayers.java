package dev.thimble.importer.keras;

import dev.thimble.graph.Value;
import dev.thimble.importer.keras.LayerImport.LayerReader;
import dev.thimble.importer.layout.Permutation;
import dev.thimble.op.Activation;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Map;

/** Dense and the convolutions. */
final class FilterLayers {
  private FilterLayers() {}

  static void list(Map<String, LayerReader> readers) {
    readers.put("Dense", FilterLayers::dense);
    readers.put("Conv1D", at -> conv(at, 1));
    readers.put("Convolution1D", at -> conv(at, 1));
    readers.put("Conv2D", at -> conv(at, 2));
    readers.put("Convolution2D", at -> conv(at, 2));
    readers.put("DepthwiseConv1D", at -> depthwise(at, 1));
    readers.put("DepthwiseConv2D", at -> depthwise(at, 2));
    readers.put("SeparableConv1D", at -> separable(at, 1));
    readers.put("SeparableConv2D", at -> separable(at, 2));
  }

  /** The kernel is [I, O] in the file. */
  private static List<KerasTensor> dense(Layer at) {
    KerasTensor input = at.plain(at.input());
    Tensor kernel = at.weight("kernel", "_W", 0, 2);
    int units = kernel.shape().dim(1);
    requireDepth(at, input.shape().dim(-1), kernel.shape().dim(0));
    Value filter = at.constant("kernel", () -> Permutation.apply(kernel, List.of(1, 0)));
    boolean keepAxes = input.rank() > 2;
    Value product =
        at.node(
            () -> new FullyConnected(keepAxes, Activation.NONE),
            input.value(),
            filter,
            bias(at, 1, units));
    return at.result(ActivationLayers.activated(at, KerasTensor.of(product)));
  }

  /** The bias under its name; zeros where the layer has none. */
  static Value bias(Layer at, int position, int channels) {
    if (!at.config().flag(true, "use_bias", "bias")) {
      return at.constant("bias", () -> Layer.floats(new float[channels], channels));
    }
    return at.constant(
        "bias", () -> at.required(at.weight("bias", "_b", position, 1), "bias", channels));
  }

  static void requireDepth(Layer at, int found, int expected) {
    if (found != expected) {
      throw at.malformed("has weights for " + expected + " channels, its input has " + found);
    }
  }

  /** The kernel is [H, W, I / groups, O] in the file, [L, I / groups, O] for sequences. */
  private static List<KerasTensor> conv(Layer at, int axes) {
    requireNewOrder(at);
    Value map = map(at, axes);
    Tensor kernel = kernel(at, "kernel", "_W", 0, axes);
    int channels = map.type().shape().dim(3);
    int groups = at.config().count(1, "groups");
    requireDepth(at, channels, Math.multiplyExact(kernel.shape().dim(2), groups));
    Windows.Geometry window = geometry(at, axes, map.type().shape(), kernel.shape());
    Value filter = at.constant("kernel", () -> Permutation.apply(kernel, List.of(3, 0, 1, 2)));
    Value bias = bias(at, 1, kernel.shape().dim(3));
    Value product =
        at.node(
            () ->
                new Conv2d(
                    window.stride(), window.dilation(), window.padding(), groups, Activation.NONE),
            map,
            filter,
            bias);
    return at.result(activated(at, product, axes));
  }

  /** The kernel [H, W, C, M] holds its numbers in the order of a filter [1, H, W, C * M]. */
  private static List<KerasTensor> depthwise(Layer at, int axes) {
    Value map = map(at, axes);
    Value product = depthwise(at, map, axes, true);
    return at.result(activated(at, product, axes));
  }

  private static Value depthwise(Layer at, Value map, int axes, boolean withBias) {
    Tensor kernel = kernel(at, "depthwise_kernel", "_depthwise_kernel", 0, axes);
    Shape shape = kernel.shape();
    requireDepth(at, map.type().shape().dim(3), shape.dim(2));
    int channels = Math.multiplyExact(shape.dim(2), shape.dim(3));
    Windows.Geometry window = geometry(at, axes, map.type().shape(), shape);
    Value filter =
        at.constant(
            "depthwise_kernel", () -> shaped(kernel, 1, shape.dim(0), shape.dim(1), channels));
    Value bias =
        withBias
            ? bias(at, 1, channels)
            : at.constant("depthwise_bias", () -> Layer.floats(new float[channels], channels));
    return at.node(
        () ->
            new DepthwiseConv2d(
                window.stride(),
                window.dilation(),
                window.padding(),
                shape.dim(3),
                Activation.NONE),
        map,
        filter,
        bias);
  }

  private static List<KerasTensor> separable(Layer at, int axes) {
    Value between = depthwise(at, map(at, axes), axes, false);
    Tensor kernel = kernel(at, "pointwise_kernel", "_pointwise_kernel", 1, axes);
    Shape shape = kernel.shape();
    requireDepth(at, between.type().shape().dim(3), shape.dim(2));
    if (shape.dim(0) != 1 || shape.dim(1) != 1) {
      throw at.malformed("has a pointwise kernel of shape " + shape);
    }
    Value filter =
        at.constant("pointwise_kernel", () -> Permutation.apply(kernel, List.of(3, 0, 1, 2)));
    Value bias = bias(at, 2, shape.dim(3));
    Value product =
        at.node(
            () ->
                new Conv2d(
                    Size2d.ONE, Size2d.ONE, dev.thimble.op.Padding2d.NONE, 1, Activation.NONE),
            between,
            filter,
            bias);
    return at.result(activated(at, product, axes));
  }

  /** Keras 1 kept kernels in Theano's order where channels came first. */
  private static void requireNewOrder(Layer at) {
    if (at.config().text("", "dim_ordering").equals("th")) {
      throw new UnsupportedLayer("weights in Theano's order", "weights in TensorFlow's order");
    }
  }

  /** The input as a map [N, H, W, C]. */
  static Value map(Layer at, int axes) {
    Value value = at.channelsLastInput(axes + 2).value();
    return at.reshaped(value, Windows.map(value.type().shape()));
  }

  /** A kernel of two spatial axes, whatever the file has. */
  static Tensor kernel(Layer at, String role, String older, int position, int axes) {
    boolean wide = axes == 2 || at.config().get("nb_filter").isPresent();
    Tensor kernel = at.weight(role, older, position, wide ? 4 : 3);
    if (wide) {
      return kernel;
    }
    Shape shape = kernel.shape();
    return shaped(kernel, shape.dim(0), 1, shape.dim(1), shape.dim(2));
  }

  private static Tensor shaped(Tensor array, int... dims) {
    return array.as(TensorType.float32(dims));
  }

  private static Windows.Geometry geometry(Layer at, int axes, Shape map, Shape kernel) {
    return Windows.geometry(
        at,
        map,
        new Size2d(kernel.dim(0), kernel.dim(1)),
        Windows.size(at, axes, 1, "strides", "subsample", "subsample_length"),
        Windows.size(at, axes, 1, "dilation_rate", "atrous_rate"));
  }

  /** The activation of a product, and its spatial axes as the layer has them. */
  static KerasTensor activated(Layer at, Value product, int axes) {
    boolean before = ActivationLayers.isElementwise(at);
    Value applied = before ? ActivationLayers.elementwise(at, product) : product;
    Value shaped = at.reshaped(applied, Windows.unmap(applied.type().shape(), axes));
    KerasTensor tensor = at.channelsLastOutput(shaped);
    return before ? tensor : ActivationLayers.activated(at, tensor);
  }
}
