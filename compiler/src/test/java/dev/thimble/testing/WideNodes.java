package dev.thimble.testing;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Pad;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Quantize;
import dev.thimble.op.Reduce;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.op.Size2d;
import dev.thimble.op.Unary;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Networks of int8 nodes that have nothing to do with each other, each with inputs and an output of
 * its own: what kernels of an instruction set must serve. Channels reach from 1 to 70, odd numbers
 * and those about the widths of registers among them; the shapes that networks are made of are
 * frequent.
 */
public final class WideNodes {
  private static final int[] CHANNELS = {
    1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 15, 16, 17, 20, 24, 31, 32, 33, 40, 48, 63, 64, 65, 70
  };
  private static final List<Size2d> TAPS =
      List.of(
          Size2d.ONE,
          Size2d.ONE,
          new Size2d(3, 3),
          new Size2d(3, 3),
          new Size2d(5, 5),
          new Size2d(1, 3),
          new Size2d(3, 1),
          new Size2d(2, 2),
          new Size2d(4, 10));
  private static final Size2d TWO = new Size2d(2, 2);

  private final SplittableRandom random;
  private final RandomTensors tensors;
  private final List<Value> inputs = new ArrayList<>();
  private final Map<Value, Tensor> constants = new LinkedHashMap<>();
  private final Set<Value> inner = new HashSet<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Tensor> data = new ArrayList<>();
  private int bits = Byte.SIZE;
  private boolean fewLeast;

  private WideNodes(long seed) {
    this.random = new SplittableRandom(seed);
    this.tensors = new RandomTensors(random);
  }

  /**
   * A network, and data for its inputs that reach every stored number and often its ends.
   *
   * @param data for each input of the graph
   */
  public record Network(Graph graph, List<Tensor> data) {}

  /** A network of {@code rounds} nodes of each kind. */
  public static Network of(long seed, int rounds) {
    WideNodes nodes = new WideNodes(seed);
    for (int i = 0; i < rounds; i++) {
      nodes.conv2d();
      nodes.conv2d();
      nodes.depthwise();
      nodes.fullyConnected();
      nodes.pool();
      nodes.mean();
      nodes.binary();
      nodes.unary();
      nodes.pooledConv2d();
      nodes.pad();
    }
    return nodes.build(seed);
  }

  /**
   * A network of depthwise convolutions by 3 x 3 windows, which kernels compute by ways of their
   * own: maps as narrow as a window and wide ones, every padding that leaves a column in reach.
   */
  public static Network ofDepthwise3(long seed, int count) {
    WideNodes nodes = new WideNodes(seed);
    for (int i = 0; i < count; i++) {
      nodes.depthwise3();
    }
    return nodes.build(seed);
  }

  /** A network of {@code rounds} nodes with filters of 4 bits, and fewer of 2 and of 1. */
  public static Network ofFewBits(long seed, int rounds) {
    WideNodes nodes = new WideNodes(seed);
    for (int i = 0; i < rounds; i++) {
      nodes.bits = i % 2 == 0 ? 4 : i % 4;
      nodes.bits = nodes.bits == 3 ? 2 : nodes.bits;
      nodes.conv2d();
      nodes.depthwise();
      nodes.conv2d();
      nodes.fullyConnected();
    }
    return nodes.build(seed);
  }

  /**
   * A network of {@code rounds} nodes with filters that hold few weights of -128, which pairs of
   * channels in a halfword have no room for.
   */
  public static Network ofFewLeast(long seed, int rounds) {
    WideNodes nodes = new WideNodes(seed);
    nodes.fewLeast = true;
    for (int i = 0; i < rounds; i++) {
      nodes.conv2d(1);
      nodes.conv2d(2);
      nodes.conv2d(3);
      nodes.depthwise();
      nodes.fullyConnected();
    }
    return nodes.build(seed);
  }

  /** A network of convolutions whose channels form groups, from 2 to 4. */
  public static Network ofGroups(long seed, int count) {
    WideNodes nodes = new WideNodes(seed);
    for (int i = 0; i < count; i++) {
      nodes.conv2d(nodes.random.nextInt(2, 5));
    }
    return nodes.build(seed);
  }

  /**
   * A network of convolutions, each with a max pooling after it whose windows do not overlap, as
   * kernels of both at once compute them.
   */
  public static Network ofPooled(long seed, int count) {
    WideNodes nodes = new WideNodes(seed);
    for (int i = 0; i < count; i++) {
      nodes.conv2d();
      nodes.maxima();
    }
    return nodes.build(seed);
  }

  private void maxima() {
    Value convolved = nodes.getLast().output();
    int height = convolved.type().shape().dim(1);
    int width = convolved.type().shape().dim(2);
    Size2d kernel =
        new Size2d(
            random.nextInt(1, Math.min(height, 3) + 1), random.nextInt(1, Math.min(width, 4) + 1));
    Size2d stride =
        new Size2d(kernel.height() + random.nextInt(2), kernel.width() + random.nextInt(2));
    Pool2d op = new Pool2d(Pool2d.Kind2d.MAX, kernel, stride, Padding2d.NONE, activation());
    Shape shape = op.outputShape(List.of(convolved.type()));
    add(op, List.of(convolved), convolved.type().withShape(shape));
    inner.add(convolved);
  }

