package dev.thimble.op;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;

/**
 * Functions of quantised elements that have no integer arithmetic of their own: quantization.md,
 * rule Q23.
 */
final class QuantizedFunctions {
  private QuantizedFunctions() {}

  /** A function from float32 to float32. */
  @FunctionalInterface
  interface OfFloat {
    float of(float real);
  }

  /** The function of the real numbers that int8 elements stand for, quantised. */
  static Tensor evaluate(Tensor in, TensorType out, OfFloat function) {
    int lowest = in.type().dtype().minValue();
    int[] table = new int[in.type().dtype().maxValue() - lowest + 1];
    for (int i = 0; i < table.length; i++) {
      float real = in.type().scale() * (lowest + i - in.type().zeroPoint());
      table[i] = QuantizeEvaluation.stored(function.of(real), out);
    }
    int[] results = in.ints().clone();
    for (int i = 0; i < results.length; i++) {
      results[i] = table[results[i] - lowest];
    }
    return Tensor.ofInts(out, results);
  }
}
