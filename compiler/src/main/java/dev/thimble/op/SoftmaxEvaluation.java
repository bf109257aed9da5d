package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;

/** Reference evaluation of softmax: quantization.md, rules Q15, Q21 and Q71. */
final class SoftmaxEvaluation {
  private SoftmaxEvaluation() {}

  static Tensor evaluate(Softmax op, Tensor in, TensorType out, Rounding rounding) {
    if (out.isFloat()) {
      return LineEvaluation.softmax(in, out, op.axis(), op.beta());
    }
    if (in.type().dtype() == DType.INT16) {
      WideSoftmaxQuantization wide = WideSoftmaxQuantization.of(in.type(), op.beta(), rounding);
      return Tensor.ofInts(out, wide.of(in.ints(), out.shape().dim(-1), rounding));
    }
    SoftmaxQuantization quantization = SoftmaxQuantization.of(in.type(), op.beta(), rounding);
    int bits = 8 * out.dtype().bytes();
    return Tensor.ofInts(out, ints(in.ints(), out.shape().dim(-1), quantization, rounding, bits));
  }

  /** The stored int8 output of rows of {@code depth} elements. */
  static int[] ints(int[] input, int depth, SoftmaxQuantization quantization, Rounding rounding) {
    return ints(input, depth, quantization, rounding, Byte.SIZE);
  }

  private static int[] ints(
      int[] input, int depth, SoftmaxQuantization quantization, Rounding rounding, int bits) {
    int[] results = input.clone();
    for (int at = 0; at < results.length; at += depth) {
      intRow(results, at, depth, quantization, rounding, bits);
    }
    return results;
  }

  private static void intRow(
      int[] row, int at, int depth, SoftmaxQuantization quantization, Rounding rounding, int bits) {
    int max = Integer.MIN_VALUE;
    for (int i = at; i < at + depth; i++) {
      max = Math.max(max, row[i]);
    }
    int sum = 0;
    for (int i = at; i < at + depth; i++) {
      if (row[i] - max >= quantization.diffMin()) {
        int exp = quantization.exp(row[i] - max, rounding);
        sum += FixedPoint.roundingShift(exp, SoftmaxQuantization.SUM_INTEGER_BITS);
      }
    }
    // The sum is at least 1 and unsigned: shifted to start with a 1 bit it is 1 plus a fraction.
    int headroom = Integer.numberOfLeadingZeros(sum);
    int reciprocal = FixedPoint.oneOverOnePlus((sum << headroom) - Integer.MIN_VALUE);
    int exponent = SoftmaxQuantization.SUM_INTEGER_BITS - headroom + 31 - bits;
    for (int i = at; i < at + depth; i++) {
      int result = 0;
      if (row[i] - max >= quantization.diffMin() && exponent <= 31) {
        int exp = quantization.exp(row[i] - max, rounding);
        result = FixedPoint.roundingShift(FixedPoint.highMultiply(reciprocal, exp), exponent);
      }
      row[i] = Math.min(result, (1 << bits) - 1) - (1 << (bits - 1));
    }
  }
}
