package dev.thimble.testing;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Concat;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Dequantize;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Pad;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Parametric;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Quantize;
import dev.thimble.op.Reduce;
import dev.thimble.op.Reshape;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.op.Size2d;
import dev.thimble.op.Slice;
import dev.thimble.op.Softmax;
import dev.thimble.op.Transpose;
import dev.thimble.op.Unary;
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
import java.util.stream.IntStream;

/** Grows one random graph: each step adds a node that reads a map made before. */
final class RandomGraphBuilder {
  private static final Unary SIGMOID = new Unary(Unary.Function.SIGMOID);
  private static final TensorType PROBABILITIES = TensorType.int8(1f / 256, -128, 1);

  private final String name;
  private final SplittableRandom random;
  private final boolean quantized;
  private final RandomWeights weights;
  private final Map<Value, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Value> maps = new ArrayList<>();
  private boolean blocks;

  RandomGraphBuilder(String name, SplittableRandom random, boolean quantized) {
    this.name = name;
    this.random = random;
    this.quantized = quantized;
    this.weights = new RandomWeights(random, quantized);
  }

  Graph build() {
    return build(Shape.of(oneIn(8) ? 2 : 1, upTo(3, 9), upTo(3, 9), upTo(1, 4)));
  }

  /** Maps of many rows or of a single row or column, and blocks whose sum reads their input. */
  Graph buildTall() {
    blocks = true;
    int batch = oneIn(10) ? 2 : 1;
    Shape shape =
        switch (upTo(0, 5)) {
          case 0 -> Shape.of(batch, upTo(3, 24), 1, upTo(1, 5));
          case 1 -> Shape.of(batch, 1, upTo(3, 24), upTo(1, 5));
          default -> Shape.of(batch, upTo(3, 24), upTo(2, 6), upTo(1, 4));
        };
    return build(shape);
  }

  private Graph build(Shape shape) {
    Value input = new Value("input", type(shape));
    maps.add(input);
    int count = upTo(3, 10);
    for (int i = 0; i < count; i++) {
      step(maps.get(Math.max(0, maps.size() - upTo(1, 3))));
    }
    List<Value> outputs = new ArrayList<>();
    outputs.add(head(maps.getLast()));
    if (oneIn(4)) {
      outputs.add(maps.get(Math.max(0, maps.size() - upTo(1, 3))));
    }
    if (outputs.contains(input) || outputs.stream().distinct().count() < outputs.size()) {
      outputs.removeLast();
    }
    return GraphChecker.check(new Graph(name, List.of(input), constants, nodes, outputs, Map.of()));
  }

  private void step(Value map) {
    if (blocks && oneIn(4)) {
      maps.add(block(map));
      return;
    }
    Value result =
        switch (upTo(0, 15)) {
          case 0, 1, 2 -> conv(map);
          case 3, 4 -> depthwise(map);
          case 5 -> pool(map);
          case 6, 7 -> binary(map);
          case 8 -> clamp(map);
          case 9 -> pad(map);
          case 10 -> node(new Reshape(swapped(map)), map, Requantized.NO);
          case 11 -> quantize(map);
          case 12 -> idle(map);
          case 13, 14 -> movement(map);
          default -> oneIn(2) ? node(SIGMOID, map, Requantized.PROBABILITIES) : conv(map);
        };
    maps.add(result);
  }

  /** One or two convolutions, and the sum of what they compute with what they read. */
  private Value block(Value map) {
    Value branch = map;
    for (int i = upTo(1, 2); i > 0; i--) {
      int size = oneIn(3) ? 1 : 3;
      Padding2d same = new Padding2d(size / 2, size / 2, size / 2, size / 2);
      int channels = map.type().shape().dim(3);
      Conv2d op = new Conv2d(Size2d.ONE, Size2d.ONE, same, 1, activation());
      branch = filtered(op, branch, Shape.of(channels, size, size, channels), 0);
      maps.add(branch);
    }
    return node(
        new Binary(Binary.Function.ADD, activation()), List.of(map, branch), Requantized.YES);
  }

