package dev.thimble.op;

import dev.thimble.tensor.TensorType;

/**
 * What a quantised PReLU needs: rule Q27 of quantization.md. With {@code d = a - inputZeroPoint}
 * the result is {@code clamp(outputZeroPoint + requantize(d, identity), min, max)} where d is at
 * least 0, else {@code clamp(outputZeroPoint + requantize(d * (b - slopeZeroPoint), product), min,
 * max)}.
 */
public record PreluQuantization(
    int inputZeroPoint,
    int slopeZeroPoint,
    int outputZeroPoint,
    Multiplier identity,
    Multiplier product,
    int min,
    int max) {
  /** The largest left shifts after which a difference of int8 numbers, or a product, fits int32. */
  private static final int MAX_IDENTITY_SHIFT = 23;

  private static final int MAX_PRODUCT_SHIFT = 15;

  public PreluQuantization {
    Checks.require(
        identity.shift() <= MAX_IDENTITY_SHIFT && product.shift() <= MAX_PRODUCT_SHIFT,
        "the output's scale is too small for a prelu of inputs of these scales");
  }

  /** The constants; every product and quotient of scales is a double. */
  public static PreluQuantization of(
      TensorType input,
      TensorType slope,
      TensorType output,
      Activation activation,
      Rounding rounding) {
    double identity = (double) input.scale() / (double) output.scale();
    double product = (double) input.scale() * (double) slope.scale() / (double) output.scale();
    return new PreluQuantization(
        input.zeroPoint(),
        slope.zeroPoint(),
        output.zeroPoint(),
        FixedPoint.quantizeMultiplier(identity, rounding),
        FixedPoint.quantizeMultiplier(product, rounding),
        activation.quantizedMin(output),
        activation.quantizedMax(output));
  }

  /** The stored result of a stored element and its stored slope. */
  public int apply(int a, int b, Rounding rounding) {
    int centred = a - inputZeroPoint;
    int result =
        centred >= 0
            ? FixedPoint.requantize(centred, identity, rounding)
            : FixedPoint.requantize(centred * (b - slopeZeroPoint), product, rounding);
    return Math.clamp(result + outputZeroPoint, min, max);
  }
}
