package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;

/**
 * Reference evaluation of reductions: quantization.md, rules Q10 and Q20. The elements of one mean
 * are summed in memory order.
 */
final class ReduceEvaluation {
  private ReduceEvaluation() {}

  static Tensor evaluate(Reduce op, Tensor in, TensorType out, Rounding rounding) {
    return switch (op.function()) {
      case MEAN -> mean(op, in, out, rounding);
    };
  }

  private static Tensor mean(Reduce op, Tensor in, TensorType out, Rounding rounding) {
    int[] targets = targets(op, in.shape());
    int count = in.shape().elements() / out.elements();
    if (out.isFloat()) {
      float[] sums = new float[out.elements()];
      float[] input = in.floats();
      for (int i = 0; i < input.length; i++) {
        sums[targets[i]] += input[i];
      }
      for (int i = 0; i < sums.length; i++) {
        sums[i] /= count;
      }
      return Tensor.ofFloats(out, sums);
    }
    int[] sums = new int[out.elements()];
    int[] input = in.ints();
    for (int i = 0; i < input.length; i++) {
      sums[targets[i]] += input[i];
    }
    MeanQuantization quantization = MeanQuantization.of(in.type(), out, count, rounding);
    for (int i = 0; i < sums.length; i++) {
      sums[i] = quantization.apply(sums[i], rounding);
    }
    return Tensor.ofInts(out, sums);
  }

  /** For each input element the output element that it belongs to. */
  private static int[] targets(Reduce op, Shape input) {
    Shape kept = input;
    for (int axis : op.axes()) {
      kept = kept.with(axis, 1);
    }
    int[] strides = Strides.rowMajor(kept);
    for (int axis : op.axes()) {
      strides[axis] = 0;
    }
    return Strides.offsets(input, strides);
  }
}
