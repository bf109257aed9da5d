package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.SvdfMemory;
import dev.thimble.op.SvdfOutput;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.SVDFOptions;

/** SVDF: a node that renews the memory, which is a state, and one that computes the output. */
final class SvdfImport {
  private static final String SUPPORTED =
      "float32 throughout; or int8 input, constant int8 filters over a frame, constant filters over"
          + " time of the memory's type, int8 or int16, a constant int32 bias, and int8 output, of"
          + " which filters and memory have zero point 0";

  private SvdfImport() {}

  static Node svdf(Operands at) {
    at.require(3, 5);
    if (at.operands() != 5 || !at.has(4)) {
      throw at.malformed("has no operand 4, which is its memory");
    }
    SVDFOptions options = at.requiredOptions(BuiltinOptions.SVDFOptions, new SVDFOptions());
    int rank = at.read(options::rank);
    byte code = at.read(options::fusedActivationFunction);
    for (int operand : new int[] {1, 2, 3}) {
      if (at.has(operand) && !at.isConstant(operand)) {
        throw new UnsupportedNode("operand " + operand + " computed at run time", SUPPORTED);
      }
    }
    Value memory = at.variable(4);
    Value renewed = at.between("_memory", memory.type());
    at.before(
        at.node(
            SvdfMemory::new,
            SUPPORTED,
            List.of(renewed),
            List.of(memory, at.input(0), at.input(1))));
    at.assign(4, renewed);
    // The reference kernel of integers does not look at the activation.
    boolean isFloat = at.output().type().isFloat();
    Activation activation = isFloat ? at.activation(code) : Activation.NONE;
    return at.node(
        () -> new SvdfOutput(rank, activation),
        SUPPORTED,
        List.of(at.output()),
        List.of(renewed, at.input(2), bias(at)));
  }

  private static Value bias(Operands at) {
    if (at.has(3)) {
      return at.input(3);
    }
    int units = at.output().type().shape().dim(-1);
    boolean isFloat = at.output().type().isFloat();
    TensorType type = TensorType.of(isFloat ? DType.FLOAT32 : DType.INT32, Shape.of(units));
    return at.implied(
        "_bias", isFloat ? Tensor.ofFloats(type, new float[units]) : Tensor.filled(type, 0));
  }
}
