package dev.thimble.schedule.offsets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Which bytes of one block are in use when: a sequence of states. From tick {@code starts[k]} until
 * before {@code starts[k + 1]} the bytes {@code runs[k]} are in use, as pairs of start and end from
 * the block's offset, sorted and apart from each other. {@code starts} has one element more than
 * {@code runs}: the tick after the last.
 */
record Profile(long[] starts, long[][] runs) {
  long first() {
    return starts[0];
  }

  /** The tick after the last. */
  long end() {
    return starts[runs.length];
  }

  static Profile of(Block block) {
    List<Part> parts = block.parts();
    if (parts.size() == 1) {
      Part part = parts.getFirst();
      return new Profile(
          new long[] {part.first(), part.last() + 1L}, new long[][] {{part.offset(), part.end()}});
    }
    long[] starts =
        parts.stream()
            .flatMapToLong(p -> Arrays.stream(new long[] {p.first(), p.last() + 1L}))
            .sorted()
            .distinct()
            .toArray();
    List<Part> byFirst = parts.stream().sorted(Comparator.comparingInt(Part::first)).toList();
    Comparator<Part> byOffset = Comparator.comparingLong(Part::offset);
    List<Part> live = new ArrayList<>();
    long[][] runs = new long[starts.length - 1][];
    int next = 0;
    for (int state = 0; state < runs.length; state++) {
      long tick = starts[state];
      live.removeIf(p -> p.last() < tick);
      while (next < byFirst.size() && byFirst.get(next).first() == tick) {
        live.add(byFirst.get(next++));
      }
      live.sort(byOffset);
      runs[state] = runs(live);
    }
    return new Profile(starts, runs);
  }

  /** The bytes of these parts, which are sorted by offset, as runs. */
  private static long[] runs(List<Part> live) {
    long[] runs = new long[2 * live.size()];
    int length = 0;
    for (Part part : live) {
      if (length > 0 && part.offset() <= runs[length - 1]) {
        runs[length - 1] = Math.max(runs[length - 1], part.end());
      } else {
        runs[length++] = part.offset();
        runs[length++] = part.end();
      }
    }
    return Arrays.copyOf(runs, length);
  }

  /** The largest sum of bytes in use at one tick. */
  static long peak(List<Profile> profiles) {
    int states = profiles.stream().mapToInt(p -> p.runs.length).sum();
    long[][] changes = new long[2 * states][];
    int length = 0;
    for (Profile profile : profiles) {
      for (int state = 0; state < profile.runs.length; state++) {
        long bytes = bytes(profile.runs[state]);
        changes[length++] = new long[] {profile.starts[state], bytes};
        changes[length++] = new long[] {profile.starts[state + 1], -bytes};
      }
    }
    // At equal ticks what ends comes before what begins.
    Arrays.sort(changes, Comparator.comparingLong((long[] c) -> c[0]).thenComparingLong(c -> c[1]));
    long sum = 0;
    long peak = 0;
    for (long[] change : changes) {
      sum += change[1];
      peak = Math.max(peak, sum);
    }
    return peak;
  }

  private static long bytes(long[] runs) {
    long bytes = 0;
    for (int i = 0; i < runs.length; i += 2) {
      bytes += runs[i + 1] - runs[i];
    }
    return bytes;
  }

  /**
   * The differences {@code offset(b) - offset(a)} at which a byte of both would be in use at one
   * tick, as open intervals: pairs of low and high, in no order, with repetitions.
   */
  static void overlaps(Profile a, Profile b, Intervals into) {
    int i = stateAt(a, b.first());
    int j = stateAt(b, a.first());
    while (i < a.runs.length && j < b.runs.length) {
      long[] runsA = a.runs[i];
      long[] runsB = b.runs[j];
      for (int s = 0; s < runsA.length; s += 2) {
        for (int t = 0; t < runsB.length; t += 2) {
          into.add(runsA[s] - runsB[t + 1], runsA[s + 1] - runsB[t]);
        }
      }
      long endA = a.starts[i + 1];
      long endB = b.starts[j + 1];
      if (endA <= endB) {
        i++;
      }
      if (endB <= endA) {
        j++;
      }
    }
  }

  /** The state at a tick, the first state before all of them, their number behind them. */
  private static int stateAt(Profile profile, long tick) {
    int found = Arrays.binarySearch(profile.starts, tick);
    return found >= 0 ? found : Math.max(0, -found - 2);
  }
}
