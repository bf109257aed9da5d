package dev.thimble.importer.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import dev.thimble.tensor.Tensor;

/** Nodes that hold graphs. */
final class BodyImport {
  private static final int MAX_DEPTH = 16;

  private BodyImport() {}

  /** A condition that is known chooses its branch at import. */
  static void branch(OnnxNode at) {
    at.require(1, 1);
    Attributes attributes = at.attributes();
    GraphProto yes =
        attributes.graph("then_branch").orElseThrow(() -> at.malformed("has no then_branch"));
    GraphProto no =
        attributes.graph("else_branch").orElseThrow(() -> at.malformed("has no else_branch"));
    Tensor condition = at.constant(0, "condition");
    if (condition.type().elements() != 1 || condition.type().isFloat()) {
      throw at.malformed("has a condition of " + condition.type());
    }
    GraphProto taken = condition.longs()[0] != 0 ? yes : no;
    if (taken.getOutputCount() != at.outputs() || at.scope().depth() >= MAX_DEPTH) {
      throw at.malformed("has a branch of " + taken.getOutputCount() + " outputs, or too deep");
    }
    Scope body = at.scope().body(at.name());
    Bodies.initializers(taken, body, at.model());
    Bodies.nodes(taken.getNodeList(), body, at.model());
    for (int i = 0; i < at.outputs(); i++) {
      at.set(i, body.value(taken.getOutput(i).getName()));
    }
  }
}
