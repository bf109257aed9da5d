package dev.thimble.importer.keras;

import dev.thimble.graph.Value;
import dev.thimble.importer.keras.LayerImport.LayerReader;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Unary;
import dev.thimble.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * Operations that Keras records where Python calculates with tensors: as layers of class {@code
 * TFOpLambda} in Keras 2, and by the class of the operation in Keras 3. One operand may be a
 * number.
 */
final class OperationLayers {
  private static final Map<String, Binary.Function> BINARY =
      Map.ofEntries(
          Map.entry("__operators__.add", Binary.Function.ADD),
          Map.entry("math.add", Binary.Function.ADD),
          Map.entry("Add", Binary.Function.ADD),
          Map.entry("math.subtract", Binary.Function.SUB),
          Map.entry("Subtract", Binary.Function.SUB),
          Map.entry("math.multiply", Binary.Function.MUL),
          Map.entry("Multiply", Binary.Function.MUL),
          Map.entry("math.truediv", Binary.Function.DIV),
          Map.entry("math.divide", Binary.Function.DIV),
          Map.entry("TrueDivide", Binary.Function.DIV),
          Map.entry("Divide", Binary.Function.DIV),
          Map.entry("math.maximum", Binary.Function.MAX),
          Map.entry("Maximum", Binary.Function.MAX),
          Map.entry("math.minimum", Binary.Function.MIN),
          Map.entry("Minimum", Binary.Function.MIN));

  private static final Map<String, Unary.Function> UNARY =
      Map.ofEntries(
          Map.entry("nn.relu", Unary.Function.RELU),
          Map.entry("Relu", Unary.Function.RELU),
          Map.entry("nn.relu6", Unary.Function.RELU6),
          Map.entry("Relu6", Unary.Function.RELU6),
          Map.entry("math.sigmoid", Unary.Function.SIGMOID),
          Map.entry("nn.sigmoid", Unary.Function.SIGMOID),
          Map.entry("Sigmoid", Unary.Function.SIGMOID),
          Map.entry("math.tanh", Unary.Function.TANH),
          Map.entry("nn.tanh", Unary.Function.TANH),
          Map.entry("Tanh", Unary.Function.TANH),
          Map.entry("nn.silu", Unary.Function.SILU),
          Map.entry("Silu", Unary.Function.SILU),
          Map.entry("math.exp", Unary.Function.EXP),
          Map.entry("Exp", Unary.Function.EXP),
          Map.entry("math.sqrt", Unary.Function.SQRT),
          Map.entry("Sqrt", Unary.Function.SQRT),
          Map.entry("math.square", Unary.Function.SQUARE),
          Map.entry("Square", Unary.Function.SQUARE),
          Map.entry("math.abs", Unary.Function.ABS),
          Map.entry("Absolute", Unary.Function.ABS),
          Map.entry("math.negative", Unary.Function.NEG),
          Map.entry("Negative", Unary.Function.NEG));

  private OperationLayers() {}

  static void list(Map<String, LayerReader> readers) {
    readers.put("TFOpLambda", at -> read(at, at.config().text("", "function")));
  }

  /** An operation by its name. */
  static List<KerasTensor> read(Layer at, String name) {
    Unary.Function unary = UNARY.get(name);
    if (unary != null) {
      refuseConstants(at, name);
      return at.elementwise(value -> at.node(() -> new Unary(unary), value));
    }
    Binary.Function function = BINARY.get(name);
    if (function == null) {
      throw new UnsupportedLayer(
          "operation " + name,
          String.join(", ", new TreeMap<>(BINARY).keySet())
              + ", "
              + String.join(", ", new TreeMap<>(UNARY).keySet()));
    }
    if (at.inputs().size() > 1) {
      refuseConstants(at, name);
      return at.result(MergeLayers.joined(at, function));
    }
    return withNumber(at, name, function);
  }

  /** Arguments that Keras writes though they change nothing. */
  private static void refuseConstants(Layer at, String name) {
    for (String argument : at.call().constants().keySet()) {
      if (!argument.equals("name")) {
        throw new UnsupportedLayer(name + " with argument " + argument, "without");
      }
    }
  }

  private static List<KerasTensor> withNumber(Layer at, String name, Binary.Function function) {
    Map<String, JsonNode> constants = new TreeMap<>(at.call().constants());
    constants.remove("name");
    JsonNode number = constants.size() == 1 ? constants.values().iterator().next() : null;
    if (number == null || !number.isNumber()) {
      throw new UnsupportedLayer(name + " of a tensor and " + constants, "of tensors or a number");
    }
    KerasTensor input = at.input();
    int[] ones = IntStream.range(0, input.rank()).map(axis -> 1).toArray();
    Tensor scalar = Layer.floats(new float[] {(float) number.asDouble()}, ones);
    Value constant = at.constant("number", () -> scalar);
    boolean numberFirst = constants.containsKey("arg0") || constants.containsKey("x");
    return at.elementwise(value ->
        numberFirst
            ? at.node(() -> new Binary(function, Activation.NONE), constant, value)
            : at.node(() -> new Binary(function, Activation.NONE), value, constant));
  }
}
