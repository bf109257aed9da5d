package dev.thimble.op;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;

/** Reference evaluation of conversions to and from int8: quantization.md, rules Q2 and Q11. */
final class QuantizeEvaluation {
  private QuantizeEvaluation() {}

  static Tensor quantize(Tensor in, TensorType out, Rounding rounding) {
    int[] results = new int[out.elements()];
    if (in.type().isFloat()) {
      for (int i = 0; i < results.length; i++) {
        results[i] = stored(in.floats()[i], out);
      }
      return Tensor.ofInts(out, results);
    }
    Requantization quantization = Requantization.ofQuantize(in.type(), out, rounding);
    for (int i = 0; i < results.length; i++) {
      results[i] = quantization.apply(in.ints()[i], rounding);
    }
    return Tensor.ofInts(out, results);
  }

  private static int stored(float real, TensorType out) {
    long rounded = (long) FixedPoint.roundHalfAway(real / out.scale());
    // A huge real number saturates before the zero point is added, which must not overflow.
    long bounded = Math.clamp(rounded, Integer.MIN_VALUE, Integer.MAX_VALUE);
    return Math.clamp(bounded + out.zeroPoint(), out.dtype().minValue(), out.dtype().maxValue());
  }

  static Tensor dequantize(Tensor in, TensorType out) {
    float scale = in.type().scale();
    int zeroPoint = in.type().zeroPoint();
    float[] results = new float[out.elements()];
    for (int i = 0; i < results.length; i++) {
      results[i] = scale * (in.ints()[i] - zeroPoint);
    }
    return Tensor.ofFloats(out, results);
  }
}
