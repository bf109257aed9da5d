package dev.thimble.cli.bench;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Program;
import dev.thimble.graph.Value;
import dev.thimble.importer.ImportedModel;
import dev.thimble.op.Activation;
import dev.thimble.op.ArgMax;
import dev.thimble.op.Binary;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Dequantize;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Op;
import dev.thimble.op.Pad;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Quantize;
import dev.thimble.op.Reduce;
import dev.thimble.op.Reshape;
import dev.thimble.op.Size2d;
import dev.thimble.op.Softmax;
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

/**
 * A network of single nodes of all kinds and many shapes, each from an input of its own to an
 * output of its own: so kernels are measured that networks at hand use seldom.
 */
final class CostSamples {
  private static final float SCALE = 1f / 16;

  private final boolean floats;
  private final SplittableRandom random = new SplittableRandom(1);
  private final List<Value> inputs = new ArrayList<>();
  private final Map<Value, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Value> outputs = new ArrayList<>();

  private CostSamples(boolean floats) {
    this.floats = floats;
  }

  /** The network, of floats or of int8 elements. */
  static ImportedModel model(boolean floats) {
    CostSamples samples = new CostSamples(floats);
    samples.convolutions();
    samples.pooledConvolutions();
    samples.depthwise();
    samples.matrices();
    samples.pools();
    samples.elementwise();
    samples.others();
    Graph graph =
        new Graph(
            "samples", samples.inputs, samples.constants, samples.nodes, samples.outputs, Map.of());
    return ImportedModel.of(new Program("samples", List.of(graph)), "samples", "");
  }

  private TensorType type(int... dims) {
    return floats ? TensorType.float32(dims) : TensorType.int8(SCALE, 0, dims);
  }

  private Value input(int... dims) {
    Value value = new Value("in_" + inputs.size(), type(dims));
    inputs.add(value);
    return value;
  }

  private Value constant(TensorType type) {
    Value value = new Value("constant_" + constants.size(), type);
    int count = type.elements();
    if (type.isFloat()) {
      float[] data = new float[count];
      for (int i = 0; i < count; i++) {
        data[i] = (float) (random.nextDouble() - 0.5);
      }
      constants.put(value, Tensor.ofFloats(type, data));
    } else {
      int[] data = random.ints(count, -100, 100).toArray();
      constants.put(value, Tensor.ofInts(type, data));
    }
    return value;
  }

  private void add(Op op, TensorType output, List<Value> operands) {
    Value value = new Value("out_" + outputs.size(), output);
    nodes.add(new Node(op, operands, value));
    outputs.add(value);
  }

  /** Adds a node whose output has the type of this network's elements. */
  private void add(Op op, Value... operands) {
    List<Value> all = List.of(operands);
    Shape shape = op.outputShapes(all.stream().map(Value::type).toList()).getFirst();
    boolean probabilities =
        op instanceof Softmax
            || (op instanceof Unary unary && unary.function() == Unary.Function.SIGMOID);
    TensorType plain = type(dims(shape));
    TensorType output =
        !floats && probabilities ? TensorType.int8(1f / 256, -128, dims(shape)) : plain;
    add(op, output, all);
  }

  private static int[] dims(Shape shape) {
    return shape.dims().clone();
  }

  private List<Value> filtered(int axis, int channels, int... filter) {
    if (floats) {
      return List.of(constant(TensorType.float32(filter)), constant(TensorType.float32(channels)));
    }
    List<Float> scales = new ArrayList<>();
    for (int i = 0; i < channels; i++) {
      scales.add(0.001f + 0.0001f * i);
    }
    QuantParams quant = new QuantParams.PerChannel(axis, scales);
    return List.of(
        constant(new TensorType(DType.INT8, Shape.of(filter), quant)),
        constant(TensorType.of(DType.INT32, Shape.of(channels))));
  }

  private void convolutions() {
    int[][] shapes = { // size, channels, filters, kernel, stride, padding, dilation, groups
      {10, 3, 8, 3, 1, 1, 1, 1}, {9, 5, 7, 3, 2, 1, 1, 1}, {12, 1, 4, 5, 1, 2, 1, 1},
      {8, 16, 16, 1, 1, 0, 1, 1}, {6, 32, 24, 1, 1, 0, 1, 1}, {7, 8, 16, 3, 1, 0, 1, 1},
      {8, 8, 8, 3, 1, 2, 2, 1}, {8, 8, 8, 3, 1, 1, 1, 2}, {5, 64, 10, 1, 1, 0, 1, 1},
      {12, 4, 4, 7, 2, 3, 1, 1}, {6, 13, 3, 2, 1, 0, 1, 1}, {4, 48, 32, 3, 1, 1, 1, 1}
    };
    for (int[] s : shapes) {
      List<Value> filter = filtered(0, s[2], s[2], s[3], s[3], s[1] / s[7]);
      Conv2d op =
          new Conv2d(
              new Size2d(s[4], s[4]),
              new Size2d(s[6], s[6]),
              new Padding2d(s[5], s[5], s[5], s[5]),
              s[7],
              Activation.RELU);
      add(op, input(1, s[0], s[0], s[1]), filter.get(0), filter.get(1));
    }
  }

