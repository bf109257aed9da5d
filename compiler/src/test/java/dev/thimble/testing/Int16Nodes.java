package dev.thimble.testing;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.MixedConv2d;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Networks of convolutions of int16 by int8 that have nothing to do with each other, each with an
 * input and an output of its own: sums of 32 bits and of 64, of which some need those; multipliers
 * below 1/2, which the fastest kernels take, and others.
 */
public final class Int16Nodes {
  private static final int[] CHANNELS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 17, 20, 33};
  private static final List<Size2d> TAPS =
      List.of(
          Size2d.ONE,
          new Size2d(3, 3),
          new Size2d(1, 3),
          new Size2d(3, 1),
          new Size2d(2, 2),
          new Size2d(4, 5));
  private static final Size2d TWO = new Size2d(2, 2);

  /** The magnitude of all weights of a channel that no activations take beyond 32 bits. */
  private static final int MAX_WEIGHTS = 65_000;

  private final SplittableRandom random;
  private final RandomTensors tensors;
  private final List<Value> inputs = new ArrayList<>();
  private final Map<Value, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Tensor> data = new ArrayList<>();

  private Int16Nodes(long seed) {
    this.random = new SplittableRandom(seed);
    this.tensors = new RandomTensors(random);
  }

  /** A network of {@code rounds} nodes of each kind. */
  public static WideNodes.Network of(long seed, int rounds) {
    Int16Nodes nodes = new Int16Nodes(seed);
    for (int i = 0; i < rounds; i++) {
      nodes.convolution(1);
      nodes.convolution(1);
      nodes.convolution(2);
      nodes.pointwise();
      nodes.depthwise();
      nodes.depthwise();
      nodes.matrix(nodes.random.nextInt(1, 200));
      nodes.matrix(nodes.random.nextInt(500, 1300));
    }
    return nodes.build(seed);
  }

  private int channels() {
    return CHANNELS[random.nextInt(CHANNELS.length)];
  }

  private void convolution(int groups) {
    int depth = channels();
    int filters = groups * channels();
    Size2d kernel = TAPS.get(random.nextInt(TAPS.size()));
    slide(map(groups * depth), filters, kernel, depth, true);
  }

  private void pointwise() {
    int depth = channels();
    slide(map(depth), channels(), Size2d.ONE, depth, random.nextInt(3) == 0);
  }

  private void depthwise() {
    int channels = channels() + 1;
    Size2d kernel = TAPS.get(random.nextInt(TAPS.size()));
    slide(map(channels), channels * (random.nextInt(5) == 0 ? 2 : 1), kernel, 1, true);
  }

  private void matrix(int depth) {
    Shape input = Shape.of(random.nextInt(4) == 0 ? 3 : 1, 1, 1, depth);
    Tensor filter = tensors.filter(false, 0, channels(), 1, 1, depth);
    add(op(Size2d.ONE, Size2d.ONE, Padding2d.NONE, 1), input, filter);
  }

  private Shape map(int channels) {
    int batch = random.nextInt(6) == 0 ? 2 : 1;
    return Shape.of(batch, random.nextInt(1, 7), random.nextInt(1, 9), channels);
  }

  private void slide(Shape input, int filters, Size2d kernel, int depth, boolean strides) {
    Size2d stride = strides && random.nextInt(3) == 0 ? TWO : Size2d.ONE;
    Size2d dilation = strides && random.nextInt(6) == 0 ? TWO : Size2d.ONE;
    int spanY = (kernel.height() - 1) * dilation.height() + 1;
    int spanX = (kernel.width() - 1) * dilation.width() + 1;
    boolean fits = spanY <= input.dim(1) && spanX <= input.dim(2);
    Padding2d padding =
        fits && random.nextInt(3) == 0
            ? Padding2d.NONE
            : random.nextInt(4) == 0
                ? new Padding2d(spanY / 2, spanY, spanX, spanX)
                : Padding2d.same(input.dim(1), input.dim(2), kernel, stride, dilation);
    Tensor filter =
        random.nextInt(4) == 0
            ? tensors.filterOfFewLeast(0, filters, kernel.height(), kernel.width(), depth)
            : tensors.filter(false, 0, filters, kernel.height(), kernel.width(), depth);
    add(op(stride, dilation, padding, input.dim(3) / depth), input, filter);
  }

  private MixedConv2d op(Size2d stride, Size2d dilation, Padding2d padding, int groups) {
    Activation activation =
        switch (random.nextInt(4)) {
          case 0 -> Activation.NONE;
          case 1, 2 -> Activation.RELU;
          default -> Activation.values()[random.nextInt(Activation.values().length)];
        };
    MixedConv2d.Scaling scaling =
        random.nextBoolean() ? MixedConv2d.Scaling.DOUBLE : MixedConv2d.Scaling.FLOAT;
    return new MixedConv2d(stride, dilation, padding, groups, scaling, activation);
  }

  private void add(MixedConv2d op, Shape shape, Tensor filter) {
    TensorType input = type(shape, tensors.scale());
    int channels = filter.shape().dim(0);
    int taps = filter.type().elements() / channels;
    boolean wide = random.nextBoolean() || largest(filter.ints(), taps) > MAX_WEIGHTS;
    Tensor bias = bias(wide ? DType.INT64 : DType.INT32, channels);
    double magnitude = random.nextInt(4) == 0 ? 3 : 80;
    float scale = (float) (input.scale() * filter.type().scaleOf(0) * Math.sqrt(taps) * magnitude);
    List<TensorType> types = List.of(input, filter.type(), bias.type());
    TensorType output = type(op.outputShape(types), scale);
    op.check(types, List.of(output));
    Value activations = new Value("input_" + inputs.size(), input);
    inputs.add(activations);
    data.add(tensors.fill(input));
    List<Value> operands = List.of(activations, constant(filter), constant(bias));
    nodes.add(new Node(op, operands, new Value("node_" + nodes.size(), output)));
  }

  private static int largest(int[] filter, int taps) {
    int largest = 0;
    int sum = 0;
    for (int i = 0; i < filter.length; i++) {
      sum = (i % taps == 0 ? 0 : sum) + Math.abs(filter[i]);
      largest = Math.max(largest, sum);
    }
    return largest;
  }

  private Tensor bias(DType dtype, int channels) {
    long bound = dtype == DType.INT32 || random.nextBoolean() ? 100_000 : 1L << 36;
    TensorType type = TensorType.of(dtype, Shape.of(channels));
    return Tensor.ofLongs(type, random.longs(channels, -bound, bound).toArray());
  }

  private static TensorType type(Shape shape, float scale) {
    return new TensorType(DType.INT16, shape, new QuantParams.PerTensor(scale, 0));
  }

  private Value constant(Tensor tensor) {
    Value value = new Value("constant_" + constants.size(), tensor.type());
    constants.put(value, tensor);
    return value;
  }

  private WideNodes.Network build(long seed) {
    List<Value> outputs = nodes.stream().map(Node::output).toList();
    Graph graph = new Graph("int16_" + seed, inputs, constants, nodes, outputs, Map.of());
    return new WideNodes.Network(GraphChecker.check(graph), List.copyOf(data));
  }
}
