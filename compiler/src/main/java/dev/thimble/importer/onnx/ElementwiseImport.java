package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Unary;
import dev.thimble.tensor.DType;
import java.util.List;
import java.util.Optional;

/** Functions of one element, and of pairs of elements. */
final class ElementwiseImport {
  private ElementwiseImport() {}

  static void unary(OnnxNode at, Unary.Function function) {
    at.require(1, 1);
    at.attributes().ignore("consumed_inputs");
    at.along(new Unary(function), at.x(0));
  }

  static void binary(OnnxNode at, Binary.Function function) {
    at.require(2, 2);
    at.attributes().ignore("consumed_inputs");
    List<LaidOut> operands = operands(at);
    DType dtype = operands.getFirst().dtype();
    at.set(
        at.graph().elementwise(at.name(), new Binary(function, Activation.NONE), dtype, operands));
  }

  /**
   * Two operands. Before opset 7 the second was broadcast only on demand, along axes from a stated
   * one on.
   */
  static List<LaidOut> operands(OnnxNode at) {
    LaidOut a = at.x(0);
    LaidOut b = at.x(1);
    if (at.opset() >= 7) {
      return List.of(a, b);
    }
    boolean broadcast = at.attributes().flag("broadcast", false);
    Optional<Long> axis = at.attributes().integer("axis");
    if (broadcast && axis.isPresent() && b.rank() > 0) {
      int behind = a.rank() - at.axis(axis.get(), a.rank()) - b.rank();
      int[] dims = java.util.Arrays.copyOf(b.shape().dims(), b.rank() + Math.max(behind, 0));
      java.util.Arrays.fill(dims, b.rank(), dims.length, 1);
      String name = at.name("operand");
      b = at.graph().reshape(name, b, dev.thimble.tensor.Shape.of(dims));
    }
    return List.of(a, b);
  }

  static void clip(OnnxNode at) {
    at.require(1, 3);
    throw new UnsupportedNode("Clip", "no form yet");
  }

  static void cast(OnnxNode at) {
    at.require(1, 1);
    throw new UnsupportedNode("Cast", "no form yet");
  }
}
