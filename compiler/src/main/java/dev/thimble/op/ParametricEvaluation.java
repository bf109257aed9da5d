package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** Reference evaluation of {@link Parametric}: quantization.md, rules Q20, Q21, Q23, Q29. */
final class ParametricEvaluation {
  private ParametricEvaluation() {}

  static Tensor evaluate(Parametric op, Tensor in, TensorType out, Rounding rounding) {
    if (!in.type().isFloat()) {
      IntUnaryOperator stored = stored(op, in.type(), out, rounding);
      return Tensor.ofInts(out, Arrays.stream(in.ints()).map(stored).toArray());
    }
    if (op.function() == Parametric.Function.IS_INF) {
      int[] flags = new int[out.elements()];
      for (int i = 0; i < flags.length; i++) {
        flags[i] = (int) of(op, in.floats()[i]);
      }
      return Tensor.ofInts(out, flags);
    }
    float[] results = in.floats().clone();
    for (int i = 0; i < results.length; i++) {
      results[i] = of(op, results[i]);
    }
    return Tensor.ofFloats(out, results);
  }

  /**
   * The stored result of a stored element. Throws {@link IllegalArgumentException} where the
   * function is not defined for these types.
   */
  static IntUnaryOperator stored(Parametric op, TensorType in, TensorType out, Rounding rounding) {
    if (op.function() == Parametric.Function.LEAKY_RELU) {
      PiecewiseQuantization q = op.pieces(in, out, rounding);
      return x -> q.apply(x, rounding);
    }
    Checks.require(
        out.dtype() != DType.INT16, op.kind() + " of quantised int16 elements has no rule");
    if (op.function() == Parametric.Function.CLIP && op.alpha() <= op.beta()) {
      Requantization q = Requantization.ofClip(in, out, op.alpha(), op.beta(), rounding);
      return x -> q.apply(x, rounding);
    }
    if (op.function() == Parametric.Function.ELU) {
      // The reference takes 1 from a rounded exponential here, though not for floats.
      return QuantizedFunctions.table(
          in, out, real -> real < 0 ? op.alpha() * ((float) Math.exp(real) - 1) : real);
    }
    return QuantizedFunctions.table(in, out, real -> of(op, real));
  }

  private static float of(Parametric op, float x) {
    float alpha = op.alpha();
    float beta = op.beta();
    return switch (op.function()) {
      case LEAKY_RELU -> x >= 0 ? x : x * alpha;
      case ELU -> x >= 0 ? x : alpha * (float) Math.expm1(x);
      case SELU -> beta * (x > 0 ? x : alpha * (float) Math.expm1(x));
      case CELU -> x >= 0 ? x : alpha * (float) Math.expm1(x / alpha);
      case HARD_SIGMOID -> clamp(alpha * x + beta, 0, 1);
      case THRESHOLDED_RELU -> x > alpha ? x : 0;
      case SHRINK -> x < -alpha ? x + beta : x > alpha ? x - beta : 0;
      case CLIP -> clamp(x, alpha, beta);
      case IS_INF -> {
        float detected = x > 0 ? beta : alpha;
        yield Float.isInfinite(x) ? detected : 0;
      }
    };
  }

  /** The upper bound wins where it is the smaller one; NaN stays. */
  private static float clamp(float x, float min, float max) {
    float raised = x < min ? min : x;
    return raised > max ? max : raised;
  }
}
