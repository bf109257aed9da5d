package dev.thimble.op;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;

/** Reference evaluation of an int8 {@link L2Norm}: quantization.md, rule Q66. */
final class IntL2Norm {
  /** The entries of a line whose squares, each at most 255^2, have a sum that fits an int32. */
  static final int MAX_DEPTH = 33_000;

  private static final int OUTPUT_SHIFT = 7;
  private static final int ONE_AND_A_HALF = 3 << 27;
  private static final int HALF_OF_ROOT_OF_TWO = 1518500250;

  private IntL2Norm() {}

  static Tensor evaluate(Tensor in, TensorType out, Rounding rounding) {
    int depth = out.shape().dim(-1);
    int[] results = IntConvolution.centred(in.ints(), in.type().zeroPoint());
    for (int start = 0; start < results.length; start += depth) {
      int squares = 0;
      for (int i = start; i < start + depth; i++) {
        squares += results[i] * results[i];
      }
      Multiplier factor = inverseRoot(squares);
      for (int i = start; i < start + depth; i++) {
        int result =
            FixedPoint.requantize(
                results[i], factor.multiplier(), factor.shift() + OUTPUT_SHIFT, rounding);
        results[i] = Math.clamp(result, Byte.MIN_VALUE, Byte.MAX_VALUE);
      }
    }
    return Tensor.ofInts(out, results);
  }

  /** 1 / sqrt(a) by five steps of Newton's method; 0 counts as 1. */
  static Multiplier inverseRoot(int a) {
    if (a <= 1) {
      return new Multiplier(Integer.MAX_VALUE, 0);
    }
    int right = 11;
    int scaled = a;
    while (scaled >= 1 << 29) {
      scaled /= 4;
      right++;
    }
    int pairs = (Integer.numberOfLeadingZeros(scaled) - 1) / 2 - 1;
    right -= pairs;
    scaled <<= 2 * pairs;
    int half = FixedPoint.roundingShift(scaled >> 1, 1);
    int x = 1 << 28;
    for (int i = 0; i < 5; i++) {
      int square = FixedPoint.highMultiply(x, x);
      int cube = saturated(FixedPoint.highMultiply(square, x), 6);
      int difference =
          FixedPoint.highMultiply(ONE_AND_A_HALF, x) - FixedPoint.highMultiply(half, cube);
      x = saturated(difference, 3);
    }
    int root = FixedPoint.highMultiply(x, HALF_OF_ROOT_OF_TWO);
    return right < 0 ? new Multiplier(root << -right, 0) : new Multiplier(root, -right);
  }

  private static int saturated(int value, int left) {
    return Math.clamp((long) value << left, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }
}
