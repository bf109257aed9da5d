package dev.thimble.quant;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.MixedConv2d;
import dev.thimble.op.Op;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Reshape;
import dev.thimble.op.Size2d;
import dev.thimble.op.TransposedConv2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A node with an int8 filter for activations that {@link Conv2d} and its kin do not take: the op
 * that does, with filter and bias in the form in which it takes them.
 *
 * @param rows whether each row of the input is a pixel, since the node is fully connected
 */
record WideFilter(Op op, boolean rows, Tensor filter, Tensor bias) {
  /**
   * The form for int16 activations.
   *
   * @param filter the stored filter, as the float node has it
   * @param bias the real bias
   * @throws IllegalArgumentException where the op has no such form
   */
  static WideFilter of(Node node, Tensor filter, Tensor bias, TensorType input) {
    Tensor turned = turned(node, filter);
    return new WideFilter(
        op(node, MixedConv2d.Scaling.DOUBLE),
        node.op() instanceof FullyConnected,
        turned,
        bias(bias, input.scale(), turned));
  }

  /**
   * The form for float activations, with an int8 filter.
   *
   * @param filter the stored filter, as the float node has it
   * @throws IllegalArgumentException where the op has no such form
   */
  static WideFilter weights(Node node, Tensor filter, Tensor bias) {
    if (node.op() instanceof TransposedConv2d) {
      throw new IllegalArgumentException("has no arithmetic for stored filters");
    }
    return new WideFilter(
        op(node, MixedConv2d.Scaling.WEIGHTS),
        node.op() instanceof FullyConnected,
        turned(node, filter),
        bias);
  }

  /** The op in the place of a float node. */
  private static Op op(Node node, MixedConv2d.Scaling scaling) {
    Op op = node.op();
    if (op instanceof Conv2d c) {
      return new MixedConv2d(
          c.stride(), c.dilation(), c.padding(), c.groups(), scaling, c.activation());
    }
    if (op instanceof DepthwiseConv2d d) {
      int channels = node.input().type().shape().dim(3);
      return new MixedConv2d(
          d.stride(), d.dilation(), d.padding(), channels, scaling, d.activation());
    }
    if (op instanceof FullyConnected f) {
      return new MixedConv2d(Size2d.ONE, Size2d.ONE, Padding2d.NONE, 1, scaling, f.activation());
    }
    if (op instanceof TransposedConv2d) {
      return op;
    }
    throw new IllegalArgumentException(op.kind() + " has no arithmetic");
  }

  /** A filter as [O,H,W,I]. */
  private static Tensor turned(Node node, Tensor filter) {
    Shape shape = filter.shape();
    List<Float> scales = ((QuantParams.PerChannel) filter.type().quant()).scales();
    QuantParams quant = new QuantParams.PerChannel(0, scales);
    if (node.op() instanceof FullyConnected) {
      return filter.as(
          new TensorType(DType.INT8, Shape.of(shape.dim(0), 1, 1, shape.dim(1)), quant));
    }
    if (!(node.op() instanceof DepthwiseConv2d)) {
      return filter;
    }
    int channels = shape.dim(3);
    int taps = shape.dim(1) * shape.dim(2);
    int[] stored = new int[filter.ints().length];
    for (int i = 0; i < stored.length; i++) {
      stored[i] = filter.ints()[i % taps * channels + i / taps];
    }
    Shape first = Shape.of(channels, shape.dim(1), shape.dim(2), 1);
    return Tensor.ofInts(new TensorType(DType.INT8, first, quant), stored);
  }

  /** A filter as a float node has it, of the form in which it stands beside a quantised one. */
  static Tensor turnedBack(Node node, Tensor filter) {
    boolean turned =
        node.op() instanceof DepthwiseConv2d
            && filter.type().quant() instanceof QuantParams.PerChannel p
            && p.axis() == 0;
    if (!turned) {
      return filter;
    }
    Shape shape = filter.shape();
    int taps = shape.dim(1) * shape.dim(2);
    int channels = shape.dim(0);
    int[] stored = new int[filter.ints().length];
    for (int i = 0; i < stored.length; i++) {
      stored[i % taps * channels + i / taps] = filter.ints()[i];
    }
    List<Float> scales = ((QuantParams.PerChannel) filter.type().quant()).scales();
    Shape last = Shape.of(1, shape.dim(1), shape.dim(2), channels);
    return Tensor.ofInts(
        new TensorType(DType.INT8, last, new QuantParams.PerChannel(3, scales)), stored);
  }

  /**
   * A bias as int32 where no sum can leave that, else as int64: sums of 32 bits are scaled by more
   * exact multipliers, rule Q61 of quantization.md.
   */
  private static Tensor bias(Tensor bias, float inputScale, Tensor filter) {
    int channels = bias.type().elements();
    int taps = filter.ints().length / channels;
    long[] stored = new long[channels];
    boolean fits = true;
    for (int channel = 0; channel < channels; channel++) {
      double scale = (double) inputScale * filter.type().scaleOf(channel);
      stored[channel] = Math.round(bias.floats()[channel] / scale);
      long most = 0;
      for (int i = 0; i < taps; i++) {
        most += Math.abs(filter.ints()[channel * taps + i]);
      }
      // What is compared cannot overflow: a quotient that is too large is stored as the limit.
      fits &= Math.abs(stored[channel] / 2) + (most << 14) < 1L << 30;
    }
    DType dtype = fits ? DType.INT32 : DType.INT64;
    return Tensor.ofLongs(TensorType.of(dtype, bias.shape()), stored);
  }

  /**
   * The nodes from an input to an output; a fully connected one is a convolution of pixels between
   * two changes of shape.
   */
  List<Node> nodes(
      Value input, Value filters, Value biases, Value output, UnaryOperator<String> fresh) {
    if (!rows) {
      return List.of(new Node(op, List.of(input, filters, biases), output));
    }
    int depth = filter.shape().dim(3);
    int count = input.type().elements() / depth;
    Shape in = Shape.of(count, 1, 1, depth);
    Shape out = Shape.of(count, 1, 1, filter.shape().dim(0));
    Value asPixels = new Value(fresh.apply(output.name() + "~pixels"), input.type().withShape(in));
    Value sums = new Value(fresh.apply(output.name() + "~sums"), output.type().withShape(out));
    return List.of(
        new Node(new Reshape(in), List.of(input), asPixels),
        new Node(op, List.of(asPixels, filters, biases), sums),
        new Node(new Reshape(output.type().shape()), List.of(sums), output));
  }
}
