package dev.thimble.quant.fold;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Bias;
import dev.thimble.op.Conv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.MixedConv2d;
import dev.thimble.op.Op;
import dev.thimble.op.Quantize;
import dev.thimble.op.Reshape;
import dev.thimble.op.Rounding;
import dev.thimble.op.Transpose;
import dev.thimble.op.TransposedConv2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Nodes with a filter and a bias. */
final class Filters {
  /** The largest magnitude of {@code x - z} of int8. */
  private static final long LARGEST_INPUT = 255;

  /** So far, of its magnitude, a product of a stored bias and two scales may be off. */
  private static final double FLOAT_ERROR = 4.0 / (1 << 24);

  /** By how much of the result's steps a bias may be off for a filter to take fewer bits. */
  private static final double BIAS_ERROR = 1.0 / 1024;

  private final Graph source;
  private final FoldedGraph made;
  private final Rounding rounding;

  Filters(Graph source, FoldedGraph made, Rounding rounding) {
    this.rounding = rounding;
    this.source = source;
    this.made = made;
  }

  /**
   * A filter's weights in units of scales.
   *
   * @param scales one, or one for each channel
   * @param zeroPoint 0 unless the weights are uint8
   */
  private record Weights(DType dtype, int[] stored, double[] scales, int zeroPoint) {
    double scale(int channel) {
      return scales[scales.length == 1 ? 0 : channel];
    }

    /** The type, with scales that a number is multiplied into. */
    TensorType type(Shape shape, int axis, double factor) {
      List<Float> floats = new ArrayList<>();
      for (double scale : scales) {
        floats.add((float) (scale * factor));
      }
      return new TensorType(
          dtype,
          shape,
          scales.length == 1
              ? new QuantParams.PerTensor(floats.getFirst(), zeroPoint)
              : new QuantParams.PerChannel(axis, floats));
    }
  }

  /** The node of stored numbers whose output is this; throws as {@link Operations} says. */
  Value folded(Node node, int axis, Held input, Target target, Value output) {
    if (node.inputs().size() != 3
        || !isFloat(node.inputs().get(1))
        || !isFloat(node.inputs().get(2))) {
      throw new IllegalArgumentException("its filter and bias are no constants");
    }
    Tensor filter = source.constant(node.inputs().get(1)).orElseThrow();
    Tensor bias = source.constant(node.inputs().get(2)).orElseThrow();
    int channels = filter.shape().dim(axis);
    Weights weights =
        few(filter, axis)
            .filter(each -> keeps(each, bias, input, target))
            .orElseGet(() -> weights(filter, axis, true));
    double[] biases = new double[channels];
    double[] sums = new double[channels];
    for (int channel = 0; channel < channels; channel++) {
      biases[channel] = bias.floats()[channel] / (input.scale() * weights.scale(channel));
      sums[channel] = sum(weights, channel, channels, axis, filter.shape());
    }
    boolean fractions =
        rounding == Rounding.SINGLE
            && weights.dtype() == DType.INT8
            && !(node.op() instanceof TransposedConv2d);
    Tensor stored = stored(biases, sums, fractions ? Bias.MAX_BITS : 0);
    TensorType type = weights.type(filter.shape(), axis, input.unit() / target.unit());
    return add(node, input.value(), Tensor.ofInts(type, weights.stored()), stored, output);
  }

  /**
   * Biases in the finest units, down to 2^-most, in which their sums with products fit 32 bits;
   * whole ones where that changes none of them by more than a float's own rounding.
   */
  private static Tensor stored(double[] biases, double[] sums, int most) {
    int bits = IntStream.range(0, biases.length).allMatch(i -> isWhole(biases[i])) ? 0 : most;
    while (bits > 0 && !fits(biases, sums, bits)) {
      bits--;
    }
    if (!fits(biases, sums, bits)) {
      throw new IllegalArgumentException("its sums may need more than 32 bits");
    }
    int[] stored = new int[biases.length];
    for (int channel = 0; channel < stored.length; channel++) {
      stored[channel] = (int) Math.rint(Math.scalb(biases[channel], bits));
    }
    return Tensor.ofInts(Bias.type(stored.length, bits), stored);
  }