  /** Convolutions that only a pooling reads: one kernel serves both. */
  private void pooledConvolutions() {
    int[][] shapes = { // size, channels, filters, kernel, padding, pool
      {12, 3, 8, 3, 1, 2}, {16, 1, 6, 5, 0, 2}, {10, 6, 16, 5, 0, 2}, {9, 8, 12, 3, 1, 3},
      {8, 16, 16, 3, 1, 2}, {11, 5, 7, 3, 1, 2}, {8, 32, 24, 1, 0, 2}, {6, 64, 8, 3, 1, 2},
      {20, 1, 4, 3, 1, 2}, {14, 2, 20, 3, 0, 2}, {8, 24, 3, 3, 1, 2}, {12, 13, 10, 3, 1, 4},
      {6, 32, 32, 3, 1, 2}, {16, 4, 32, 3, 1, 2}
    };
    for (int[] s : shapes) {
      List<Value> filter = filtered(0, s[2], s[2], s[3], s[3], s[1]);
      Conv2d op =
          new Conv2d(
              Size2d.ONE, Size2d.ONE, new Padding2d(s[4], s[4], s[4], s[4]), 1, Activation.RELU);
      Value from = input(1, s[0], s[0], s[1]);
      Shape shape =
          op.outputShapes(List.of(from.type(), filter.get(0).type(), filter.get(1).type()))
              .getFirst();
      Value between = new Value("between_" + outputs.size(), type(dims(shape)));
      nodes.add(new Node(op, List.of(from, filter.get(0), filter.get(1)), between));
      Size2d window = new Size2d(s[5], s[5]);
      add(new Pool2d(Pool2d.Kind2d.MAX, window, window, Padding2d.NONE, Activation.NONE), between);
    }
  }

  private void depthwise() {
    int[][] shapes = { // size, channels, multiplier, kernel, stride, padding
      {10, 8, 1, 3, 1, 1}, {9, 5, 1, 3, 2, 1}, {8, 16, 1, 3, 1, 0}, {12, 1, 8, 5, 1, 2},
      {6, 33, 1, 3, 1, 1}, {5, 64, 1, 5, 1, 0}, {8, 4, 2, 3, 2, 1}, {4, 40, 1, 2, 2, 0}
    };
    for (int[] s : shapes) {
      int channels = s[1] * s[2];
      List<Value> filter = filtered(3, channels, 1, s[3], s[3], channels);
      DepthwiseConv2d op =
          new DepthwiseConv2d(
              new Size2d(s[4], s[4]),
              Size2d.ONE,
              new Padding2d(s[5], s[5], s[5], s[5]),
              s[2],
              Activation.RELU6);
      add(op, input(1, s[0], s[0], s[1]), filter.get(0), filter.get(1));
    }
  }

  private void matrices() {
    int[][] shapes = {{1, 64, 10}, {1, 200, 32}, {4, 16, 16}, {1, 13, 3}, {1, 640, 128}, {9, 7, 5}};
    for (int[] s : shapes) {
      List<Value> filter = filtered(0, s[2], s[2], s[1]);
      add(
          new FullyConnected(false, Activation.NONE),
          input(s[0], s[1]),
          filter.get(0),
          filter.get(1));
    }
  }

  private void pools() {
    int[][] shapes = { // size, channels, kernel, stride, padding
      {8, 8, 2, 2, 0},
      {9, 5, 3, 2, 1},
      {12, 16, 3, 1, 1},
      {6, 32, 2, 2, 0},
      {7, 3, 3, 3, 0},
      {6, 24, 6, 6, 0},
      {4, 64, 4, 4, 0}
    };
    for (int[] s : shapes) {
      for (Pool2d.Kind2d kind : Pool2d.Kind2d.values()) {
        Pool2d op =
            new Pool2d(
                kind,
                new Size2d(s[2], s[2]),
                new Size2d(s[3], s[3]),
                new Padding2d(s[4], s[4], s[4], s[4]),
                Activation.NONE);
        add(op, input(1, s[0], s[0], s[1]));
      }
    }
  }

  private void elementwise() {
    int[][] shapes = {{1, 8, 8, 8}, {1, 5, 7, 3}, {1, 1, 1, 200}, {1, 16, 16, 4}, {1, 12, 3, 33}};
    for (int[] s : shapes) {
      for (Binary.Function function : Binary.Function.values()) {
        add(new Binary(function, Activation.NONE), input(s), input(s));
        add(new Binary(function, Activation.RELU), input(s), input(1, 1, 1, s[3]));
      }
      for (Unary.Function function : Unary.Function.values()) {
        add(new Unary(function), input(s));
      }
      add(new Pad(List.of(0, 1, 2, 0), List.of(0, 1, 1, 0), 0), input(s));
      add(new Reshape(Shape.of(1, s[1] * s[2] * s[3])), input(s));
    }
  }

  private void others() {
    int[][] shapes = {{1, 10}, {1, 100}, {6, 12}, {20, 2}, {1, 300}};
    for (int[] s : shapes) {
      add(new Softmax(1), input(s));
      Value operand = input(s);
      Op argMax = new ArgMax();
      Shape shape = argMax.outputShapes(List.of(operand.type())).getFirst();
      add(argMax, TensorType.of(DType.INT32, shape), List.of(operand));
      if (floats) {
        add(new Quantize(), TensorType.int8(SCALE, 3, s), List.of(input(s)));
      } else {
        add(new Dequantize(), TensorType.float32(s), List.of(input(s)));
        add(new Quantize(), TensorType.int8(SCALE * 3, 3, s), List.of(input(s)));
      }
    }
    for (List<Integer> axes : List.of(List.of(1, 2), List.of(1), List.of(3), List.of(2, 3))) {
      add(new Reduce(Reduce.Function.MEAN, axes, true), input(1, 8, 6, 12));
      add(new Reduce(Reduce.Function.MEAN, axes, false), input(1, 4, 9, 20));
    }
  }
}
