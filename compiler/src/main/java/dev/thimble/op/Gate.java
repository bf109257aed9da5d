package dev.thimble.op;

/**
 * A function that a recurrent node applies to a sum. Each has the meaning that ONNX's LSTM gives to
 * the name; those without parameters ignore them.
 *
 * @param alpha a number of the functions that say so
 * @param beta a number of the functions that say so
 */
public record Gate(Function function, float alpha, float beta) {
  /** What a gate computes. */
  public enum Function {
    SIGMOID,
    TANH,
    RELU,
    /** {@code alpha * x + beta}; the identity is (1, 0). */
    AFFINE,
    /** {@code x} where it is not negative, else {@code alpha * x}. */
    LEAKY_RELU,
    /** {@code x} where it is greater than alpha, else 0. */
    THRESHOLDED_RELU,
    /** {@code alpha * tanh(beta * x)}. */
    SCALED_TANH,
    /** {@code alpha * x + beta} clamped to [0, 1]. */
    HARD_SIGMOID,
    /** {@code x} where it is not negative, else {@code alpha * (exp(x) - 1)}. */
    ELU,
    SOFTSIGN,
    /** {@code log(1 + exp(x))}. */
    SOFTPLUS,
    /** {@code x} clamped to [0, 6]. */
    RELU6
  }

  public static final Gate SIGMOID = new Gate(Function.SIGMOID, 0, 0);
  public static final Gate TANH = new Gate(Function.TANH, 0, 0);
  public static final Gate RELU = new Gate(Function.RELU, 0, 0);

  public Gate {
    Checks.require(
        Float.isFinite(alpha) && Float.isFinite(beta),
        "alpha and beta must be finite, are " + alpha + " and " + beta);
  }

  /** The function's value; transcendental functions are computed in double and rounded. */
  public float apply(float x) {
    return switch (function) {
      case SIGMOID -> 1 / (1 + (float) Math.exp(-x));
      case TANH -> (float) Math.tanh(x);
      case RELU -> x > 0 ? x : 0;
      case AFFINE -> alpha * x + beta;
      case LEAKY_RELU -> x >= 0 ? x : alpha * x;
      case THRESHOLDED_RELU -> x > alpha ? x : 0;
      case SCALED_TANH -> alpha * (float) Math.tanh(beta * x);
      case HARD_SIGMOID -> Math.clamp(alpha * x + beta, 0f, 1f);
      case ELU -> x >= 0 ? x : alpha * (float) Math.expm1(x);
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case SOFTPLUS -> (x > 0 ? x : 0) + (float) Math.log1p((float) Math.exp(-Math.abs(x)));
      case RELU6 -> Math.clamp(x, 0f, 6f);
    };
  }
}
