package dev.thimble.op;

import dev.thimble.tensor.TensorType;

/**
 * What it needs to store an int8 tensor with another scale and zero point: rule Q11 of
 * quantization.md. The result is {@code clamp(outputZeroPoint + requantize(x - inputZeroPoint,
 * multiplier), min, max)}.
 */
public record Requantization(
    int inputZeroPoint, int outputZeroPoint, Multiplier multiplier, int min, int max) {
  /** The largest left shift after which the difference of two int8 numbers fits an int32. */
  private static final int MAX_LEFT_SHIFT = 23;

  public Requantization {
    Checks.require(
        multiplier.shift() <= MAX_LEFT_SHIFT,
        "the input's scale is more than 2^" + MAX_LEFT_SHIFT + " times the output's");
  }

  /** The constants of {@link Quantize} from int8; the scales are divided in double precision. */
  public static Requantization ofQuantize(TensorType input, TensorType output, Rounding rounding) {
    double real = (double) input.scale() / (double) output.scale();
    return with(real, input, output, Activation.NONE, rounding);
  }

  /** The constants of a {@link Unary} clamp; the reference divides the scales in float32. */
  public static Requantization ofActivation(
      TensorType input, TensorType output, Activation activation, Rounding rounding) {
    float real = input.scale() / output.scale();
    return with(real, input, output, activation, rounding);
  }

  /** The constants of a clamp to bounds of its own; as those of {@link #ofActivation}. */
  static Requantization ofClip(
      TensorType input, TensorType output, float min, float max, Rounding rounding) {
    float real = input.scale() / output.scale();
    return with(real, input, output, min, max, rounding);
  }

  private static Requantization with(
      double real, TensorType input, TensorType output, Activation activation, Rounding rounding) {
    return with(real, input, output, activation.min(), activation.max(), rounding);
  }

  private static Requantization with(
      double real, TensorType input, TensorType output, float min, float max, Rounding rounding) {
    return new Requantization(
        input.zeroPoint(),
        output.zeroPoint(),
        FixedPoint.quantizeMultiplier(real, rounding),
        Activation.bound(output, min),
        Activation.bound(output, max));
  }

  /** The stored result of a stored element. */
  public int apply(int stored, Rounding rounding) {
    int result =
        FixedPoint.requantize(stored - inputZeroPoint, multiplier, rounding) + outputZeroPoint;
    return Math.clamp(result, min, max);
  }
}
