package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Locale;

/**
 * An elementwise function of one input that numbers shape, of the same shape: float32, or int8
 * quantised per tensor to the same; {@code LEAKY_RELU} takes quantised int16 too. Source: TFLite
 * LEAKY_RELU and ELU, and ONNX, operators of these names.
 *
 * @param alpha the first number, as each function names it
 * @param beta the second number; 0 for functions that have one
 */
public record Parametric(Function function, float alpha, float beta) implements SingleOutputOp {
  /** What is computed of each element x. */
  public enum Function {
    /** {@code x} where {@code x >= 0}, else {@code alpha * x}. */
    LEAKY_RELU,
    /** {@code x} where {@code x >= 0}, else {@code alpha * (exp(x) - 1)}. */
    ELU,
    /** {@code beta * x} where {@code x > 0}, else {@code beta * alpha * (exp(x) - 1)}. */
    SELU,
    /** {@code max(0, x) + min(0, alpha * (exp(x / alpha) - 1))}. */
    CELU,
    /** {@code max(0, min(1, alpha * x + beta))}. */
    HARD_SIGMOID,
    /** {@code x} where {@code x > alpha}, else 0. */
    THRESHOLDED_RELU,
    /**
     * {@code x + beta} where {@code x < -alpha}, {@code x - beta} where {@code x > alpha}, else 0.
     */
    SHRINK,
    /** {@code min(max(x, alpha), beta)}; the bounds may be infinite. */
    CLIP,
    /** Whether x is minus infinity and alpha is 1, or plus infinity and beta is 1: a boolean. */
    IS_INF
  }

  public Parametric {
    boolean infinite = function == Function.CLIP;
    Checks.require(!Float.isNaN(alpha) && (infinite || Float.isFinite(alpha)), "alpha is " + alpha);
    Checks.require(!Float.isNaN(beta) && (infinite || Float.isFinite(beta)), "beta is " + beta);
    switch (function) {
      case LEAKY_RELU, ELU, THRESHOLDED_RELU ->
          Checks.require(beta == 0, function + " has no beta, was " + beta);
      case CELU -> {
        Checks.require(beta == 0, function + " has no beta, was " + beta);
        Checks.require(alpha != 0, "alpha must not be 0");
      }
      case IS_INF ->
          Checks.require(
              (alpha == 0 || alpha == 1) && (beta == 0 || beta == 1),
              "alpha and beta must be 0 or 1, are " + alpha + " and " + beta);
      case SELU, HARD_SIGMOID, SHRINK, CLIP -> {}
    }
  }

  /** A function of a single number. */
  public Parametric(Function function, float alpha) {
    this(function, alpha, 0);
  }

  @Override
  public String kind() {
    return function.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    return inputs.get(0).shape();
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    if (function == Function.IS_INF) {
      Checks.require(inputs.get(0).isFloat(), "input must be float32, is " + inputs.get(0));
      Checks.booleans("output", output);
      return;
    }
    Checks.sameFloatOrQuantized(inputs.get(0), output);
    if (!output.isFloat()) {
      ParametricEvaluation.stored(this, inputs.get(0), output, Rounding.DOUBLE);
    }
  }

  /** A leaky relu as two straight pieces of quantised elements. */
  public PiecewiseQuantization pieces(TensorType input, TensorType output, Rounding rounding) {
    return PiecewiseQuantization.ofLeakyRelu(input, output, alpha, rounding);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return ParametricEvaluation.evaluate(this, inputs.get(0), output, rounding);
  }
}
