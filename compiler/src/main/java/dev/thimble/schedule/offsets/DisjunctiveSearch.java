package dev.thimble.schedule.offsets;

import dev.thimble.schedule.offsets.CanonicalSearch.Outcome;
import java.util.Arrays;
import java.util.Optional;

/**
 * Decides whether blocks of any kind fit into a capacity. For each pair of blocks that restrict
 * each other it keeps the least and the most difference of their offsets, for each block the least
 * and the most offset, and lets them narrow each other. While the least offsets break a rule, one
 * such pair is chosen and its two sides are tried; once they break none, they are a solution.
 */
final class DisjunctiveSearch implements Descent.Decision {
  private final Conflicts conflicts;
  private final int pairs;
  private final int[] lower;
  private final int[] higher;
  private final long[][] forbidden;
  private final int[][] pairsOf;

  /** Least offsets, then most offsets, least differences and most differences. */
  private final long[] state;

  private final int mostOffset;
  private final int leastGap;
  private final int mostGap;
  private final boolean[] queued;
  private final int[] queue;
  private int queueStart;
  private int queueLength;
  private int[] trailIndex = new int[256];
  private long[] trailValue = new long[256];
  private int trail;
  private long nodes;
  private long limit;
  private Optional<long[]> found = Optional.empty();

  DisjunctiveSearch(Conflicts conflicts) {
    this.conflicts = conflicts;
    pairs = conflicts.to.length / 2;
    lower = new int[pairs];
    higher = new int[pairs];
    forbidden = new long[pairs][];
    pairsOf = new int[conflicts.count][];
    int[] filled = new int[conflicts.count];
    for (int a = 0; a < conflicts.count; a++) {
      pairsOf[a] = new int[conflicts.from[a + 1] - conflicts.from[a]];
    }
    int pair = 0;
    for (int a = 0; a < conflicts.count; a++) {
      for (int edge = conflicts.from[a]; edge < conflicts.from[a + 1]; edge++) {
        int b = conflicts.to[edge];
        if (a < b) {
          lower[pair] = a;
          higher[pair] = b;
          forbidden[pair] = conflicts.forbidden[edge];
          pairsOf[a][filled[a]++] = pair;
          pairsOf[b][filled[b]++] = pair;
          pair++;
        }
      }
    }
    mostOffset = conflicts.count;
    leastGap = 2 * conflicts.count;
    mostGap = leastGap + pairs;
    state = new long[mostGap + pairs];
    queued = new boolean[pairs];
    queue = new int[pairs];
  }

  @Override
  public long nodes() {
    return nodes;
  }

  @Override
  public long[] offsets() {
    return found.orElseThrow();
  }

  @Override
  public Outcome decide(long capacity, long mostNodes) {
    limit = nodes + mostNodes;
    trail = 0;
    for (int i = 0; i < conflicts.count; i++) {
      long most = capacity - conflicts.bytes[i];
      if (most < 0) {
        return Outcome.DOES_NOT_FIT;
      }
      state[i] = 0;
      state[mostOffset + i] = most / conflicts.alignment[i] * conflicts.alignment[i];
    }
    Arrays.fill(state, leastGap, mostGap, -Problem.MOST_BYTES);
    Arrays.fill(state, mostGap, state.length, Problem.MOST_BYTES);
    for (int pair = 0; pair < pairs; pair++) {
      enqueue(pair);
    }
    return propagate() ? search() : Outcome.DOES_NOT_FIT;
  }

  private Outcome search() {
    int pair = worstPair();
    if (pair < 0) {
      found = Optional.of(Arrays.copyOf(state, conflicts.count));
      return Outcome.FITS;
    }
    if (nodes++ >= limit) {
      return Outcome.LIMIT;
    }
    int at = interval(pair);
    long low = forbidden[pair][at];
    long high = forbidden[pair][at + 1];
    long difference = state[higher[pair]] - state[lower[pair]];
    boolean lowFirst = difference - low <= high - difference;
    Outcome outcome = branch(pair, lowFirst, low, high);
    return outcome == Outcome.DOES_NOT_FIT ? branch(pair, !lowFirst, low, high) : outcome;
  }

