package dev.thimble.importer.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Nodes that hold graphs, or stand for the file's own functions. */
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

  private static String key(OnnxNode at) {
    return at.proto().getDomain() + ":" + at.op();
  }

  /** Whether the node calls one of the file's own functions. */
  static boolean isFunction(OnnxNode at) {
    return at.model().functions().containsKey(key(at));
  }

  /** Puts the function's nodes in place of the node that calls it. */
  static void call(OnnxNode at) {
    FunctionProto function = at.model().functions().get(key(at));
    if (function == null || at.scope().depth() >= MAX_DEPTH) {
      throw at.malformed("calls functions within functions, too deep");
    }
    for (OperatorSetIdProto set : function.getOpsetImportList()) {
      if (set.getDomain().isEmpty() && set.getVersion() != at.opset()) {
        throw new UnsupportedNode(
            "a function of opset " + set.getVersion(), "functions of the model's opset");
      }
    }
    if (at.inputs() > function.getInputCount() || at.outputs() > function.getOutputCount()) {
      throw at.malformed("has more operands or outputs than the function");
    }
    Scope body = at.scope().function(at.name());
    for (int i = 0; i < at.inputs(); i++) {
      if (at.has(i)) {
        body.define(function.getInput(i), at.operand(i));
      }
    }
    Map<String, AttributeProto> given = new HashMap<>();
    function.getAttributeProtoList().forEach(each -> given.put(each.getName(), each));
    at.proto().getAttributeList().forEach(each -> given.put(each.getName(), each));
    at.attributes().ignore(given.keySet().toArray(String[]::new));
    List<NodeProto> nodes = new ArrayList<>();
    for (NodeProto node : function.getNodeList()) {
      nodes.add(substituted(node, given));
    }
    Bodies.nodes(nodes, body, at.model());
    for (int i = 0; i < at.outputs(); i++) {
      at.set(i, body.value(function.getOutput(i)));
    }
  }

  /** The node with the call's attributes where the function refers to them. */
  private static NodeProto substituted(NodeProto node, Map<String, AttributeProto> given) {
    NodeProto.Builder built = node.toBuilder().clearAttribute();
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.getRefAttrName().isEmpty()) {
        built.addAttribute(attribute);
      } else if (given.containsKey(attribute.getRefAttrName())) {
        AttributeProto value = given.get(attribute.getRefAttrName());
        built.addAttribute(value.toBuilder().setName(attribute.getName()));
      }
    }
    return built.build();
  }
}