  private void depthwise3() {
    int channels = channels();
    int width = random.nextInt(1, random.nextInt(5) == 0 ? 40 : 14);
    int height = random.nextInt(1, 8);
    int top = random.nextInt(3);
    int left = random.nextInt(3);
    Padding2d padding =
        new Padding2d(
            top,
            Math.max(3 - height - top, random.nextInt(2)),
            left,
            Math.max(3 - width - left, random.nextInt(3)));
    Size2d stride = new Size2d(random.nextInt(1, 3), random.nextInt(1, 3));
    DepthwiseConv2d op = new DepthwiseConv2d(stride, Size2d.ONE, padding, 1, activation());
    Tensor filter = filter(false, 3, 1, 3, 3, channels);
    TensorType input = tensors.activations(false, random.nextInt(1, 3), height, width, channels);
    filtered(op, input, filter, channels, 9);
  }

  private Network build(long seed) {
    List<Value> outputs =
        nodes.stream().map(Node::output).filter(value -> !inner.contains(value)).toList();
    Graph graph = new Graph("wide_" + seed, inputs, constants, nodes, outputs, Map.of());
    return new Network(GraphChecker.check(graph), List.copyOf(data));
  }

  private Tensor filter(boolean floats, int axis, int... dims) {
    if (fewLeast) {
      return tensors.filterOfFewLeast(axis, dims);
    }
    return bits == Byte.SIZE
        ? tensors.filter(floats, axis, dims)
        : tensors.filterOfBits(bits, axis, dims);
  }

  private int channels() {
    return CHANNELS[random.nextInt(CHANNELS.length)];
  }

  /** Mostly none or a relu, which networks have most. */
  private Activation activation() {
    return switch (random.nextInt(4)) {
      case 0 -> Activation.NONE;
      case 1, 2 -> Activation.RELU;
      default -> Activation.values()[random.nextInt(Activation.values().length)];
    };
  }

  private TensorType map(int channels) {
    int batch = random.nextInt(6) == 0 ? 2 : 1;
    return tensors.activations(
        false, batch, random.nextInt(1, 10), random.nextInt(1, 12), channels);
  }

  private Padding2d padding(TensorType map, Size2d kernel, Size2d stride, Size2d dilation) {
    int height = map.shape().dim(1);
    int width = map.shape().dim(2);
    int spanY = (kernel.height() - 1) * dilation.height() + 1;
    int spanX = (kernel.width() - 1) * dilation.width() + 1;
    boolean fits = spanY <= height && spanX <= width;
    return fits && random.nextInt(3) == 0
        ? Padding2d.NONE
        : random.nextInt(3) == 0
            ? new Padding2d(spanY / 2, Math.max(spanY / 2, spanY - height), spanX, spanX)
            : Padding2d.same(height, width, kernel, stride, dilation);
  }

  private void conv2d() {
    conv2d(random.nextInt(8) == 0 ? 2 : 1);
  }

  private void conv2d(int groups) {
    int depth = channels();
    int filters = channels() * groups;
    Size2d kernel = TAPS.get(random.nextInt(TAPS.size()));
    Size2d stride = random.nextInt(3) == 0 ? TWO : Size2d.ONE;
    Size2d dilation = random.nextInt(8) == 0 ? TWO : Size2d.ONE;
    TensorType input = map(depth * groups);
    Conv2d op =
        new Conv2d(
            stride, dilation, padding(input, kernel, stride, dilation), groups, activation());
    Tensor filter = filter(false, 0, filters, kernel.height(), kernel.width(), depth);
    filtered(op, input, filter, filters, kernel.height() * kernel.width() * depth);
  }

  private void depthwise() {
    int channels = channels();
    int multiplier = random.nextInt(6) == 0 ? 2 : 1;
    Size2d kernel = TAPS.get(random.nextInt(TAPS.size()));
    Size2d stride = random.nextInt(3) == 0 ? TWO : Size2d.ONE;
    Size2d dilation = random.nextInt(8) == 0 ? TWO : Size2d.ONE;
    TensorType input = map(channels);
    DepthwiseConv2d op =
        new DepthwiseConv2d(
            stride, dilation, padding(input, kernel, stride, dilation), multiplier, activation());
    int filters = channels * multiplier;
    Tensor filter = filter(false, 3, 1, kernel.height(), kernel.width(), filters);
    filtered(op, input, filter, filters, kernel.height() * kernel.width());
  }

  private void fullyConnected() {
    int depth = random.nextInt(1, 200);
    int filters = channels();
    Tensor filter = filter(false, 0, filters, depth);
    filtered(
        new FullyConnected(true, activation()),
        tensors.activations(false, random.nextInt(4) == 0 ? 3 : 1, depth),
        filter,
        filters,
        depth);
  }

