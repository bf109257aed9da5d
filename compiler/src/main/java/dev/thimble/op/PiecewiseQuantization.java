package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.TensorType;

/**
 * What a quantised function of two straight pieces that meet at 0 needs: rules Q11, Q29 and Q30 of
 * quantization.md. With {@code d = x - inputZeroPoint} the result is {@code clamp(outputZeroPoint +
 * r, min, max)}, where r is {@code requantize(d, positive)} for d of at least 0; for others it is
 * {@code requantize(-d, negative)} where {@code mirrored}, else {@code requantize(d, negative)},
 * and that negated where {@code negated}.
 */
public record PiecewiseQuantization(
    int inputZeroPoint,
    int outputZeroPoint,
    Multiplier positive,
    Multiplier negative,
    boolean mirrored,
    boolean negated,
    int min,
    int max) {
  public PiecewiseQuantization {
    Checks.require(
        positive.shift() <= 14 && negative.shift() <= 14,
        "the input's scale is more than 2^14 times the output's");
  }

  /** |x|: the quotient of the scales is a float32. */
  public static PiecewiseQuantization ofAbs(
      TensorType input, TensorType output, Rounding rounding) {
    symmetric(input, output);
    Multiplier multiplier = FixedPoint.quantizeMultiplier(input.scale() / output.scale(), rounding);
    return with(input, output, Activation.NONE, multiplier, multiplier, true, false);
  }

  /** A clamp: the quotient of the scales is a float32. */
  public static PiecewiseQuantization ofActivation(
      TensorType input, TensorType output, Activation activation, Rounding rounding) {
    Multiplier multiplier = FixedPoint.quantizeMultiplier(input.scale() / output.scale(), rounding);
    return with(input, output, activation, multiplier, multiplier, false, false);
  }

  /** A leaky relu: the products and quotients of the scales are float32, from left to right. */
  public static PiecewiseQuantization ofLeakyRelu(
      TensorType input, TensorType output, float alpha, Rounding rounding) {
    float slope = input.scale() * alpha / output.scale();
    return with(
        input,
        output,
        Activation.NONE,
        FixedPoint.quantizeMultiplier(input.scale() / output.scale(), rounding),
        FixedPoint.quantizeMultiplier(Math.abs(slope), rounding),
        false,
        slope < 0);
  }

  private static void symmetric(TensorType input, TensorType output) {
    if (output.dtype() == DType.INT16) {
      Checks.symmetric(input);
      Checks.symmetric(output);
    }
  }

  private static PiecewiseQuantization with(
      TensorType input,
      TensorType output,
      Activation activation,
      Multiplier positive,
      Multiplier negative,
      boolean mirrored,
      boolean negated) {
    return new PiecewiseQuantization(
        input.zeroPoint(),
        output.zeroPoint(),
        positive,
        negative,
        mirrored,
        negated,
        activation.quantizedMin(output),
        activation.quantizedMax(output));
  }

  /** The stored result of a stored element. */
  public int apply(int stored, Rounding rounding) {
    int centred = stored - inputZeroPoint;
    int result;
    if (centred >= 0) {
      result = FixedPoint.requantize(centred, positive, rounding);
    } else {
      result = FixedPoint.requantize(mirrored ? -centred : centred, negative, rounding);
      result = negated ? -result : result;
    }
    return Math.clamp(result + outputZeroPoint, min, max);
  }
}
