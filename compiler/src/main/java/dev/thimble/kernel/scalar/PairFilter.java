package dev.thimble.kernel.scalar;

import java.util.Optional;

/**
 * A filter whose products with two pixels come of one multiplication, the sums of both in the
 * halves of a word. They are taken apart before either can overflow.
 *
 * @param steps for each two channels steps of up to four units, of which the first one may lack
 *     some. Before a step stands a byte whose bit {@code 7 - n} is set where the sums are taken
 *     apart after its unit n; a unit is [2 taps][2 channels]
 * @param groups how often the sums of two channels are taken apart
 */
record PairFilter(int[] steps, int[] groups) {
  /** Taps of a unit, and channels of a block. */
  static final int TWO = 2;

  private static final int STEP = 4;
  private static final int HIGHEST_BIT = 7;
  private static final int MOST_GROUPS = Short.MAX_VALUE;

  /** The units of so many taps. */
  static int units(int taps) {
    return (taps + TWO - 1) / TWO;
  }

  /** Of [O][taps]; nothing where the sums of a single unit may overflow. */
  static Optional<PairFilter> of(int[] filter, int taps) {
    int filters = filter.length / taps;
    int units = units(taps);
    int blocks = (filters + TWO - 1) / TWO;
    int stepCount = (units + STEP - 1) / STEP;
    int blockBytes = stepCount + units * TWO * TWO;
    int[] steps = new int[blocks * blockBytes];
    int[] groups = new int[blocks];
    for (int block = 0; block < blocks; block++) {
      int[] pair = pair(filter, taps, block, units);
      Optional<boolean[]> ends = ends(pair, units);
      if (ends.isEmpty()) {
        return Optional.empty();
      }
      int at = block * blockBytes;
      int flags = at;
      for (int unit = 0; unit < units; unit++) {
        int place = (stepCount * STEP - units + unit) % STEP;
        if (unit == 0 || place == 0) {
          flags = at++;
        }
        if (ends.get()[unit]) {
          groups[block]++;
          steps[flags] = (byte) (steps[flags] | (1 << (HIGHEST_BIT - place)));
        }
        System.arraycopy(pair, unit * TWO * TWO, steps, at, TWO * TWO);
        at += TWO * TWO;
      }
      if (groups[block] > MOST_GROUPS) {
        return Optional.empty();
      }
    }
    return Optional.of(new PairFilter(steps, groups));
  }

  /** [units][2 taps][2 channels], with zeros beyond the last tap and the last channel. */
  private static int[] pair(int[] filter, int taps, int block, int units) {
    int[] pair = new int[units * TWO * TWO];
    for (int channel = 0; channel < TWO; channel++) {
      int from = (block * TWO + channel) * taps;
      for (int tap = 0; tap < taps && from < filter.length; tap++) {
        pair[tap * TWO + channel] = filter[from + tap];
      }
    }
    return pair;
  }

  /** After which units the sums are taken apart: as late as can be, and after the last one. */
  private static Optional<boolean[]> ends(int[] pair, int units) {
    boolean[] ends = new boolean[units];
    Halves halves = Halves.NONE;
    for (int unit = 0; unit < units; unit++) {
      Halves more = halves.and(pair, unit * TWO * TWO);
      if (!more.fit()) {
        more = Halves.NONE.and(pair, unit * TWO * TWO);
        if (unit == 0 || !more.fit()) {
          return Optional.empty();
        }
        ends[unit - 1] = true;
      }
      halves = more;
    }
    ends[units - 1] = true;
    return Optional.of(ends);
  }

  /** The ends of the sums of a group of taps, for both channels. */
  private record Halves(int least0, int most0, int least1, int most1) {
    private static final Halves NONE = new Halves(0, 0, 0, 0);

    Halves and(int[] pair, int at) {
      return new Halves(
          least0 - far(pair[at], 128, 127) - far(pair[at + 2], 128, 127),
          most0 + far(pair[at], 127, 128) + far(pair[at + 2], 127, 128),
          least1 - far(pair[at + 1], 128, 127) - far(pair[at + 3], 128, 127),
          most1 + far(pair[at + 1], 127, 128) + far(pair[at + 3], 127, 128));
    }

    /** How far a weight's product reaches, by what a positive and a negative one is multiplied. */
    private static int far(int weight, int positive, int negative) {
      return weight > 0 ? weight * positive : -weight * negative;
    }

    boolean fit() {
      return Math.min(least0, least1) >= Short.MIN_VALUE
          && Math.max(most0, most1) <= Short.MAX_VALUE;
    }
  }
}