  private void filtered(SingleOutputOp op, TensorType input, Tensor filter, int filters, int taps) {
    Tensor bias = tensors.bias(false, filters);
    List<TensorType> types = List.of(input, filter.type(), bias.type());
    TensorType output = tensors.output(op.outputShape(types), input, filter.type(), taps);
    add(op, List.of(input(input), constant(filter), constant(bias)), output);
  }

  private void pool() {
    TensorType input = map(channels());
    int height = input.shape().dim(1);
    int width = input.shape().dim(2);
    Size2d kernel =
        random.nextInt(3) == 0
            ? new Size2d(height, width)
            : new Size2d(Math.min(height, 2), Math.min(width, random.nextInt(2, 4)));
    Size2d stride = random.nextBoolean() ? kernel : Size2d.ONE;
    Padding2d padding =
        random.nextBoolean()
            ? Padding2d.NONE
            : Padding2d.same(height, width, kernel, stride, Size2d.ONE);
    Pool2d.Kind2d[] kinds = Pool2d.Kind2d.values();
    Pool2d op =
        new Pool2d(kinds[random.nextInt(kinds.length)], kernel, stride, padding, activation());
    add(op, List.of(input(input)), input.withShape(op.outputShape(List.of(input))));
  }

  private void mean() {
    TensorType input = map(channels());
    Reduce op = new Reduce(Reduce.Function.MEAN, List.of(1, 2), random.nextBoolean());
    int[] dims = op.outputShape(List.of(input)).dims();
    add(op, List.of(input(input)), tensors.activations(false, dims));
  }

  /** Mostly of two maps of one shape, as residual blocks have it. */
  private void binary() {
    TensorType first = map(channels());
    int[] dims = first.shape().dims();
    TensorType second = tensors.activations(false, dims);
    if (random.nextInt(4) == 0) {
      second = tensors.activations(false, 1, 1, 1, dims[3]);
    }
    boolean product = !random.nextBoolean() && random.nextBoolean();
    Binary op = new Binary(product ? Binary.Function.MUL : Binary.Function.ADD, activation());
    add(op, List.of(input(first), input(second)), tensors.activations(false, dims));
  }

  /** A clamp, or a function by a table. */
  private void unary() {
    TensorType input = map(channels());
    if (random.nextBoolean()) {
      add(new Unary(Unary.Function.RELU), List.of(input(input)), input);
    } else {
      TensorType output = tensors.activations(false, input.shape().dims());
      add(new Quantize(), List.of(input(input)), output);
    }
  }

  /** A convolution that only a max pooling reads, by windows that do not overlap. */
  private void pooledConv2d() {
    TensorType input = map(channels());
    int depth = input.shape().dim(3);
    int filters = channels();
    Size2d kernel = TAPS.get(random.nextInt(4));
    Padding2d padding =
        Padding2d.same(input.shape().dim(1), input.shape().dim(2), kernel, Size2d.ONE, Size2d.ONE);
    Conv2d op = new Conv2d(Size2d.ONE, Size2d.ONE, padding, 1, activation());
    Tensor filter = filter(false, 0, filters, kernel.height(), kernel.width(), depth);
    filtered(op, input, filter, filters, kernel.height() * kernel.width() * depth);
    Value convolved = nodes.getLast().output();
    Size2d window =
        new Size2d(
            Math.min(convolved.type().shape().dim(1), 2),
            Math.min(convolved.type().shape().dim(2), random.nextInt(2, 4)));
    Pool2d pool =
        new Pool2d(
            Pool2d.Kind2d.MAX,
            window,
            new Size2d(window.height(), window.width() + random.nextInt(2)),
            Padding2d.NONE,
            activation());
    inner.add(convolved);
    add(
        pool,
        List.of(convolved),
        convolved.type().withShape(pool.outputShape(List.of(convolved.type()))));
  }

  private void pad() {
    TensorType input = map(channels());
    int last = random.nextInt(3) == 0 ? 2 : 0;
    List<Integer> before = List.of(0, random.nextInt(3), random.nextInt(3), last);
    List<Integer> after =
        List.of(0, random.nextInt(3), random.nextInt(3), random.nextInt(last + 1));
    Pad op = new Pad(before, after, input.zeroPoint());
    add(op, List.of(input(input)), input.withShape(op.outputShape(List.of(input))));
  }

  private void add(SingleOutputOp op, List<Value> operands, TensorType output) {
    op.check(operands.stream().map(Value::type).toList(), List.of(output));
    nodes.add(new Node(op, operands, new Value("node_" + nodes.size(), output)));
  }

  private Value input(TensorType type) {
    Value value = new Value("input_" + inputs.size(), type);
    inputs.add(value);
    data.add(tensors.fill(type));
    return value;
  }

  private Value constant(Tensor tensor) {
    Value value = new Value("constant_" + constants.size(), tensor.type());
    constants.put(value, tensor);
    return value;
  }
}
