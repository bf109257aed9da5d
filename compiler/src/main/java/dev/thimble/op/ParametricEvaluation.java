package dev.thimble.op;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;

/** Reference evaluation of {@link Parametric}: quantization.md, rules Q20, Q21 and Q23. */
final class ParametricEvaluation {
  private ParametricEvaluation() {}

  static Tensor evaluate(Parametric op, Tensor in, TensorType out, Rounding rounding) {
    if (!in.type().isFloat()) {
      return QuantizedFunctions.evaluate(in, out, real -> of(op, real));
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
