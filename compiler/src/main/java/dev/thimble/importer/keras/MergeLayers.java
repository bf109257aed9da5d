package dev.thimble.importer.keras;

import dev.thimble.graph.Value;
import dev.thimble.importer.keras.LayerImport.LayerReader;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Layers of several inputs, and the operations that Keras records where Python adds tensors. */
final class MergeLayers {
  private static final Map<String, Binary.Function> LAMBDAS =
      Map.of(
          "__operators__.add", Binary.Function.ADD,
          "math.add", Binary.Function.ADD,
          "math.multiply", Binary.Function.MUL);

  private MergeLayers() {}

  static void list(Map<String, LayerReader> readers) {
    readers.put("Add", at -> at.result(joined(at, Binary.Function.ADD)));
    readers.put("Multiply", at -> at.result(joined(at, Binary.Function.MUL)));
    readers.put("Average", MergeLayers::average);
    readers.put("TFOpLambda", MergeLayers::lambda);
  }

  /** The inputs in values of one order of axes; broadcasting needs them to have as many. */
  static List<KerasTensor> together(Layer at) {
    List<KerasTensor> inputs = at.inputs();
    if (inputs.isEmpty()) {
      throw at.malformed("has no inputs");
    }
    KerasTensor first = inputs.getFirst();
    if (inputs.stream().anyMatch(input -> input.rank() != first.rank())) {
      throw new UnsupportedLayer("inputs of different ranks", "inputs of one rank");
    }
    List<Integer> order =
        inputs.stream().allMatch(input -> input.order().equals(first.order()))
            ? first.order()
            : KerasTensor.identity(first.rank());
    return inputs.stream().map(input -> at.arranged(input, order)).toList();
  }

  private static KerasTensor joined(Layer at, Binary.Function function) {
    List<KerasTensor> inputs = together(at);
    KerasTensor first = inputs.getFirst();
    Value value = first.value();
    for (KerasTensor next : inputs.subList(1, inputs.size())) {
      Value left = value;
      value = at.node(() -> new Binary(function, Activation.NONE), left, next.value());
    }
    return first.with(value);
  }

  private static List<KerasTensor> average(Layer at) {
    KerasTensor sum = joined(at, Binary.Function.ADD);
    return at.result(sum.with(scaled(at, sum.value(), 1f / at.inputs().size())));
  }

  private static Value scaled(Layer at, Value value, float factor) {
    int[] ones = IntStream.range(0, value.type().shape().rank()).map(axis -> 1).toArray();
    Value constant = at.constant("factor", () -> Layer.floats(new float[] {factor}, ones));
    return at.node(() -> new Binary(Binary.Function.MUL, Activation.NONE), value, constant);
  }

  /** An operation of TensorFlow on tensors, or on one and a number. */
  private static List<KerasTensor> lambda(Layer at) {
    String name = at.config().text("", "function");
    Binary.Function function = LAMBDAS.get(name);
    if (function == null) {
      throw new UnsupportedLayer(
          "TensorFlow's " + name, String.join(", ", LAMBDAS.keySet().stream().sorted().toList()));
    }
    if (at.inputs().size() > 1) {
      return at.result(joined(at, function));
    }
    JsonNode y = at.call().constants().get("y");
    if (y == null || !y.isNumber()) {
      throw new UnsupportedLayer(name + " of a tensor and an array", "of tensors or a number");
    }
    KerasTensor input = at.input();
    int[] ones = IntStream.range(0, input.rank()).map(axis -> 1).toArray();
    Value number = at.constant("y", () -> Layer.floats(new float[] {(float) y.asDouble()}, ones));
    Value made = at.node(() -> new Binary(function, Activation.NONE), input.value(), number);
    return at.result(input.with(made));
  }
}
