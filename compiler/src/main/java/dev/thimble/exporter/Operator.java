package dev.thimble.exporter;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.TensorType;
import org.jspecify.annotations.Nullable;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOptions;

/** A node that is written as one operator, or as a few. */
record Operator(Node node, TfliteExporter to) {
  Value input() {
    return node.input();
  }

  TensorType type() {
    return node.input().type();
  }

  TensorType outputType() {
    return node.output().type();
  }

  boolean isFloat() {
    return type().isFloat();
  }

  /** The tensor of an input. */
  int input(int index) {
    return to.tensor(node.inputs().get(index));
  }

  int output() {
    return to.tensor(node.output());
  }

  /** The tensors of all inputs. */
  int[] inputs() {
    return node.inputs().stream().mapToInt(to::tensor).toArray();
  }

  /** The name of something that the node implies. */
  String name(String suffix) {
    return node.name() + suffix;
  }

  /** The version of an operator that has one for floats, one for int8 and one for int16. */
  int version(int floats, int int8, int int16) {
    if (type().dtype() == DType.INT16) {
      return int16;
    }
    return type().isFloat() ? floats : int8;
  }

  void write(int builtin, int version, byte kind, @Nullable Object options, int... inputs) {
    to.file().operator(builtin, version, kind, options, inputs, output());
  }

  /** An operator without options. */
  void write(int builtin, int version, int... inputs) {
    write(builtin, version, BuiltinOptions.NONE, null, inputs);
  }

  static byte code(Activation activation) {
    return switch (activation) {
      case NONE -> ActivationFunctionType.NONE;
      case RELU -> ActivationFunctionType.RELU;
      case RELU6 -> ActivationFunctionType.RELU6;
      case RELU_N1_TO_1 -> ActivationFunctionType.RELU_N1_TO_1;
    };
  }
}
