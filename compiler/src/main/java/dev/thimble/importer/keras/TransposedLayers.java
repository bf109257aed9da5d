package dev.thimble.importer.keras;

import dev.thimble.graph.Value;
import dev.thimble.importer.keras.LayerImport.LayerReader;
import dev.thimble.importer.layout.Permutation;
import dev.thimble.op.Activation;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.op.TransposedConv2d;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Transposed convolutions. */
final class TransposedLayers {
  private TransposedLayers() {}

  static void list(Map<String, LayerReader> readers) {
    readers.put("Conv1DTranspose", at -> transposed(at, 1));
    readers.put("Conv2DTranspose", at -> transposed(at, 2));
    readers.put("Deconvolution2D", TransposedLayers::old);
  }

  private static List<KerasTensor> old(Layer at) {
    throw new UnsupportedLayer("Keras 1's Deconvolution2D", "Conv2DTranspose");
  }

  /** What is cut off one axis of the full product, or added behind it. */
  private record Cut(int before, int after, int extra) {}

  /** The kernel is [H, W, O, I] in the file, [L, O, I] for sequences. */
  private static List<KerasTensor> transposed(Layer at, int axes) {
    if (at.config().count(1, "groups") != 1) {
      throw new UnsupportedLayer("a transposed convolution in groups", "one group");
    }
    Value map = FilterLayers.map(at, axes);
    Tensor kernel = FilterLayers.kernel(at, "kernel", "_W", 0, axes);
    Shape shape = map.type().shape();
    FilterLayers.requireDepth(at, shape.dim(3), kernel.shape().dim(3));
    Size2d stride = Windows.size(at, axes, 1, "strides");
    Size2d dilation = Windows.size(at, axes, 1, "dilation_rate");
    Cut rows = cut(at, 0, shape.dim(1), kernel.shape().dim(0), stride.height(), dilation.height());
    Cut columns =
        axes == 1
            ? new Cut(0, 0, 0)
            : cut(at, 1, shape.dim(2), kernel.shape().dim(1), stride.width(), dilation.width());
    Padding2d padding =
        new Padding2d(rows.before(), rows.after(), columns.before(), columns.after());
    Value filter = at.constant("kernel", () -> Permutation.apply(kernel, List.of(2, 0, 1, 3)));
    Value bias = FilterLayers.bias(at, 1, kernel.shape().dim(2));
    Value product =
        at.node(
            () ->
                new TransposedConv2d(
                    stride, dilation, padding, rows.extra(), columns.extra(), 1, Activation.NONE),
            map,
            filter,
            bias);
    return at.result(FilterLayers.activated(at, product, axes));
  }

  /**
   * TensorFlow makes the output the input of which the forward convolution, padded alike, has this
   * layer's input as output; of the odd one, less lies in front.
   */
  private static Cut cut(Layer at, int axis, int input, int kernel, int stride, int dilation) {
    long span = (long) (kernel - 1) * dilation + 1;
    long full = (long) (input - 1) * stride + span;
    boolean same =
        switch (at.config().text("valid", "padding")) {
          case "same" -> true;
          case "valid" -> false;
          default -> throw at.malformed("has padding of an unknown kind");
        };
    long output = same ? (long) input * stride : Math.max(full, (long) input * stride);
    if (at.config().get("output_padding").isPresent()) {
      List<Integer> more = outputPadding(at);
      int extra = more.get(Math.min(axis, more.size() - 1));
      output = full - (same ? span / 2 * 2 : 0) + extra;
    }
    long cut = full - output;
    if (cut > Integer.MAX_VALUE || cut < -Integer.MAX_VALUE) {
      throw at.malformed("has extents that make no sense");
    }
    return cut < 0 ? new Cut(0, 0, (int) -cut) : new Cut((int) cut / 2, (int) (cut - cut / 2), 0);
  }

  private static List<Integer> outputPadding(Layer at) {
    tools.jackson.databind.JsonNode json = at.config().get("output_padding").orElseThrow();
    return at.config().counts("output_padding", json, json.isArray() ? json.size() : 1, 0);
  }
}