  private Outcome branch(int pair, boolean takesLow, long low, long high) {
    int mark = trail;
    if (takesLow) {
      set(mostGap + pair, Math.min(low, state[mostGap + pair]));
    } else {
      set(leastGap + pair, Math.max(high, state[leastGap + pair]));
    }
    enqueue(pair);
    Outcome outcome = propagate() ? search() : Outcome.DOES_NOT_FIT;
    while (outcome != Outcome.FITS && trail > mark) {
      trail--;
      state[trailIndex[trail]] = trailValue[trail];
    }
    return outcome;
  }

  /** The pair whose rule is broken and dearest to repair; -1 if none is broken. */
  private int worstPair() {
    int worst = -1;
    long dearest = -1;
    for (int pair = 0; pair < pairs; pair++) {
      int at = interval(pair);
      if (at >= 0) {
        long difference = state[higher[pair]] - state[lower[pair]];
        long cost =
            Math.min(difference - forbidden[pair][at], forbidden[pair][at + 1] - difference);
        if (cost > dearest) {
          dearest = cost;
          worst = pair;
        }
      }
    }
    return worst;
  }

  /** Where the interval stands that holds the difference of the least offsets; -1 if none does. */
  private int interval(int pair) {
    return within(forbidden[pair], state[higher[pair]] - state[lower[pair]]);
  }

  private static int within(long[] intervals, long difference) {
    for (int i = 0; i < intervals.length && intervals[i] < difference; i += 2) {
      if (difference < intervals[i + 1]) {
        return i;
      }
    }
    return -1;
  }

  private boolean propagate() {
    boolean possible = true;
    while (queueLength > 0) {
      int pair = queue[queueStart];
      queueStart = (queueStart + 1) % queue.length;
      queueLength--;
      queued[pair] = false;
      // After a failure the queue is only emptied.
      possible = possible && narrow(pair);
    }
    return possible;
  }

  private boolean narrow(int pair) {
    int a = lower[pair];
    int b = higher[pair];
    long least = Math.max(state[leastGap + pair], state[b] - state[mostOffset + a]);
    long most = Math.min(state[mostGap + pair], state[mostOffset + b] - state[a]);
    int at = within(forbidden[pair], least);
    if (at >= 0) {
      least = forbidden[pair][at + 1];
    }
    at = within(forbidden[pair], most);
    if (at >= 0) {
      most = forbidden[pair][at];
    }
    if (least > most) {
      return false;
    }
    set(leastGap + pair, least);
    set(mostGap + pair, most);
    return atLeast(b, state[a] + least)
        && atLeast(a, state[b] - most)
        && atMost(b, state[mostOffset + a] + most)
        && atMost(a, state[mostOffset + b] - least);
  }

  private boolean atLeast(int block, long offset) {
    if (offset > state[block]) {
      set(block, conflicts.aligned(block, offset));
      touch(block);
    }
    return state[block] <= state[mostOffset + block];
  }

  private boolean atMost(int block, long offset) {
    if (offset < state[mostOffset + block]) {
      set(
          mostOffset + block,
          Math.floorDiv(offset, conflicts.alignment[block]) * conflicts.alignment[block]);
      touch(block);
    }
    return state[block] <= state[mostOffset + block];
  }

  private void touch(int block) {
    for (int pair : pairsOf[block]) {
      enqueue(pair);
    }
  }

  private void enqueue(int pair) {
    if (!queued[pair]) {
      queued[pair] = true;
      queue[(queueStart + queueLength++) % queue.length] = pair;
    }
  }

  private void set(int index, long value) {
    if (state[index] == value) {
      return;
    }
    if (trail == trailIndex.length) {
      trailIndex = Arrays.copyOf(trailIndex, 2 * trail);
      trailValue = Arrays.copyOf(trailValue, 2 * trail);
    }
    trailIndex[trail] = index;
    trailValue[trail++] = state[index];
    state[index] = value;
  }
}
