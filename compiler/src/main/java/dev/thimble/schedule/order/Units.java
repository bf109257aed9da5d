package dev.thimble.schedule.order;

import dev.thimble.schedule.order.Segment.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Joins tasks of which some least-peak order runs one right after the other, so that there is less
 * to decide. What remains of a chain are its hills and valleys.
 *
 * <p>A unit {@code b} that only waits for {@code a} joins it where, in whatever state, {@code b}
 * needs no more memory than {@code a} just did and does not leave more live. Likewise a unit {@code
 * a} that only {@code b} waits for joins it where {@code a} needs no more than {@code b} and leaves
 * no less: it can as well wait until {@code b} is due. The more has run, the more a task frees; so
 * the smallest state in which {@code a} can run is the worst for the first rule, and the largest
 * for the second.
 *
 * <p>Source: J. W. H. Liu, An application of generalized tree pebbling to sparse matrix
 * factorization, SIAM J. Alg. Disc. Meth. 8 (1987), whose hill-valley segments these are.
 */
final class Units {
  private final Segment segment;
  private List<Unit> units;

  private Units(Segment segment) {
    this.segment = segment;
    this.units =
        new ArrayList<>(
            IntStream.range(0, segment.size).mapToObj(t -> Unit.of(segment, t)).toList());
  }

  /** The segment's units, by their first tasks. */
  static List<Unit> of(Segment segment) {
    Units units = new Units(segment);
    while (units.joinsSome()) {
      // Each round joins at least two units, so that the rounds end.
    }
    return List.copyOf(units.units);
  }

  private boolean joinsSome() {
    int[] owner = new int[segment.size];
    for (int u = 0; u < units.size(); u++) {
      for (int t : units.get(u).tasks()) {
        owner[t] = u;
      }
    }
    List<Unit> joined = new ArrayList<>();
    boolean[] used = new boolean[units.size()];
    for (int a = 0; a < units.size(); a++) {
      int b = used[a] ? -1 : partner(a, owner, used);
      if (b >= 0) {
        used[a] = true;
        used[b] = true;
        joined.add(
            Unit.of(
                segment,
                IntStream.concat(
                        IntStream.of(units.get(a).tasks()), IntStream.of(units.get(b).tasks()))
                    .toArray()));
      }
    }
    for (int u = 0; u < units.size(); u++) {
      if (!used[u]) {
        joined.add(units.get(u));
      }
    }
    boolean changed = joined.size() < units.size();
    joined.sort((x, y) -> Integer.compare(x.tasks()[0], y.tasks()[0]));
    units = joined;
    return changed;
  }

  /** The unit that can join {@code a} behind it, or -1. */
  private int partner(int a, int[] owner, boolean[] used) {
    Unit first = units.get(a);
    boolean[] tried = new boolean[units.size()];
    tried[a] = true;
    int[] found = {-1};
    Bits.forEach(
        first.serves(),
        t -> {
          int b = owner[t];
          if (found[0] < 0 && !tried[b] && !used[b]) {
            tried[b] = true;
            Unit second = units.get(b);
            if (followsAtOnce(first, second) || precedesAtOnce(first, second)) {
              found[0] = b;
            }
          }
        });
    return found[0];
  }

  private boolean followsAtOnce(Unit a, Unit b) {
    if (!Bits.contains(Bits.union(a.needs(), a.mask()), b.needs())) {
      return false;
    }
    Effect first = segment.run(a.needs(), a.tasks());
    Effect second = segment.run(Bits.union(a.needs(), a.mask()), b.tasks());
    return second.growth() <= 0 && first.growth() + second.rise() <= first.rise();
  }

  private boolean precedesAtOnce(Unit a, Unit b) {
    if (!Bits.contains(Bits.union(b.serves(), b.mask()), a.serves())) {
      return false;
    }
    long[] most = Bits.minus(segment.all(), Bits.union(a.serves(), a.mask()));
    Effect first = segment.run(most, a.tasks());
    Effect second = segment.run(Bits.union(most, a.mask()), b.tasks());
    return first.growth() >= 0 && first.rise() <= first.growth() + second.rise();
  }
}
