package dev.thimble.op;

import dev.thimble.tensor.TensorType;

/**
 * What it needs to store an int8 tensor with another scale and zero point: rule Q11 of
 * quantization.md. The result is {@code clamp(outputZeroPoint + requantize(x - inputZeroPoint,
 * multiplier), min, max)}.
 */
public record Requantization(
    int inputZeroPoint, int outputZeroPoint, Multiplier multiplier, int min, int max) {
  /** The largest left shift after which the difference of two numbers of a type fits an int32. */
  private static int maxLeftShift(TensorType input) {
    return switch (input.dtype()) {
      case INT8, UINT8 -> 23;
      case INT16 -> 15;
      default -> 0;
    };
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
    Multiplier multiplier = FixedPoint.quantizeMultiplier(real, rounding);
    int most = maxLeftShift(input);
    Checks.require(
        multiplier.shift() <= most,
        "the input's scale is more than 2^" + most + " times the output's");
    return new Requantization(
        input.zeroPoint(),
        output.zeroPoint(),
        multiplier,
        Activation.bound(output, min),
        Activation.bound(output, max));
  }

  /** The stored result of a stored element. */
  public int apply(int stored, Rounding rounding) {
    long result =
        (long) FixedPoint.requantize(stored - inputZeroPoint, multiplier, rounding)
            + outputZeroPoint;
    return Math.clamp(result, min, max);
  }
}
