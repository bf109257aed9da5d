package dev.thimble.kernel.helium;

import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterList;
import dev.thimble.op.Bias;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.Multiplier;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The fields of {@code thimble_scale}: biases, multipliers and shifts, one for each channel, in the
 * order in which a kernel computes the channels.
 */
final class HeliumScale {
  private final ConvolutionQuantization quantization;
  private final Rounding rounding;

  HeliumScale(ConvolutionQuantization quantization, Rounding rounding) {
    this.quantization = quantization;
    this.rounding = rounding;
  }

  /**
   * Whether the kernels' shifts to the left, which saturate in single rounding, agree with the
   * reference, whose results wrap: they do where none can reach 2^31.
   *
   * @param filter [O][taps], or [taps][O] with {@code channelsLast}
   */
  boolean isExact(int[] bias, int[] filter, boolean channelsLast) {
    if (rounding == Rounding.DOUBLE) {
      return true;
    }
    int taps = filter.length / bias.length;
    for (int channel = 0; channel < bias.length; channel++) {
      long greatest = Math.abs((long) bias[channel]) + 1;
      for (int tap = 0; tap < taps; tap++) {
        int w = filter[channelsLast ? tap * bias.length + channel : channel * taps + tap];
        greatest += Math.abs(w) * 255L;
      }
      int shift = multiplier(channel).shift();
      if (shift >= 0 && greatest > Integer.MAX_VALUE >> shift) {
        return false;
      }
      int left = left(channel);
      if (quantization.hasFractions()
          && (left > Bias.MAX_BITS || greatest > Integer.MAX_VALUE >> left)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Adds the fields.
   *
   * @param foldedBias for each channel what {@link #foldedBias} gives
   * @param order the channel at each place of the tables, or -1 at a place that none takes
   */
  void addTo(ParameterList list, int[] foldedBias, int[] order) {
    ParameterList inside = list.inside("scale");
    int[] left = ordered(order, this::left);
    int[] right = ordered(order, this::right);
    inside
        .table("bias", Parameter.Role.BIAS_REQUANT, DType.INT32, ordered(order, c -> foldedBias[c]))
        .table(
            "multiplier",
            Parameter.Role.BIAS_REQUANT,
            DType.INT32,
            ordered(order, c -> multiplier(c).multiplier()))
        .table("right", Parameter.Role.BIAS_REQUANT, DType.INT8, right);
    if (shiftsLeft()) {
      inside.table("left", Parameter.Role.BIAS_REQUANT, DType.INT8, left);
    } else {
      inside.absent("left");
    }
    inside
        .int16("min", quantization.min())
        .int16("max", quantization.max())
        .int16("zero_point", quantization.outputZeroPoint())
        .int32("mode", mode().ordinal());
    FilterParameters.fraction(
        inside, quantization.hasFractions() ? ordered(order, this::fraction) : new int[0]);
  }

  /** What the kernels' loops may leave out, in the order of the numbers in C. */
  enum Mode {
    /** Shifts to the left, and ties that must go away from zero: no channel has either. */
    PLAIN,
    /** Shifts to the left: no channel has any; all are shifted to the right, with such ties. */
    TIES,
    /** Nothing. */
    ANY
  }

  Mode mode() {
    if (shiftsLeft()
        || quantization.min() > Byte.MIN_VALUE
        || quantization.max() < Byte.MAX_VALUE) {
      return Mode.ANY;
    }
    boolean ties =
        rounding == Rounding.DOUBLE
            && anyShift(shift -> shift < 0)
            && quantization.min() < quantization.outputZeroPoint();
    if (!ties) {
      return Mode.PLAIN;
    }
    return lowersNone() ? Mode.ANY : Mode.TIES;
  }

  /**
   * Whether there are channels in double rounding that are not shifted to the right, whose negative
   * sums have no ties and must not be lowered.
   */
  boolean lowersNone() {
    return rounding == Rounding.DOUBLE && anyShift(shift -> shift >= 0);
  }

  /** For each channel its bias, multiplier and shift to the right. */
  int[] triples(int[] foldedBias) {
    return IntStream.range(0, foldedBias.length)
        .flatMap(c -> IntStream.of(foldedBias[c], multiplier(c).multiplier(), right(c)))
        .toArray();
  }

  boolean shiftsLeft() {
    return channels().anyMatch(c -> left(c) > 0);
  }

  private static int[] ordered(int[] order, IntUnaryOperator value) {
    return IntStream.of(order).map(c -> c < 0 ? 0 : value.applyAsInt(c)).toArray();
  }

  private Multiplier multiplier(int channel) {
    return quantization.channel(channel).multiplier();
  }

  private IntStream channels() {
    return IntStream.range(0, quantization.channels());
  }

  private boolean anyShift(IntPredicate which) {
    return channels().anyMatch(c -> which.test(multiplier(c).shift()));
  }

  /**
   * By how many bits a channel's sums are shifted to the left before they are multiplied: by as
   * many as the multiplier's shift asks for, in single rounding by so many that two bits at least
   * remain to be shifted to the right, and by no fewer than the fractions of biases have.
   */
  private int left(int channel) {
    int shift = multiplier(channel).shift();
    int least = Math.max(0, rounding == Rounding.SINGLE ? shift + 2 : shift);
    return FilterParameters.lift(quantization, least);
  }

  /** The fraction of a channel's bias, in units of its sums after the shift to the left. */
  private int fraction(int channel) {
    return quantization.channel(channel).fraction() >> (Bias.MAX_BITS - left(channel));
  }

  private int right(int channel) {
    int shift = multiplier(channel).shift();
    return rounding == Rounding.SINGLE ? shift + 1 - left(channel) : Math.min(0, shift);
  }

  /** The biases, less what the input's zero point adds. */
  int[] foldedBias(int[] bias, int[] filter, boolean channelsLast) {
    return FilterParameters.foldedBias(bias, filter, channelsLast, quantization.inputZeroPoint());
  }
}
