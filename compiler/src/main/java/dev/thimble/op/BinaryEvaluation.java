package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.function.IntBinaryOperator;

/**
 * Reference evaluation of functions of two inputs: quantization.md, rules Q9, Q20, Q22 and Q24 to
 * Q27.
 */
final class BinaryEvaluation {
  private BinaryEvaluation() {}

  static Tensor evaluate(Binary op, List<Tensor> in, TensorType out, Rounding rounding) {
    Tensor first = in.get(0);
    Tensor second = in.get(1);
    int[] firstAt = offsets(first.shape(), out.shape());
    int[] secondAt = offsets(second.shape(), out.shape());
    if (out.isFloat()) {
      float[] results = new float[out.elements()];
      for (int i = 0; i < results.length; i++) {
        float result = of(op.function(), first.floats()[firstAt[i]], second.floats()[secondAt[i]]);
        results[i] = op.activation().clamp(result);
      }
      return Tensor.ofFloats(out, results);
    }
    if (!out.isQuantized()) {
      long[] as = first.longs();
      long[] bs = second.longs();
      long[] results = new long[out.elements()];
      for (int i = 0; i < results.length; i++) {
        results[i] = Integers.of(op.function(), as[firstAt[i]], bs[secondAt[i]], out.dtype());
      }
      return Integers.tensor(out, results);
    }
    IntBinaryOperator stored = stored(op, first.type(), second.type(), out, rounding);
    int[] results = new int[out.elements()];
    for (int i = 0; i < results.length; i++) {
      results[i] = stored.applyAsInt(first.ints()[firstAt[i]], second.ints()[secondAt[i]]);
    }
    return Tensor.ofInts(out, results);
  }

  private static float of(Binary.Function function, float a, float b) {
    return switch (function) {
      case ADD -> a + b;
      case MUL -> a * b;
      case SUB -> a - b;
      case DIV -> a / b;
      case MIN -> a < b || Float.isNaN(a) ? a : b;
      case MAX -> a > b || Float.isNaN(a) ? a : b;
      case POW -> power(a, b);
      case SQUARED_DIFFERENCE -> (a - b) * (a - b);
      case MOD -> {
        float rest = a % b;
        yield rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
      }
      case FMOD -> a % b;
      case FLOOR_DIV -> (float) Math.floor(a / b);
      case PRELU -> a >= 0 ? a : a * b;
      case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT ->
          throw new IllegalStateException(function + " is no function of floats");
    };
  }

  /** As C's pow, which differs from Java's where the base is 1, or -1 with an infinite exponent. */
  private static float power(float base, float exponent) {
    boolean one = base == 1 || (base == -1 && Float.isInfinite(exponent));
    return one ? 1 : (float) Math.pow(base, exponent);
  }

  /**
   * The stored result of two stored elements. Throws {@link IllegalArgumentException} where the
   * function is not defined for these scales, or for quantised elements.
   */
  static IntBinaryOperator stored(
      Binary op, TensorType first, TensorType second, TensorType out, Rounding rounding) {
    return switch (op.function()) {
      case ADD -> {
        if (out.dtype() == DType.INT16) {
          SumQuantization q = SumQuantization.ofSum(first, second, out, op.activation(), rounding);
          yield (a, b) -> q.apply(a, b, rounding);
        }
        AddQuantization q = AddQuantization.of(first, second, out, op.activation(), rounding);
        yield (a, b) -> q.apply(a, b, rounding);
      }
      case SUB -> {
        SumQuantization q =
            SumQuantization.ofDifference(first, second, out, op.activation(), rounding);
        yield (a, b) -> q.apply(a, b, rounding);
      }
      case SQUARED_DIFFERENCE -> {
        SquaredDifferenceQuantization q =
            SquaredDifferenceQuantization.of(first, second, out, op.activation(), rounding);
        yield (a, b) -> q.apply(a, b, rounding);
      }
      case PRELU -> {
        Checks.require(out.dtype() != DType.INT16, "prelu of quantised int16 elements has no rule");
        PreluQuantization q = PreluQuantization.of(first, second, out, op.activation(), rounding);
        yield (a, b) -> q.apply(a, b, rounding);
      }
      case MIN, MAX -> extreme(op, first, second, out);
      case MUL -> {
        MulQuantization q = MulQuantization.of(first, second, out, op.activation(), rounding);
        yield (a, b) -> q.apply(a, b, rounding);
      }
      case DIV, POW, MOD, FMOD, FLOOR_DIV ->
          throw new IllegalArgumentException(op.kind() + " of quantised elements has no rule");
      case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT ->
          throw new IllegalArgumentException(op.kind() + " is no function of quantised elements");
    };
  }

  /** Stored elements of one quantisation compare as the numbers do that they stand for. */
  private static IntBinaryOperator extreme(
      Binary op, TensorType first, TensorType second, TensorType out) {
    Checks.sameElements(first, out);
    Checks.sameElements(second, out);
    Checks.require(
        out.dtype() != DType.INT16 || op.activation() == Activation.NONE,
        op.kind() + " of int16 elements takes no fused activation");
    int min = op.activation().quantizedMin(out);
    int max = op.activation().quantizedMax(out);
    boolean greater = op.function() == Binary.Function.MAX;
    return (a, b) -> Math.clamp(greater ? Math.max(a, b) : Math.min(a, b), min, max);
  }

  /** For each element of the output, in row-major order, the index of the input's. */
  static int[] offsets(Shape input, Shape output) {
    return Strides.offsets(output, Broadcast.strides(input, output));
  }
}