  /** What the output's quantisation is. */
  private enum Requantized {
    NO,
    YES,
    PROBABILITIES
  }

  private Value node(SingleOutputOp op, Value input, Requantized requantized) {
    return node(op, List.of(input), requantized);
  }

  private Value node(SingleOutputOp op, List<Value> inputs, Requantized requantized) {
    Shape shape = op.outputShape(inputs.stream().map(Value::type).toList());
    TensorType type =
        switch (requantized) {
          case NO -> inputs.getFirst().type().withShape(shape);
          case YES -> type(shape);
          case PROBABILITIES -> quantized ? PROBABILITIES.withShape(shape) : type(shape);
        };
    return node(op, inputs, type);
  }

  private Value node(SingleOutputOp op, List<Value> inputs, TensorType type) {
    Value output = new Value(op.kind() + "_" + nodes.size(), type);
    nodes.add(new Node(op, inputs, output));
    return output;
  }

  private Value conv(Value map) {
    Shape shape = map.type().shape();
    int channels = shape.dim(3);
    int groups = oneIn(4) ? channels : oneIn(4) && channels % 2 == 0 ? 2 : 1;
    Size2d kernel = kernel(shape);
    int filters = groups * upTo(1, groups == 1 ? 6 : 2);
    Shape filter = Shape.of(filters, kernel.height(), kernel.width(), channels / groups);
    Size2d stride = new Size2d(upTo(1, 2), upTo(1, 2));
    Conv2d op = new Conv2d(stride, dilation(shape, kernel), padding(kernel), groups, activation());
    return filtered(op, map, filter, 0);
  }

  private Value depthwise(Value map) {
    Shape shape = map.type().shape();
    Size2d kernel = kernel(shape);
    int multiplier = oneIn(4) && shape.dim(3) < 5 ? 2 : 1;
    Shape filter = Shape.of(1, kernel.height(), kernel.width(), shape.dim(3) * multiplier);
    Size2d stride = new Size2d(upTo(1, 2), upTo(1, 2));
    DepthwiseConv2d op =
        new DepthwiseConv2d(
            stride, dilation(shape, kernel), padding(kernel), multiplier, activation());
    return filtered(op, map, filter, 3);
  }

  /** A node with a random filter and bias; {@code axis} is that of the filter's outputs. */
  private Value filtered(SingleOutputOp op, Value input, Shape filter, int axis) {
    int outputs = filter.dim(axis);
    Tensor data = weights.filter(filter, axis);
    Value kernel = constant("filter_" + nodes.size(), data);
    Value bias = constant("bias_" + nodes.size(), weights.bias(outputs));
    return node(op, List.of(input, kernel, bias), Requantized.YES);
  }

  private Value pool(Value map) {
    Size2d kernel = kernel(map.type().shape());
    Pool2d.Kind2d kind = oneIn(2) ? Pool2d.Kind2d.MAX : Pool2d.Kind2d.AVERAGE;
    Size2d stride = new Size2d(upTo(1, 2), upTo(1, 2));
    return node(
        new Pool2d(kind, kernel, stride, padding(kernel), activation()), map, Requantized.NO);
  }

  private Value binary(Value map) {
    Shape shape = map.type().shape();
    List<Value> same = maps.stream().filter(v -> v.type().shape().equals(shape)).toList();
    Value other =
        switch (upTo(0, 4)) {
          case 0 -> constant("operand_" + nodes.size(), Shape.of(shape.dim(3)));
          case 1 -> constant("operand_" + nodes.size(), oneIn(2) ? Shape.SCALAR : shape);
          case 2 ->
              node(new Reduce(Reduce.Function.MEAN, List.of(1, 2), true), map, Requantized.YES);
          default -> same.get(upTo(0, same.size() - 1));
        };
    List<Value> operands =
        oneIn(2) || other.type().shape().rank() == 0 ? List.of(map, other) : List.of(other, map);
    Binary.Function function =
        switch (upTo(0, 8)) {
          case 0, 1 -> Binary.Function.MUL;
          case 2, 3 -> Binary.Function.SUB;
          case 4 -> Binary.Function.PRELU;
          case 5 -> Binary.Function.SQUARED_DIFFERENCE;
          default -> Binary.Function.ADD;
        };
    return node(new Binary(function, activation()), operands, Requantized.YES);
  }

