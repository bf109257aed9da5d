package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;

/**
 * Reference evaluation of reductions: quantization.md, rules Q10, Q20 and Q50. The elements that
 * are reduced to one are taken in memory order.
 */
final class ReduceEvaluation {
  private ReduceEvaluation() {}

  static Tensor evaluate(Reduce op, Tensor in, TensorType out, Rounding rounding) {
    if (out.isFloat()) {
      return Tensor.ofFloats(out, floats(op, in, out));
    }
    return out.isQuantized() && adds(op.function())
        ? mean(op, in, out, rounding)
        : integers(op, in, out);
  }

  private static boolean adds(Reduce.Function function) {
    return function == Reduce.Function.MEAN || function == Reduce.Function.SUM;
  }

  private static Tensor mean(Reduce op, Tensor in, TensorType out, Rounding rounding) {
    int[] targets = targets(op, in.shape());
    int[] sums = new int[out.elements()];
    int[] input = in.ints();
    for (int i = 0; i < input.length; i++) {
      sums[targets[i]] += input[i];
    }
    MeanQuantization quantization = MeanQuantization.of(op, in.type(), out, rounding);
    for (int i = 0; i < sums.length; i++) {
      sums[i] = quantization.apply(sums[i], rounding);
    }
    return Tensor.ofInts(out, sums);
  }

  private static float[] floats(Reduce op, Tensor in, TensorType out) {
    int[] targets = targets(op, in.shape());
    if (op.function() == Reduce.Function.LOG_SUM_EXP) {
      return logSumExp(in.floats(), targets, out.elements());
    }
    float[] results = new float[out.elements()];
    Arrays.fill(results, start(op.function()));
    for (int i = 0; i < targets.length; i++) {
      results[targets[i]] = next(op.function(), results[targets[i]], in.floats()[i]);
    }
    int count = op.count(in.type());
    for (int i = 0; i < results.length; i++) {
      results[i] = finish(op.function(), results[i], count);
    }
    return results;
  }

  private static float start(Reduce.Function function) {
    return switch (function) {
      case MAX -> Float.NEGATIVE_INFINITY;
      case MIN -> Float.POSITIVE_INFINITY;
      case PROD -> 1;
      case MEAN, SUM, L1, L2, SUM_SQUARE, LOG_SUM, LOG_SUM_EXP, ANY, ALL -> 0;
    };
  }

  /** One element more; a maximum or minimum of something that is not a number is none either. */
  private static float next(Reduce.Function function, float so, float element) {
    return switch (function) {
      case MEAN, SUM, LOG_SUM -> so + element;
      case MAX -> element > so || Float.isNaN(element) ? element : so;
      case MIN -> element < so || Float.isNaN(element) ? element : so;
      case PROD -> so * element;
      case L1 -> so + Math.abs(element);
      case L2, SUM_SQUARE -> so + element * element;
      case LOG_SUM_EXP, ANY, ALL -> throw new IllegalStateException(function + " of floats");
    };
  }

  private static float finish(Reduce.Function function, float reduced, int count) {
    return switch (function) {
      case MEAN -> reduced / count;
      case L2 -> (float) Math.sqrt(reduced);
      case LOG_SUM -> (float) Math.log(reduced);
      case SUM, MAX, MIN, PROD, L1, SUM_SQUARE -> reduced;
      case LOG_SUM_EXP, ANY, ALL -> throw new IllegalStateException(function + " of floats");
    };
  }

  /** The largest element is taken out of the powers, so that none of them overflows. */
  private static float[] logSumExp(float[] in, int[] targets, int count) {
    float[] largest = new float[count];
    Arrays.fill(largest, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < in.length; i++) {
      largest[targets[i]] = next(Reduce.Function.MAX, largest[targets[i]], in[i]);
    }
    double[] sums = new double[count];
    for (int i = 0; i < in.length; i++) {
      sums[targets[i]] += Math.exp((double) in[i] - largest[targets[i]]);
    }
    float[] results = new float[count];
    for (int i = 0; i < count; i++) {
      results[i] =
          Float.isInfinite(largest[i]) ? largest[i] : (float) (largest[i] + Math.log(sums[i]));
    }
    return results;
  }

  private static Tensor integers(Reduce op, Tensor in, TensorType out) {
    int[] targets = targets(op, in.shape());
    long[] elements = in.longs();
    long[] results = new long[out.elements()];
    Arrays.fill(
        results,
        switch (op.function()) {
          case MAX -> Long.MIN_VALUE;
          case MIN -> Long.MAX_VALUE;
          case PROD, ALL -> 1;
          case MEAN, SUM, L1, SUM_SQUARE, ANY -> 0;
          case L2, LOG_SUM, LOG_SUM_EXP ->
              throw new IllegalStateException(op.function() + " of integers");
        });
    for (int i = 0; i < targets.length; i++) {
      results[targets[i]] = next(op.function(), results[targets[i]], elements[i]);
    }
    for (int i = 0; i < results.length; i++) {
      results[i] =
          op.function() == Reduce.Function.MEAN
              ? results[i] / op.count(in.type())
              : wrapped(out.dtype(), results[i]);
    }
    return Tensor.ofLongs(out, results);
  }

  private static long next(Reduce.Function function, long so, long element) {
    return switch (function) {
      case MEAN, SUM -> so + element;
      case MAX -> Math.max(so, element);
      case MIN -> Math.min(so, element);
      case PROD -> so * element;
      case L1 -> so + Math.abs(element);
      case SUM_SQUARE -> so + element * element;
      case ANY -> so | element;
      case ALL -> so & element;
      case L2, LOG_SUM, LOG_SUM_EXP -> throw new IllegalStateException(function + " of integers");
    };
  }

  /** The number of this type that is congruent modulo 2^bits. */
  static long wrapped(DType type, long number) {
    return switch (type) {
      case INT8 -> (byte) number;
      case UINT8 -> number & 0xFF;
      case INT16 -> (short) number;
      case UINT16 -> number & 0xFFFF;
      case INT32 -> (int) number;
      case UINT32 -> number & 0xFFFF_FFFFL;
      case INT64, BOOL -> number;
      case FLOAT32 -> throw new IllegalArgumentException("float32 does not wrap");
    };
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
