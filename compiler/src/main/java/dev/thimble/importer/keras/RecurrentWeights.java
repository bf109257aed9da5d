package dev.thimble.importer.keras;

import dev.thimble.graph.Value;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * The constants of a recurrent node.
 *
 * @param filter [gates * H, I]
 * @param recurrent [gates * H, H]
 * @param bias [gates * H]
 * @param recurrentBias [gates * H], zeros where the layer has one bias
 * @param zeros the state that it starts with, [N, H]
 */
record RecurrentWeights(
    Value filter,
    Value recurrent,
    Value bias,
    Value recurrentBias,
    Value zeros,
    boolean twoBiases) {
  /**
   * The constants of a layer with gates in the file's order, which {@code order} rearranges. Keras
   * 1 kept the gates apart, under the letters of {@code letters}.
   */
  static RecurrentWeights read(Layer at, Value input, String letters, int... order) {
    int gates = Math.max(1, order.length);
    Tensor kernel = kernel(at, "kernel", "_W", 0, letters);
    Tensor recurrent = kernel(at, "recurrent_kernel", "_U", 1, letters);
    int units = recurrent.shape().dim(0);
    int depth = input.type().shape().dim(2);
    at.required(kernel, "kernel", depth, Math.multiplyExact(gates, units));
    at.required(recurrent, "recurrent_kernel", units, gates * units);
    Tensor biases = biases(at, letters, gates * units);
    boolean two = biases.shape().dim(0) == 2;
    int batch = input.type().shape().dim(0);
    return new RecurrentWeights(
        at.constant("kernel", () -> RecurrentLayers.blocks(kernel, order)),
        at.constant("recurrent_kernel", () -> RecurrentLayers.blocks(recurrent, order)),
        at.constant("bias", () -> row(biases, 0, order)),
        two
            ? at.constant("recurrent_bias", () -> row(biases, 1, order))
            : at.constant(
                "recurrent_bias", () -> Layer.floats(new float[gates * units], gates * units)),
        at.constant(
            "start" + batch,
            () -> Layer.floats(new float[Math.multiplyExact(batch, units)], batch, units)),
        two);
  }

  private static Tensor kernel(Layer at, String role, String older, int position, String letters) {
    if (letters.isEmpty() || !at.has(older + "_" + letters.charAt(0))) {
      return at.weight(role, older, position, 2);
    }
    List<Tensor> parts = new ArrayList<>();
    for (char letter : letters.toCharArray()) {
      parts.add(at.weight(older + "_" + letter, position, 2));
    }
    return joined(at, parts);
  }

  /** [1 or 2, gates * H]. */
  private static Tensor biases(Layer at, String letters, int entries) {
    if (!at.config().flag(true, "use_bias")) {
      return Layer.floats(new float[entries], 1, entries);
    }
    if (!letters.isEmpty() && at.has("_b_" + letters.charAt(0))) {
      List<Tensor> parts = new ArrayList<>();
      for (char letter : letters.toCharArray()) {
        Tensor part = at.weight("_b_" + letter, 2, 1);
        parts.add(part.as(TensorType.float32(1, part.shape().elements())));
      }
      return at.required(joined(at, parts), "bias", 1, entries);
    }
    Tensor bias = at.has("_b") ? at.anyWeight("_b", 2) : at.anyWeight("bias", 2);
    if (bias.shape().equals(Shape.of(entries))) {
      return bias.as(TensorType.float32(1, entries));
    }
    return at.required(bias, "bias", 2, entries);
  }

  /** Arrays side by side along their last axis. */
  private static Tensor joined(Layer at, List<Tensor> parts) {
    int rows = parts.getFirst().shape().dim(0);
    int width = 0;
    for (Tensor part : parts) {
      at.required(part, "weights of a gate", rows, part.shape().dim(1));
      width += part.shape().dim(1);
    }
    float[] all = new float[Math.multiplyExact(rows, width)];
    int left = 0;
    for (Tensor part : parts) {
      int extent = part.shape().dim(1);
      for (int row = 0; row < rows; row++) {
        System.arraycopy(part.floats(), row * extent, all, row * width + left, extent);
      }
      left += extent;
    }
    return Layer.floats(all, rows, width);
  }

  private static Tensor row(Tensor biases, int row, int... order) {
    Tensor one = biases.select(0, List.of(row));
    Tensor turned = RecurrentLayers.blocks(one, order);
    return turned.as(TensorType.float32(turned.shape().elements()));
  }
}