  private Value clamp(Value map) {
    SingleOutputOp op =
        switch (upTo(0, 5)) {
          case 0, 1 -> new Unary(Unary.Function.RELU);
          case 2 -> new Unary(Unary.Function.RELU6);
          case 3 -> new Unary(Unary.Function.RELU_N1_TO_1);
          case 4 -> new Unary(Unary.Function.ABS);
          default -> new Parametric(Parametric.Function.LEAKY_RELU, 0.125f);
        };
    return node(op, map, oneIn(3) ? Requantized.YES : Requantized.NO);
  }

  private Value pad(Value map) {
    double zero = quantized ? map.type().zeroPoint() : 0;
    double value = oneIn(4) ? -3 : zero;
    int channelPadding = oneIn(6) ? 1 : 0;
    List<Integer> before = List.of(0, upTo(0, 2), upTo(0, 1), channelPadding);
    return node(new Pad(before, List.of(0, upTo(0, 1), upTo(0, 2), 0), value), map, Requantized.NO);
  }

  private static Shape swapped(Value map) {
    Shape shape = map.type().shape();
    return Shape.of(shape.dim(0), shape.dim(2), shape.dim(1), shape.dim(3));
  }

  private Value quantize(Value map) {
    if (!quantized) {
      return clamp(map);
    }
    if (oneIn(2)) {
      return node(new Quantize(), map, oneIn(3) ? Requantized.NO : Requantized.YES);
    }
    TensorType real = TensorType.of(DType.FLOAT32, map.type().shape());
    Value detour = node(new Dequantize(), List.of(map), real);
    TensorType back = oneIn(2) ? map.type() : type(map.type().shape());
    return node(new Quantize(), List.of(detour), back);
  }

  /** A node that moves elements, and computes nothing. */
  private Value movement(Value map) {
    Shape shape = map.type().shape();
    return switch (upTo(0, 4)) {
      case 0 -> node(new Transpose(List.of(0, 2, 1, 3)), map, Requantized.NO);
      case 1 -> node(new Transpose(List.of(0, 1, 3, 2)), map, Requantized.NO);
      case 2 -> node(slice(shape), map, Requantized.NO);
      default -> {
        int axis = upTo(1, 3);
        List<Value> fitting =
            maps.stream()
                .filter(other -> other.type().withShape(shape).equals(map.type()))
                .filter(other -> other.type().shape().with(axis, 1).equals(shape.with(axis, 1)))
                .toList();
        Value other = fitting.get(upTo(0, fitting.size() - 1));
        boolean small = shape.dim(axis) + other.type().shape().dim(axis) <= 24;
        yield small
            ? node(new Concat(axis), List.of(map, other), Requantized.NO)
            : node(slice(shape), map, Requantized.NO);
      }
    };
  }

  /** A part of a map, along one of its axes. */
  private Slice slice(Shape shape) {
    List<Integer> begin = new ArrayList<>(List.of(0, 0, 0, 0));
    List<Integer> extents = new ArrayList<>(IntStream.of(shape.dims()).boxed().toList());
    List<Integer> steps = new ArrayList<>(List.of(1, 1, 1, 1));
    int axis = upTo(1, 3);
    int first = upTo(0, shape.dim(axis) - 1);
    begin.set(axis, first);
    if (oneIn(4)) {
      steps.set(axis, -1);
      extents.set(axis, upTo(1, first + 1));
    } else {
      extents.set(axis, upTo(1, shape.dim(axis) - first));
    }
    return new Slice(begin, extents, steps);
  }

