package dev.thimble.schedule.offsets;

import dev.thimble.schedule.offsets.CanonicalSearch.Outcome;
import java.util.Comparator;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Decides whether plain buffers fit into a capacity, by many short canonical searches. Each breaks
 * ties in another order: first come the blocks of the sections that are fullest and in which
 * earlier searches failed most, then blocks that live long, with a little seeded noise. What is
 * learned about the sections stays for the next capacity.
 */
final class RestartSearch implements Descent.Decision {
  private static final long SEED = 20_070_1348L;

  /** The nodes of a first search for each block: a little more than one without any mistake. */
  private static final long NODES_PER_BLOCK = 3;

  private static final int RESTARTS_UNTIL_TWICE = 64;
  private static final double FORGETTING = 0.8;

  // How much each reason for a block to come early counts, that of full sections in turns; found by
  // trial on minimalloc's instances. The logarithms are natural ones.
  private static final double[] FULLNESS = {8, 30};
  private static final double FAILURES = 10;
  private static final double DURATION = 0.7;
  private static final double NOISE = 0.3;

  private final Conflicts conflicts;
  private final Sections sections;
  private final SplittableRandom random = new SplittableRandom(SEED);
  private final double[] fullness;
  private final double[] failures;
  private long nodes;
  private Optional<long[]> found = Optional.empty();

  RestartSearch(Conflicts conflicts) {
    this.conflicts = conflicts;
    sections = new Sections(conflicts);
    fullness = new double[sections.count()];
    failures = new double[sections.count()];
    for (int i = 0; i < conflicts.count; i++) {
      for (int s = sections.first[i]; s <= sections.last[i]; s++) {
        fullness[s] += conflicts.bytes[i];
      }
    }
    for (int s = 0; s < fullness.length; s++) {
      fullness[s] = Math.log(fullness[s] / Math.max(1, conflicts.lowerBound));
    }
  }

  /** Whether a problem is of the kind and size that this search takes. */
  static boolean takes(Conflicts conflicts) {
    return conflicts.count <= CanonicalSearch.MOST_BLOCKS && conflicts.isPlain();
  }

  @Override
  public Outcome decide(long capacity, long mostNodes) {
    long first = Math.max(1, NODES_PER_BLOCK * conflicts.count);
    long left = mostNodes;
    for (int restart = 0; left > 0; restart++) {
      long share = Math.min(left, first << (restart / RESTARTS_UNTIL_TWICE));
      CanonicalSearch search =
          new CanonicalSearch(
              conflicts, sections, ranks(FULLNESS[restart % FULLNESS.length]), capacity, share);
      Outcome outcome = search.run();
      nodes += 1 + search.nodes();
      if (outcome == Outcome.FITS) {
        found = Optional.of(search.offsets());
      }
      if (outcome != Outcome.LIMIT) {
        return outcome;
      }
      learn(search.failures());
      left -= share;
    }
    return Outcome.LIMIT;
  }

  @Override
  public long nodes() {
    return nodes;
  }

  @Override
  public long[] offsets() {
    return found.orElseThrow();
  }

  private void learn(long[] counts) {
    double sum = 1;
    for (long count : counts) {
      sum += count;
    }
    for (int s = 0; s < failures.length; s++) {
      failures[s] = FORGETTING * failures[s] + counts[s] / sum;
    }
  }

  private int[] ranks(double weight) {
    double most = 1e-9;
    for (double failure : failures) {
      most = Math.max(most, failure);
    }
    double[] priority = new double[conflicts.count];
    for (int i = 0; i < priority.length; i++) {
      double hardest = Double.NEGATIVE_INFINITY;
      for (int s = sections.first[i]; s <= sections.last[i]; s++) {
        hardest = Math.max(hardest, weight * fullness[s] + FAILURES * failures[s] / most);
      }
      double ticks = conflicts.last[i] - (double) conflicts.first[i] + 1;
      priority[i] = hardest + DURATION * Math.log(ticks) + NOISE * random.nextDouble();
    }
    int[] order = Greedy.order(conflicts, Comparator.comparingDouble(i -> -priority[i]));
    int[] ranks = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      ranks[order[i]] = i;
    }
    return ranks;
  }
}
