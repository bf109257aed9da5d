package dev.thimble.importer.keras;

import dev.thimble.graph.Value;
import dev.thimble.importer.ModelException;
import dev.thimble.op.Op;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** One application of a layer: its attributes, arrays and inputs, and the nodes that it becomes. */
final class Layer {
  private final LayerSpec spec;
  private final LayerPath path;
  private final Weights weights;
  private final GraphBuilder builder;
  private final LayerCall call;
  private final List<KerasTensor> inputs;

  Layer(
      LayerSpec spec,
      LayerPath path,
      Weights weights,
      GraphBuilder builder,
      LayerCall call,
      List<KerasTensor> inputs) {
    this.spec = spec;
    this.path = path;
    this.weights = weights;
    this.builder = builder;
    this.call = call;
    this.inputs = List.copyOf(inputs);
  }

  LayerSpec spec() {
    return spec;
  }

  LayerConfig config() {
    return spec.config();
  }

  LayerCall call() {
    return call;
  }

  LayerPath path() {
    return path;
  }

  ModelException malformed(String what) {
    return spec.config().malformed(what);
  }

  /** This application with another layer's attributes, as a wrapper makes of what it wraps. */
  Layer as(LayerSpec wrapped, LayerPath wrappedPath, List<KerasTensor> given) {
    return new Layer(wrapped, wrappedPath, weights, builder, call, given);
  }

  List<KerasTensor> inputs() {
    return inputs;
  }

  /** The input of a layer that takes one. */
  KerasTensor input() {
    if (inputs.size() != 1) {
      throw malformed("has " + inputs.size() + " inputs, takes 1");
    }
    return inputs.getFirst();
  }

  /** The input of a layer that takes one of this rank, the batch included. */
  KerasTensor input(int rank) {
    KerasTensor input = input();
    if (input.rank() != rank) {
      throw malformed("has an input of shape " + input.shape() + ", takes " + rank + " axes");
    }
    return input;
  }

  /** Whether the layer's attributes put channels behind the batch. */
  boolean channelsFirst() {
    String format = config().text("channels_last", "data_format", "dim_ordering");
    return switch (format) {
      case "channels_last", "tf", "default" -> false;
      case "channels_first", "th" -> true;
      default -> throw malformed("has data_format '" + format + "'");
    };
  }

  /** The input with its channels innermost, wherever the attributes have them. */
  KerasTensor channelsLastInput(int rank) {
    KerasTensor input = input(rank);
    return arranged(
        input, channelsFirst() ? KerasTensor.channelsLast(rank) : KerasTensor.identity(rank));
  }

  /** A value with channels innermost as the tensor that the layer makes of it. */
  KerasTensor channelsLastOutput(Value value) {
    int rank = value.type().shape().rank();
    return new KerasTensor(
        value, channelsFirst() ? KerasTensor.channelsLast(rank) : KerasTensor.identity(rank));
  }

  /** The tensor in a value with this order of axes. */
  KerasTensor arranged(KerasTensor tensor, List<Integer> order) {
    return Layouts.arranged(this, tensor, order);
  }

  /** The tensor in a value whose axes lie as its own. */
  KerasTensor plain(KerasTensor tensor) {
    return arranged(tensor, KerasTensor.identity(tensor.rank()));
  }

  /** A node of the layer. */
  Value node(Supplier<Op> op, Value... operands) {
    return builder.node(config().place(), path.text(), op, List.of(operands));
  }

  /** A node of the layer whose output has an element type of its own. */
  Value node(Supplier<Op> op, DType dtype, Value... operands) {
    return builder.node(config().place(), path.text(), op, dtype, List.of(operands));
  }

  /** A node of the layer with several outputs. */
  List<Value> nodes(Supplier<Op> op, Value... operands) {
    DType dtype = operands[0].type().dtype();
    return builder.nodes(config().place(), path.text(), op, dtype, List.of(operands));
  }

  /** The value under another shape; nothing is done where it has it already. */
  Value reshaped(Value value, Shape shape) {
    return builder.reshaped(config().place(), path.text(), value, shape);
  }

  /** A constant of the layer, shared by all its applications. */
  Value constant(String name, Supplier<Tensor> data) {
    String part = path.part().isEmpty() ? "" : "/" + path.part().replace("_", "");
    return builder.constant(path.text() + part + "/" + name, data);
  }

  /** An array that the layer must have, of this rank. */
  Tensor weight(String role, int position, int rank) {
    Tensor found = anyWeight(role, position);
    if (found.shape().rank() != rank) {
      throw malformed("has '" + role + "' of shape " + found.shape() + ", not " + rank + " axes");
    }
    return found;
  }

  /** An array under its name of today or, beginning with {@code _}, that of Keras 1. */
  Tensor weight(String role, String older, int position, int rank) {
    boolean renamed = !weights.has(path, role, position) && weights.has(path, older, position);
    return weight(renamed ? older : role, position, rank);
  }

  /** Whether a file of Keras 1 has an array of this role, which begins with {@code _}. */
  boolean has(String role) {
    return weights.has(path, role, 0);
  }

  /** An array that the layer must have, of any rank. */
  Tensor anyWeight(String role, int position) {
    return weights
        .find(path, role, position)
        .orElseThrow(() -> malformed("has no array '" + role + "' among its weights"));
  }

  /** Requires an array to have this shape. */
  Tensor required(Tensor array, String role, int... dims) {
    if (!Arrays.equals(array.shape().dims(), dims)) {
      throw malformed("has '" + role + "' of shape " + array.shape() + ", not " + Shape.of(dims));
    }
    return array;
  }

  /** A vector of the layer's weights, shaped to scale an axis of the value. */
  static Tensor along(float[] vector, Shape shape, int axis) {
    int[] dims = new int[shape.rank() - axis];
    Arrays.fill(dims, 1);
    dims[0] = vector.length;
    return Tensor.ofFloats(TensorType.of(DType.FLOAT32, Shape.of(dims)), vector);
  }

  static Tensor floats(float[] values, int... dims) {
    return Tensor.ofFloats(TensorType.float32(dims), values);
  }

  /** The layer's single result, named after it. */
  List<KerasTensor> result(KerasTensor result) {
    return List.of(result.with(builder.named(result.value(), path.text())));
  }

  /** What a function of single elements makes of the input, in whatever order its axes lie. */
  List<KerasTensor> elementwise(UnaryOperator<Value> function) {
    return result(onMap(input(), function));
  }

  /**
   * What a function of elements, or of vectors along the innermost axis, makes of a tensor. Steps
   * that were computed as a map are given to it as that map, so that the function stands right
   * behind the filter.
   */
  KerasTensor onMap(KerasTensor tensor, UnaryOperator<Value> function) {
    Shape shape = tensor.value().type().shape();
    Value before = builder.beforeReshape(tensor.value());
    boolean map = shape.rank() == 3 && before.type().shape().equals(Windows.map(shape));
    Value made = function.apply(map ? before : tensor.value());
    return tensor.with(reshaped(made, shape));
  }
}
