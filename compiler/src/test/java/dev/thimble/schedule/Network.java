package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Op;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Pool2d;
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

/** Builds networks of one element type, with weights of zero: only their sizes matter here. */
final class Network {
  private final DType dtype;
  private final List<Value> inputs = new ArrayList<>();
  private final Map<Value, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  Network(DType dtype) {
    this.dtype = dtype;
  }

  Value input(int... dims) {
    Value value = new Value("input_" + inputs.size(), type(Shape.of(dims)));
    inputs.add(value);
    return value;
  }

  Value convSame(Value input, int kernel, int channels, int stride) {
    return conv(input, kernel, channels, stride, same(input, kernel, stride));
  }

  Value convValid(Value input, int kernel, int channels) {
    return conv(input, kernel, channels, 1, Padding2d.NONE);
  }

  private Value conv(Value input, int kernel, int channels, int stride, Padding2d padding) {
    Size2d strides = new Size2d(stride, stride);
    int depth = input.type().shape().dim(3);
    return node(
        new Conv2d(strides, Size2d.ONE, padding, 1, Activation.NONE),
        input,
        filter(channels, kernel, kernel, depth),
        bias(channels));
  }

  Value depthwise(Value input, int kernel, int stride) {
    Size2d strides = new Size2d(stride, stride);
    int depth = input.type().shape().dim(3);
    return node(
        new DepthwiseConv2d(strides, Size2d.ONE, same(input, kernel, stride), 1, Activation.NONE),
        input,
        filter(1, kernel, kernel, depth),
        bias(depth));
  }

  Value maxPool(Value input, int kernel) {
    Size2d size = new Size2d(kernel, kernel);
    return node(new Pool2d(Pool2d.Kind2d.MAX, size, size, Padding2d.NONE, Activation.NONE), input);
  }

  Value globalAverage(Value input) {
    Shape shape = input.type().shape();
    Size2d size = new Size2d(shape.dim(1), shape.dim(2));
    return node(
        new Pool2d(Pool2d.Kind2d.AVERAGE, size, size, Padding2d.NONE, Activation.NONE), input);
  }

  Value mean(Value input) {
    return node(new Reduce(Reduce.Function.MEAN, List.of(1, 2), false), input);
  }

  Value add(Value a, Value b) {
    return node(new Binary(Binary.Function.ADD, Activation.NONE), a, b);
  }

  Value relu(Value input) {
    return node(new Unary(Unary.Function.RELU), input);
  }

  Value softmax(Value input) {
    return node(new Softmax(1), input);
  }

  Value reshape(Value input, int... dims) {
    return node(new Reshape(Shape.of(dims)), input);
  }

  Value flatten(Value input) {
    return reshape(input, 1, input.type().elements());
  }

  Value dense(Value input, int outputs) {
    int depth = input.type().shape().dim(-1);
    return node(
        new FullyConnected(false, Activation.NONE), input, filter(outputs, depth), bias(outputs));
  }

  Value constant(int... dims) {
    return constant(type(Shape.of(dims)));
  }

  Graph graph(Value... outputs) {
    return GraphChecker.check(
        new Graph("net", inputs, constants, nodes, List.of(outputs), Map.of()));
  }

  private Value node(Op op, Value... operands) {
    List<Value> read = List.of(operands);
    Shape shape = op.outputShapes(read.stream().map(Value::type).toList()).getFirst();
    TensorType type = type(shape);
    if (op instanceof Softmax && dtype == DType.INT8) {
      type = new TensorType(dtype, shape, new QuantParams.PerTensor(1f / 256, -128));
    }
    Value output = new Value(op.kind() + "_" + nodes.size(), type);
    nodes.add(new Node(op, read, output));
    return output;
  }

  private Padding2d same(Value input, int kernel, int stride) {
    return Padding2d.same(
        input.type().shape().dim(1),
        input.type().shape().dim(2),
        new Size2d(kernel, kernel),
        new Size2d(stride, stride),
        Size2d.ONE);
  }

  private Value filter(int... dims) {
    QuantParams quant = dtype == DType.INT8 ? new QuantParams.PerTensor(0.5f, 0) : QuantParams.NONE;
    return constant(new TensorType(dtype, Shape.of(dims), quant));
  }

  private Value bias(int channels) {
    return constant(TensorType.of(dtype == DType.INT8 ? DType.INT32 : dtype, Shape.of(channels)));
  }

  private Value constant(TensorType type) {
    Value value = new Value("const_" + constants.size(), type);
    constants.put(
        value,
        type.isFloat()
            ? Tensor.ofFloats(type, new float[type.elements()])
            : Tensor.filled(type, 0));
    return value;
  }

  private TensorType type(Shape shape) {
    return new TensorType(
        dtype, shape, dtype == DType.INT8 ? new QuantParams.PerTensor(0.5f, 0) : QuantParams.NONE);
  }
}
