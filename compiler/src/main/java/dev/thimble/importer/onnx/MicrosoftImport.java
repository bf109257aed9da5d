package dev.thimble.importer.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.thimble.importer.layout.LaidOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The operators that ONNX Runtime writes into quantised networks, of the domain {@code
 * com.microsoft}. Those that compute with floats inside become what they stand for: a
 * dequantisation, the operator of floats, and a quantisation.
 */
final class MicrosoftImport {
  static final String DOMAIN = "com.microsoft";

  private static final Map<String, Consumer<OnnxNode>> ROWS =
      Map.ofEntries(
          Map.entry("DequantizeLinear", QuantizationImport::dequantize),
          Map.entry("QGemm", QuantizedMatrixImport::qGemm),
          Map.entry("QLinearAdd", at -> pair(at, "Add")),
          Map.entry("QLinearAveragePool", at -> one(at, "AveragePool", Set.of("channels_last"))),
          Map.entry("QLinearConcat", MicrosoftImport::concat),
          Map.entry(
              "QLinearGlobalAveragePool",
              at -> one(at, "GlobalAveragePool", Set.of("channels_last"))),
          Map.entry("QLinearLeakyRelu", at -> one(at, "LeakyRelu", Set.of())),
          Map.entry("QLinearMul", at -> pair(at, "Mul")),
          Map.entry("QLinearSigmoid", at -> one(at, "Sigmoid", Set.of())),
          Map.entry("QLinearSoftmax", MicrosoftImport::softmax),
          Map.entry("QuantizeLinear", QuantizationImport::quantize));

  /** The names of the operators above. */
  static final String OPERATORS =
      ROWS.keySet().stream()
          .sorted()
          .map(name -> DOMAIN + ":" + name)
          .collect(Collectors.joining(", "));

  private MicrosoftImport() {}

  /** Imports a node of the domain; false where it has no such operator. */
  static boolean read(OnnxNode at) {
    Consumer<OnnxNode> row = ROWS.get(at.op());
    if (row == null) {
      return false;
    }
    row.accept(at);
    return true;
  }

  /** x, its scale and zero point, the result's. */
  private static void one(OnnxNode at, String op, Set<String> flags) {
    at.require(4, 5);
    for (String flag : flags) {
      if (at.attributes().flag(flag, false)) {
        throw new UnsupportedNode(flag, "channels in front of rows and columns");
      }
    }
    at.attributes().ignoreAll();
    List<AttributeProto> attributes =
        at.proto().getAttributeList().stream()
            .filter(each -> !flags.contains(each.getName()))
            .toList();
    between(at, op, attributes, List.of(List.of(0, 1, 2)), List.of(3, 4));
  }

  /** a, its scale and zero point, b, its scale and zero point, the result's. */
  private static void pair(OnnxNode at, String op) {
    at.require(7, 8);
    between(at, op, List.of(), List.of(List.of(0, 1, 2), List.of(3, 4, 5)), List.of(6, 7));
  }

  /** The result's scale and zero point, and then of each operand itself and these. */
  private static void concat(OnnxNode at) {
    at.require(5, Integer.MAX_VALUE);
    at.attributes().ignoreAll();
    List<List<Integer>> operands = new ArrayList<>();
    for (int i = 2; i + 2 < at.inputs(); i += 3) {
      operands.add(List.of(i, i + 1, i + 2));
    }
    between(at, "Concat", at.proto().getAttributeList(), operands, List.of(0, 1));
  }

  private static void softmax(OnnxNode at) {
    at.require(4, 5);
    int opset = at.attributes().integer("opset", at.opset());
    LaidOut x = at.x(0);
    int axis = at.axis(at.attributes().integer("axis", -1), x.rank());
    if ((opset >= 13) != (at.opset() >= 13) && axis != x.rank() - 1) {
      throw new UnsupportedNode("axis " + axis + " of opset " + opset, "the last axis");
    }
    AttributeProto last =
        AttributeProto.newBuilder()
            .setName("axis")
            .setType(AttributeProto.AttributeType.INT)
            .setI(axis)
            .build();
    between(at, "Softmax", List.of(last), List.of(List.of(0, 1, 2)), List.of(3, 4));
  }

  /** An operator of floats between dequantisations and a quantisation, as nodes of the file. */
  private static void between(
      OnnxNode at,
      String op,
      List<AttributeProto> attributes,
      List<List<Integer>> operands,
      List<Integer> result) {
    String output = at.proto().getOutput(0);
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(op).addAllAttribute(attributes);
    for (int i = 0; i < operands.size(); i++) {
      String real = output + "~operand" + i;
      run(at, step("DequantizeLinear", at, operands.get(i)).addOutput(real));
      node.addInput(real);
    }
    String real = output + "~real";
    run(at, node.addOutput(real));
    NodeProto.Builder last = NodeProto.newBuilder().setOpType("QuantizeLinear").addInput(real);
    result.stream().filter(at::has).forEach(each -> last.addInput(at.proto().getInput(each)));
    run(at, last.addOutput(output));
  }

  private static NodeProto.Builder step(String op, OnnxNode at, List<Integer> operands) {
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(op);
    operands.forEach(each -> node.addInput(at.has(each) ? at.proto().getInput(each) : ""));
    return node;
  }

  private static void run(OnnxNode at, NodeProto.Builder node) {
    OperatorImport.read(
        new OnnxNode(node.setName(at.proto().getName()).build(), 0, at.scope(), at.model()));
  }
}
