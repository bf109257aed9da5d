package dev.thimble.importer.keras;

import dev.thimble.graph.Value;
import dev.thimble.importer.keras.LayerImport.LayerReader;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Concat;
import dev.thimble.op.MatMul;
import dev.thimble.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Layers of several inputs, and the operations that Keras records where Python adds tensors. */
final class MergeLayers {
  private MergeLayers() {}

  static void list(Map<String, LayerReader> readers) {
    readers.put("Add", at -> at.result(joined(at, Binary.Function.ADD)));
    readers.put("Multiply", at -> at.result(joined(at, Binary.Function.MUL)));
    readers.put("Subtract", at -> at.result(difference(at)));
    readers.put("Maximum", at -> at.result(joined(at, Binary.Function.MAX)));
    readers.put("Minimum", at -> at.result(joined(at, Binary.Function.MIN)));
    readers.put("Average", MergeLayers::average);
    readers.put("Concatenate", MergeLayers::concatenate);
    readers.put("Dot", MergeLayers::dot);
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

  private static KerasTensor difference(Layer at) {
    if (at.inputs().size() != 2) {
      throw at.malformed("has " + at.inputs().size() + " inputs, takes 2");
    }
    return joined(at, Binary.Function.SUB);
  }

  /** The function of the first two, of that and the third, and so on. */
  static KerasTensor joined(Layer at, Binary.Function function) {
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

  private static List<KerasTensor> concatenate(Layer at) {
    List<KerasTensor> inputs = together(at);
    KerasTensor first = inputs.getFirst();
    int axis = at.config().axis(-1, "axis");
    int counted = axis < 0 ? axis + first.rank() : axis;
    if (counted < 0 || counted >= first.rank()) {
      throw at.malformed("has axis " + axis + " for inputs of shape " + first.shape());
    }
    int valueAxis = first.valueAxis(counted);
    Value[] values = inputs.stream().map(KerasTensor::value).toArray(Value[]::new);
    return at.result(first.with(at.node(() -> new Concat(valueAxis), values)));
  }

  /** Products of vectors or matrices along one axis of each. */
  private static List<KerasTensor> dot(Layer at) {
    if (at.config().flag(false, "normalize")) {
      throw new UnsupportedLayer("normalize", "products that are not normalized");
    }
    if (at.inputs().size() != 2) {
      throw at.malformed("has " + at.inputs().size() + " inputs, takes 2");
    }
    KerasTensor a = at.plain(at.inputs().get(0));
    KerasTensor b = at.plain(at.inputs().get(1));
    if (a.rank() != b.rank() || a.rank() < 2 || a.rank() > 3) {
      throw new UnsupportedLayer(
          "inputs of shapes " + a.shape() + " and " + b.shape(), "two vectors or two matrices");
    }
    int[] axes = dotAxes(at, a.rank());
    if (a.rank() == 3) {
      return at.result(
          KerasTensor.of(
              at.node(() -> new MatMul(axes[0] == 1, axes[1] == 2), a.value(), b.value())));
    }
    int batch = a.shape().dim(0);
    Value row = at.reshaped(a.value(), Shape.of(batch, 1, a.shape().dim(1)));
    Value other = at.reshaped(b.value(), Shape.of(batch, 1, b.shape().dim(1)));
    Value product = at.node(() -> new MatMul(false, true), row, other);
    return at.result(KerasTensor.of(at.reshaped(product, Shape.of(batch, 1))));
  }

  private static int[] dotAxes(Layer at, int rank) {
    JsonNode json = at.config().get("axes").orElseThrow(() -> at.malformed("has no axes"));
    int[] axes = new int[2];
    for (int i = 0; i < 2; i++) {
      JsonNode axis = json.isArray() ? json.path(i) : json;
      int counted = axis.isInt() ? axis.asInt() : 0;
      axes[i] = counted < 0 ? counted + rank : counted;
      if (axes[i] < 1 || axes[i] >= rank) {
        throw at.config().wrong("axes", json);
      }
    }
    return axes;
  }

  static Value scaled(Layer at, Value value, float factor) {
    int[] ones = IntStream.range(0, value.type().shape().rank()).map(axis -> 1).toArray();
    Value constant = at.constant("factor", () -> Layer.floats(new float[] {factor}, ones));
    return at.node(() -> new Binary(Binary.Function.MUL, Activation.NONE), value, constant);
  }
}
