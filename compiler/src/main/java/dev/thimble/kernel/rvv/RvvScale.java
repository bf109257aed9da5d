package dev.thimble.kernel.rvv;

import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterList;
import dev.thimble.op.Bias;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The fields of {@code thimble_scale_rvv}: biases, multipliers and shifts of all channels. */
final class RvvScale {
  private static final int TIES = 1;
  private static final int MIXED = 2;
  private static final int LEFT = 4;
  private static final int BOUNDS = 8;

  private final ConvolutionQuantization quantization;
  private final Rounding rounding;
  private final int[] filter;
  private final boolean channelsLast;
  private final int[] bias;

  /**
   * @param filter [O][taps], or [taps][O] with {@code channelsLast}
   */
  RvvScale(
      ConvolutionQuantization quantization,
      Rounding rounding,
      int[] filter,
      boolean channelsLast,
      int[] bias) {
    this.quantization = quantization;
    this.rounding = rounding;
    this.filter = filter.clone();
    this.channelsLast = channelsLast;
    this.bias = bias.clone();
  }

  /**
   * Whether the shifts to the left agree with the reference: in single rounding it keeps bits that
   * the kernels lose where a shifted sum can reach 2^31.
   */
  boolean isExact() {
    int[] left = left();
    if (rounding == Rounding.DOUBLE || Arrays.stream(left).allMatch(shift -> shift == 0)) {
      return true;
    }
    int taps = filter.length / bias.length;
    for (int channel = 0; channel < bias.length; channel++) {
      long greatest = Math.abs((long) bias[channel]) + (hasFractions() ? 1 : 0);
      for (int tap = 0; tap < taps; tap++) {
        int w = filter[channelsLast ? tap * bias.length + channel : channel * taps + tap];
        greatest += Math.abs(w) * 255L;
      }
      if (left[channel] > (hasFractions() ? Bias.MAX_BITS : 30)
          || right()[channel] >= Integer.SIZE
          || greatest > Integer.MAX_VALUE >> left[channel]) {
        return false;
      }
    }
    return true;
  }

  /** Whether biases have fractions. */
  boolean hasFractions() {
    return quantization.hasFractions();
  }

  private int shift(int channel) {
    return quantization.channel(channel).multiplier().shift();
  }

  /** In units of shifted sums. */
  private int[] fractions(int[] left) {
    return channels(c -> quantization.channel(c).fraction() >> (Bias.MAX_BITS - left[c]));
  }

  void addTo(ParameterList inside) {
    int[] left = left();
    int[] right = right();
    boolean anyLeft = Arrays.stream(left).anyMatch(shift -> shift > 0);
    inside
        .table(
            "bias",
            Parameter.Role.BIAS_REQUANT,
            DType.INT32,
            FilterParameters.foldedBias(bias, filter, channelsLast, quantization.inputZeroPoint()))
        .table(
            "multiplier",
            Parameter.Role.BIAS_REQUANT,
            DType.INT32,
            channels(c -> quantization.channel(c).multiplier().multiplier()))
        .table("right", Parameter.Role.BIAS_REQUANT, DType.INT8, right);
    if (anyLeft) {
      inside.table("left", Parameter.Role.BIAS_REQUANT, DType.INT8, left);
    } else {
      inside.absent("left");
    }
    inside
        .int8("min", quantization.min())
        .int8("max", quantization.max())
        .int8("zero_point", quantization.outputZeroPoint())
        .int32("mode", mode(right, anyLeft));
    FilterParameters.fraction(inside, hasFractions() ? fractions(left) : new int[0]);
  }

  private int mode(int[] right, boolean anyLeft) {
    // What is below the zero point is clamped to it where the activation says so: then no tie below
    // zero is seen.
    boolean ties =
        rounding == Rounding.DOUBLE
            && Arrays.stream(right).anyMatch(shift -> shift > 0)
            && quantization.min() < quantization.outputZeroPoint();
    boolean mixed = Arrays.stream(right).anyMatch(shift -> shift == 0);
    boolean bounded = quantization.min() > Byte.MIN_VALUE || quantization.max() < Byte.MAX_VALUE;
    return (ties ? TIES : 0)
        + (ties && mixed ? MIXED : 0)
        + (anyLeft ? LEFT : 0)
        + (bounded ? BOUNDS : 0);
  }

  /** In single rounding such that at least one bit remains to be shifted to the right. */
  private int[] left() {
    int more = rounding == Rounding.SINGLE ? 2 : 0;
    return channels(c -> FilterParameters.lift(quantization, Math.max(0, shift(c) + more)));
  }

  /** What remains after the high half of the product, 32 bits in single rounding, else 31. */
  private int[] right() {
    int[] left = left();
    int more = rounding == Rounding.SINGLE ? 1 : 0;
    return channels(c -> left[c] - shift(c) - more);
  }

  private int[] channels(java.util.function.IntUnaryOperator value) {
    return IntStream.range(0, bias.length).map(value).toArray();
  }
}
