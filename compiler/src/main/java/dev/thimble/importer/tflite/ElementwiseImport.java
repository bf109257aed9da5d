package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.op.Binary;
import dev.thimble.op.Dequantize;
import dev.thimble.op.Quantize;
import dev.thimble.op.Requantize;
import dev.thimble.op.Softmax;
import dev.thimble.op.Unary;
import dev.thimble.tensor.DType;
import org.tensorflow.lite.schema.AddOptions;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.MulOptions;
import org.tensorflow.lite.schema.SoftmaxOptions;

/** ADD, MUL, RELU and its kin, LOGISTIC, SOFTMAX, QUANTIZE and DEQUANTIZE. */
final class ElementwiseImport {
  private static final String FLOAT_OR_INT8 = "float32 throughout, or int8 per tensor throughout";

  private ElementwiseImport() {}

  static Node add(Operands at) {
    at.require(2, 2);
    AddOptions table = new AddOptions();
    boolean stored = at.options(BuiltinOptions.AddOptions, table).isPresent();
    byte activation = stored ? at.read(table::fusedActivationFunction) : 0;
    return binary(at, Binary.Function.ADD, activation);
  }

  static Node mul(Operands at) {
    at.require(2, 2);
    MulOptions table = new MulOptions();
    boolean stored = at.options(BuiltinOptions.MulOptions, table).isPresent();
    byte activation = stored ? at.read(table::fusedActivationFunction) : 0;
    return binary(at, Binary.Function.MUL, activation);
  }

  private static Node binary(Operands at, Binary.Function function, byte activation) {
    return at.node(
        () -> new Binary(function, at.activation(activation)),
        FLOAT_OR_INT8,
        at.input(0),
        at.input(1));
  }

  static Node unary(Operands at, Unary.Function function) {
    at.require(1, 1);
    String supported =
        function == Unary.Function.SIGMOID
            ? "float32, or int8 with an output of scale 1/256 and zero point -128"
            : FLOAT_OR_INT8;
    return at.node(() -> new Unary(function), supported, at.input(0));
  }

  static Node softmax(Operands at) {
    at.require(1, 1);
    SoftmaxOptions options =
        at.requiredOptions(BuiltinOptions.SoftmaxOptions, new SoftmaxOptions());
    float beta = at.read(options::beta);
    return at.node(
        () -> new Softmax(beta),
        "float32, or int8 with an output of scale 1/256 and zero point -128",
        at.input(0));
  }

  static Node quantize(Operands at) {
    at.require(1, 1);
    DType from = at.input(0).type().dtype();
    DType to = at.output().type().dtype();
    boolean plain = from == DType.FLOAT32 || (from == DType.INT8 && to == DType.INT8);
    return at.node(
        () -> plain ? new Quantize() : new Requantize(),
        "float32, int8, uint8, int16 or int32 per tensor to an integer type per tensor",
        at.input(0));
  }

  static Node dequantize(Operands at) {
    at.require(1, 1);
    return at.node(
        Dequantize::new,
        "int8, uint8 or int16 per tensor to float32, or a constant of float16",
        at.input(0));
  }
}
