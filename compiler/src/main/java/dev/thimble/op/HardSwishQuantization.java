package dev.thimble.op;

import dev.thimble.tensor.TensorType;

/** What a quantised hard swish needs: rule Q31 of quantization.md, arithmetic of 16 bits. */
public record HardSwishQuantization(
    int inputZeroPoint,
    int outputZeroPoint,
    int outputMultiplier,
    int outputShift,
    int gateMultiplier,
    int gateShift) {
  private static final int LOWEST = Short.MIN_VALUE;
  private static final int HIGHEST = Short.MAX_VALUE;

  public HardSwishQuantization {
    Checks.require(outputShift <= 0, "the input's scale is more than 2^7 times the output's");
    Checks.require(
        outputShift >= -15 && gateShift >= -15,
        "the input's scale is too small for a hard swish, or the output's too large");
  }

  /** The constants; products and quotients of scales are float32. */
  public static HardSwishQuantization of(TensorType input, TensorType output, Rounding rounding) {
    float fine = (1f / 128f) * input.scale();
    Multiplier toOutput = FixedPoint.quantizeMultiplier(fine / output.scale(), rounding);
    Multiplier toGate = FixedPoint.quantizeMultiplier(fine / (3f / 32768f), rounding);
    return new HardSwishQuantization(
        input.zeroPoint(),
        output.zeroPoint(),
        half(toOutput),
        toOutput.shift(),
        half(toGate),
        toGate.shift());
  }

  /** The upper 16 bits of a multiplier, rounded. */
  private static int half(Multiplier multiplier) {
    int value = multiplier.multiplier();
    return value >= Integer.MAX_VALUE - (1 << 15) ? HIGHEST : (value + (1 << 15)) >> 16;
  }

  /** The stored result of a stored element. */
  public int apply(int stored) {
    int fine = (short) ((stored - inputZeroPoint) * 128);
    int onOutputScale = rounded(fine, outputMultiplier);
    int gate = fine;
    if (gateShift > 0) {
      gate = shifted(gate, gateShift - 1);
    }
    gate = rounded(gate, gateMultiplier);
    if (gateShift > 0) {
      gate = shifted(gate, 1);
    } else if (gateShift < 0) {
      gate = FixedPoint.roundingShift(gate, -gateShift);
    }
    gate = (gate + (1 << 15)) >> 1;
    int product = gate * onOutputScale / (1 << 15);
    int result = FixedPoint.roundingShift(product, -outputShift) + outputZeroPoint;
    return Math.clamp(result, Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  /** {@code a * b / 2^15} rounded to the nearest, ties upwards, for numbers of 16 bits. */
  private static int rounded(int a, int b) {
    int product = a * b;
    int nudge = product >= 0 ? 1 << 14 : 1 - (1 << 14);
    return Math.min((product + nudge) / (1 << 15), HIGHEST);
  }

  private static int shifted(int value, int amount) {
    return Math.clamp((long) value << amount, LOWEST, HIGHEST);
  }
}