  /** A node that does nothing, or the same as another. */
  private Value idle(Value map) {
    if (oneIn(3)) {
      return node(new Reshape(map.type().shape()), map, Requantized.NO);
    }
    if (oneIn(2)) {
      List<Integer> none = List.of(0, 0, 0, 0);
      return node(new Pad(none, none, 0), map, Requantized.NO);
    }
    Pool2d pool =
        new Pool2d(Pool2d.Kind2d.MAX, Size2d.ONE, Size2d.ONE, Padding2d.NONE, Activation.NONE);
    node(pool, map, Requantized.NO);
    return node(pool, map, Requantized.NO);
  }

  /** What stands behind the maps: nothing, a mean, or a classifier. */
  private Value head(Value map) {
    Shape shape = map.type().shape();
    Value features =
        switch (upTo(0, 3)) {
          case 0 -> map;
          case 1 ->
              node(new Reduce(Reduce.Function.MEAN, List.of(1, 2), false), map, Requantized.YES);
          case 2 ->
              node(
                  new Reshape(Shape.of(shape.dim(0), shape.elements() / shape.dim(0))),
                  shape.dim(1) % 2 == 0
                      ? map
                      : node(new Transpose(List.of(0, 3, 1, 2)), map, Requantized.NO),
                  Requantized.NO);
          default -> map;
        };
    if (oneIn(5)) {
      return features.equals(maps.getFirst()) ? clamp(features) : features;
    }
    int depth = features.type().elements() / features.type().shape().dim(0);
    Value scores =
        filtered(new FullyConnected(false, activation()), features, Shape.of(upTo(1, 4), depth), 0);
    return oneIn(2) ? node(new Softmax(1), scores, Requantized.PROBABILITIES) : scores;
  }

  private Value constant(String constantName, Shape shape) {
    return constant(constantName, RandomGraphs.tensor(type(shape), random));
  }

  private Value constant(String constantName, Tensor data) {
    Value value = new Value(constantName, data.type());
    constants.put(value, data);
    return value;
  }

  /** The type of an activation; often with the zero point of a relu's output. */
  private TensorType type(Shape shape) {
    if (!quantized) {
      return TensorType.of(DType.FLOAT32, shape);
    }
    int zeroPoint = oneIn(3) ? -128 : oneIn(2) ? upTo(-128, 127) : upTo(-8, 8);
    return new TensorType(DType.INT8, shape, new QuantParams.PerTensor(scale(), zeroPoint));
  }

  private float scale() {
    return (float) random.nextDouble(0.004, 0.08);
  }

  private Size2d kernel(Shape map) {
    return new Size2d(upTo(1, Math.min(3, map.dim(1))), upTo(1, Math.min(3, map.dim(2))));
  }

  /** A dilation that leaves the kernel within the map. */
  private Size2d dilation(Shape map, Size2d kernel) {
    boolean fits = 2 * kernel.height() - 1 <= map.dim(1) && 2 * kernel.width() - 1 <= map.dim(2);
    return fits && oneIn(5) ? new Size2d(upTo(1, 2), 2) : Size2d.ONE;
  }

  private Padding2d padding(Size2d kernel) {
    int rows = kernel.height() - 1;
    int columns = kernel.width() - 1;
    return oneIn(3)
        ? Padding2d.NONE
        : new Padding2d(upTo(0, rows), upTo(0, rows), upTo(0, columns), upTo(0, columns));
  }

  private Activation activation() {
    return oneIn(2)
        ? Activation.NONE
        : Activation.values()[upTo(0, Activation.values().length - 1)];
  }

  private boolean oneIn(int count) {
    return random.nextInt(count) == 0;
  }

  private int upTo(int least, int most) {
    return random.nextInt(least, most + 1);
  }
}