  /** Whether a quotient of floats is a whole number, but for what a float leaves off. */
  private static boolean isWhole(double bias) {
    return Math.abs(bias - Math.rint(bias)) <= Math.max(1, Math.abs(bias)) * FLOAT_ERROR;
  }

  private static boolean fits(double[] biases, double[] sums, int bits) {
    for (int channel = 0; channel < biases.length; channel++) {
      double greatest =
          Math.abs(Math.rint(Math.scalb(biases[channel], bits))) + Math.scalb(sums[channel], bits);
      if (!(greatest <= Integer.MAX_VALUE)) {
        return false;
      }
    }
    return true;
  }

  private boolean isFloat(Value value) {
    return source.constant(value).filter(data -> data.type().isFloat()).isPresent();
  }

  private Value add(Node node, Value input, Tensor filter, Tensor bias, Value output) {
    Optional<Unturned> unturned = unturned(node.op(), input, filter);
    Value from = unturned.map(Unturned::input).orElse(input);
    Tensor weights = unturned.map(Unturned::filter).orElse(filter);
    Value biases = made.constant(node.name() + "~bias", bias);
    Value filters = made.constant(node.name() + "~filter", weights);
    if (weights.type().dtype() == DType.INT8) {
      return made.add(node.op(), List.of(from, filters, biases), output);
    }
    if (!(node.op() instanceof Conv2d c)) {
      throw new IllegalArgumentException("its filter's zero point is not 0");
    }
    Op op =
        new MixedConv2d(
            c.stride(),
            c.dilation(),
            c.padding(),
            c.groups(),
            MixedConv2d.Scaling.DOUBLE,
            c.activation());
    return made.add(op, List.of(from, filters, biases), output);
  }

