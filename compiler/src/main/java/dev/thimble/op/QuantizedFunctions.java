package dev.thimble.op;

import dev.thimble.tensor.TensorType;
import java.util.function.IntUnaryOperator;

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

  private static int stored(float real, TensorType out) {
    float rounded = FixedPoint.roundHalfAway(real * (1 / out.scale()));
    long bounded = Math.clamp((long) rounded, Integer.MIN_VALUE, Integer.MAX_VALUE);
    return Math.clamp(bounded + out.zeroPoint(), out.dtype().minValue(), out.dtype().maxValue());
  }

  /** The function of the real numbers that int8 elements stand for, quantised, by a table. */
  static IntUnaryOperator table(TensorType in, TensorType out, OfFloat function) {
    int lowest = in.dtype().minValue();
    int[] table = new int[in.dtype().maxValue() - lowest + 1];
    for (int i = 0; i < table.length; i++) {
      float real = in.scale() * (lowest + i - in.zeroPoint());
      table[i] = stored(function.of(real), out);
    }
    return x -> table[x - lowest];
  }
}
