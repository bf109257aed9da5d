package dev.thimble.kernel.scalar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.FixedPoint;
import dev.thimble.op.Rounding;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernels' arithmetic of 32 bits against the reference, for every sum of random channels. */
class LinearRequantizationTest {
  private static final int CHANNELS = 60;

  @ParameterizedTest
  @EnumSource(Rounding.class)
  void everySumIsTheReferencesWhereConstantsAreFound(Rounding rounding) {
    SplittableRandom random = new SplittableRandom(7);
    int found = 0;
    for (int i = 0; i < CHANNELS; i++) {
      LinearRequantization.Channel channel = channel(random, rounding);
      LinearRequantization linear = LinearRequantization.of(channel, channel.firsts(), true, 2);
      if (!linear.isMissing()) {
        found++;
        assertEqual(channel, linear);
      }
    }
    assertThat(found).isGreaterThan(CHANNELS / 2);
  }

  private static LinearRequantization.Channel channel(SplittableRandom random, Rounding rounding) {
    double scale = Math.scalb(1 + random.nextDouble(), -11 + random.nextInt(5));
    int zeroPoint = random.nextInt(-128, 128);
    int min = random.nextBoolean() ? zeroPoint : -128;
    int center = random.nextInt(-20_000, 20_000);
    int reach = random.nextInt(1_000, 200_000);
    return new LinearRequantization.Channel(
        new ConvolutionQuantization.Channel(
            FixedPoint.quantizeMultiplier(scale, rounding),
            rounding == Rounding.SINGLE ? random.nextInt(256) : 0),
        zeroPoint,
        min,
        127,
        (long) center - reach,
        (long) center + reach,
        rounding);
  }

  private static void assertEqual(
      LinearRequantization.Channel channel, LinearRequantization linear) {
    for (int sum = (int) channel.least(); sum <= channel.greatest(); sum++) {
      int value = channel.scale().requantize(sum, channel.rounding()) + channel.zeroPoint();
      int expected = Math.clamp(value, channel.min(), channel.max());
      for (int range : new int[] {linear.least(), linear.most()}) {
        if (output(sum, range, channel, linear) != expected) {
          assertThat(output(sum, range, channel, linear))
              .as("%s by %s for %d", channel, linear, sum)
              .isEqualTo(expected);
        }
      }
    }
  }

  /** As the kernels compute it. */
  private static int output(
      int sum, int range, LinearRequantization.Channel channel, LinearRequantization linear) {
    int t = (int) (sum - linear.origin());
    if (Integer.compareUnsigned(t, range) > 0) {
      return t < 0 ? channel.min() : channel.max();
    }
    int high = (int) (linear.multiplier() >>> LinearRequantization.LOW_BITS);
    int low = (int) (linear.multiplier() & ((1 << LinearRequantization.LOW_BITS) - 1));
    int zero = (channel.zeroPoint() << 23) + (1 << 22);
    int start = ((channel.min() + 1) << 23) - zero + linear.offset();
    int value = t * high + ((t * low) >>> LinearRequantization.LOW_BITS) + start;
    value -= (value >> 31) & linear.dip();
    return (value + zero) >> 23;
  }
}
