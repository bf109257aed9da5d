package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.op.Dequantize;
import dev.thimble.op.Quantize;
import dev.thimble.op.Softmax;
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
        "float32, or int8 with an output of scale 1/256 and zero point -128",
        at.input(0));
  }

  static Node quantize(Operands at) {
    at.require(1, 1);
    return at.node(Quantize::new, "float32 or int8 per tensor to int8 per tensor", at.input(0));
  }

  static Node dequantize(Operands at) {
    at.require(1, 1);
    return at.node(Dequantize::new, "int8 per tensor to float32", at.input(0));
  }
}
