package dev.thimble.kernel.scalar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PairFilterTest {
  private static final int BLOCK = PairFilter.TWO * PairFilter.TWO;

  @Test
  void theSumsOfTwoPixelsComeOutExactHoweverLargeElementsAre() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 300; round++) {
      int taps = random.nextInt(1, 60);
      int filters = random.nextInt(1, 6);
      int[] filter = filter(random, filters * taps, random.nextInt(1, 128));
      PairFilter packed = PairFilter.of(filter, taps).orElseThrow();
      for (int channel = 0; channel < filters; channel++) {
        for (int extreme = 0; extreme < 4; extreme++) {
          int[] first = pixel(random, filter, channel * taps, taps, extreme);
          int[] second = pixel(random, filter, channel * taps, taps, 3 - extreme);
          int[] sums = sums(packed, taps, channel, first, second);
          assertThat(sums)
              .containsExactly(
                  sum(filter, channel * taps, first), sum(filter, channel * taps, second));
        }
      }
    }
  }

  @Test
  void aFilterOfSmallElementsIsTakenApartOnce() {
    assertThat(PairFilter.of(new int[] {1, -2, 3, 4, 5, 6, -7, 8}, 4).orElseThrow().groups())
        .containsExactly(1);
  }

  @Test
  void twoAdjoiningElementsThatOverflowHaveNoSuchForm() {
    assertThat(PairFilter.of(new int[] {-128, -128}, 2)).isEmpty();
    assertThat(PairFilter.of(new int[] {-127, -128}, 2)).isPresent();
  }

  private static int[] filter(SplittableRandom random, int length, int largest) {
    return random.ints(length, -largest, largest + 1).toArray();
  }

  /** Elements at random, or those that make every product as large, or as small, as can be. */
  private static int[] pixel(
      SplittableRandom random, int[] filter, int from, int taps, int extreme) {
    int[] pixel = random.ints(taps, -128, 128).toArray();
    for (int tap = 0; tap < taps && extreme % 3 == 0; tap++) {
      pixel[tap] = filter[from + tap] > 0 == (extreme == 0) ? 127 : -128;
    }
    return pixel;
  }

  private static int sum(int[] filter, int from, int[] pixel) {
    int sum = 0;
    for (int tap = 0; tap < pixel.length; tap++) {
      sum += filter[from + tap] * pixel[tap];
    }
    return sum;
  }

  /** What the kernel computes, step by step, in words of 32 bits. */
  private static int[] sums(PairFilter packed, int taps, int channel, int[] first, int[] second) {
    int units = PairFilter.units(taps);
    int steps = (units + 3) / 4;
    int at = channel / 2 * (steps + units * BLOCK);
    int lacking = steps * 4 - units;
    int all = -packed.groups()[channel / 2] << 15;
    int upper = 0;
    int sum = 1 << 15;
    int flags = 0;
    for (int unit = 0; unit < units; unit++) {
      int place = (lacking + unit) % 4;
      if (unit == 0 || place == 0) {
        flags = packed.steps()[at++];
      }
      for (int tap = 2 * unit; tap < Math.min(taps, 2 * unit + 2); tap++) {
        int weight = packed.steps()[at + (tap - 2 * unit) * 2 + channel % 2];
        sum += (first[tap] + (second[tap] << 16)) * weight;
      }
      at += BLOCK;
      if ((flags >> (7 - place) & 1) == 1) {
        all += sum;
        upper += sum >> 16;
        sum = 1 << 15;
      }
    }
    return new int[] {all - (upper << 16), upper};
  }
}