  /** The weights by which a filter of 4 bits or fewer stays one, which is packed in flash. */
  private static Optional<Weights> few(Tensor filter, int axis) {
    try {
      Weights weights = weights(filter, axis, false);
      return weights.dtype() == DType.INT8
              && Arrays.stream(weights.stored()).allMatch(each -> each >= -8 && each <= 7)
          ? Optional.of(weights)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether a bias in units of the input's scale and the weights' is near enough to its floats. */
  private static boolean keeps(Weights weights, Tensor bias, Held input, Target target) {
    for (int channel = 0; channel < bias.floats().length; channel++) {
      double unit = input.scale() * weights.scale(channel);
      double stored = Math.rint(bias.floats()[channel] / unit) * unit;
      if (Math.abs(stored - bias.floats()[channel]) > BIAS_ERROR * target.scale()) {
        return false;
      }
    }
    return true;
  }

  /**
   * The weights as int8 of one scale, or of one for each channel, or as uint8 of one scale.
   *
   * @param fine whether their scale is the finest, which is best for the bias, or the coarsest
   */
  private static Weights weights(Tensor filter, int axis, boolean fine) {
    Optional<WeightGrid> whole = WeightGrid.of(filter.floats(), fine);
    if (whole.isPresent() && whole.get().isInt8()) {
      double scale = whole.get().scale() == 0 ? 1 : whole.get().scale();
      return new Weights(DType.INT8, whole.get().steps(), new double[] {scale}, 0);
    }
    int channels = filter.shape().dim(axis);
    int inner = inner(filter.shape(), axis);
    int[] stored = new int[filter.floats().length];
    double[] scales = new double[channels];
    double other = 0;
    for (int channel = 0; channel < channels; channel++) {
      int[] positions = positions(channel, channels, inner, stored.length);
      WeightGrid grid = WeightGrid.of(channel(filter, positions), fine).orElseThrow(Filters::wide);
      if (!grid.isInt8()) {
        return asymmetric(whole.orElseThrow(Filters::wide));
      }
      scales[channel] = grid.scale();
      other = Math.max(other, grid.scale());
      for (int i = 0; i < positions.length; i++) {
        stored[positions[i]] = grid.steps()[i];
      }
    }
    for (int channel = 0; channel < channels; channel++) {
      scales[channel] = scales[channel] == 0 ? other : scales[channel];
    }
    return new Weights(DType.INT8, stored, scales, 0);
  }

  private static IllegalArgumentException wide() {
    return new IllegalArgumentException("its filter is not quantised to 8 bits");
  }

  private static Weights asymmetric(WeightGrid grid) {
    int zeroPoint = -grid.lowest();
    if (grid.highest() + zeroPoint > DType.UINT8.max()) {
      throw wide();
    }
    int[] stored = grid.steps().clone();
    for (int i = 0; i < stored.length; i++) {
      stored[i] += zeroPoint;
    }
    return new Weights(DType.UINT8, stored, new double[] {grid.scale()}, zeroPoint);
  }

  private static int inner(Shape shape, int axis) {
    int inner = 1;
    for (int i = axis + 1; i < shape.rank(); i++) {
      inner *= shape.dim(i);
    }
    return inner;
  }

  /** The elements of a channel, by their positions in the filter. */
  private static int[] positions(int channel, int channels, int inner, int elements) {
    int[] positions = new int[elements / channels];
    int at = 0;
    for (int start = channel * inner; start < elements; start += channels * inner) {
      for (int i = 0; i < inner; i++) {
        positions[at++] = start + i;
      }
    }
    return positions;
  }

  private static float[] channel(Tensor filter, int[] positions) {
    float[] floats = new float[positions.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = filter.floats()[positions[i]];
    }
    return floats;
  }

  /** The largest magnitude of a channel's sum of products. */
  private static double sum(Weights weights, int channel, int channels, int axis, Shape shape) {
    long sum = 0;
    for (int at : positions(channel, channels, inner(shape, axis), weights.stored().length)) {
      sum += Math.abs(weights.stored()[at] - weights.zeroPoint());
    }
    return (double) sum * LARGEST_INPUT;
  }

  /** A map before it was transposed, and a filter with its columns in that order. */
  private record Unturned(Value input, Tensor filter) {}

  /**
   * A map that is transposed only to be flattened in front of a fully connected node is read as it
   * was before, with the filter's columns in another order.
   */
  private Optional<Unturned> unturned(Op op, Value input, Tensor filter) {
    if (!(op instanceof FullyConnected f) || f.keepAxes()) {
      return Optional.empty();
    }
    Optional<Node> scaled = made.producer(input).filter(node -> node.op() instanceof Quantize);
    Value flat = scaled.map(Node::input).orElse(input);
    Optional<Node> turn =
        made.producer(flat)
            .filter(node -> node.op() instanceof Reshape)
            .flatMap(node -> made.producer(node.input()))
            .filter(node -> node.op() instanceof Transpose);
    if (turn.isEmpty() || !(turn.get().op() instanceof Transpose transpose)) {
      return Optional.empty();
    }
    Shape before = turn.get().input().type().shape();
    List<Integer> axes = transpose.permutation();
    int depth = filter.shape().dim(1);
    if (axes.getFirst() != 0 || before.elements() != depth * before.dim(0)) {
      return Optional.empty();
    }
    int[] from = places(before.with(0, 1), axes);
    int[] moved = new int[filter.ints().length];
    for (int i = 0; i < moved.length; i++) {
      moved[i / depth * depth + from[i % depth]] = filter.ints()[i];
    }
    Value map = turn.get().input();
    Value read =
        scaled.isEmpty()
            ? map
            : made.add(
                scaled.get().op(),
                List.of(map),
                input.name() + "~map",
                input.type().withShape(before));
    return Optional.of(new Unturned(read, Tensor.ofInts(filter.type(), moved)));
  }

  /** For each element in the transposed order its position before. */
  private static int[] places(Shape before, List<Integer> axes) {
    int rank = before.rank();
    int[] strides = new int[rank];
    int stride = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= before.dim(axis);
    }
    int[] positions = new int[before.elements()];
    for (int i = 0; i < positions.length; i++) {
      int rest = i;
      for (int axis = rank - 1; axis >= 0; axis--) {
        int extent = before.dim(axes.get(axis));
        positions[i] += rest % extent * strides[axes.get(axis)];
        rest /= extent;
      }
    }
    return positions;
  }
}
