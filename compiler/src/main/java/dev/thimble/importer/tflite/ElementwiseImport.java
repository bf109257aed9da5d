package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.op.Dequantize;
import dev.thimble.op.Quantize;
import dev.thimble.op.Requantize;
import dev.thimble.op.Softmax;
import dev.thimble.tensor.DType;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.SoftmaxOptions;

/** SOFTMAX, QUANTIZE and DEQUANTIZE. */
final class ElementwiseImport {
  private ElementwiseImport() {}

  static Node softmax(Operands at) {
    at.require(1, 1);
    SoftmaxOptions options =
        at.requiredOptions(BuiltinOptions.SoftmaxOptions, new SoftmaxOptions());
    float beta = at.read(options::beta);
    return at.node(
        () -> new Softmax(beta),
        "float32, int8 with an output of scale 1/256 and zero point -128, or int16 of zero point 0"
            + " with an output of scale 1/32768",
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
