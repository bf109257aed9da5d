package dev.thimble.report.picture;

import dev.thimble.report.picture.ArenaPicture.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Gives colours, so that what lies side by side differs wherever there are colours enough. */
final class Colouring {
  private Colouring() {}

  /**
   * A colour for each: of those for its kind, the one that fewest neighbours in time and place
   * have; of equal ones, the one that was given longest ago.
   */
  static List<Integer> of(List<Held> all, Function<Kind, List<Integer>> colours) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparing(i -> all.get(i).firstTick()));
    List<Extent> extents = all.stream().map(Extent::of).toList();
    int[] given = new int[all.size()];
    List<Integer> done = new ArrayList<>();
    for (int i : order) {
      given[i] = choose(colours.apply(all.get(i).kind()), i, done, extents, given);
      done.add(i);
    }
    return java.util.Arrays.stream(given).boxed().toList();
  }

  private static int choose(
      List<Integer> colours, int held, List<Integer> done, List<Extent> extents, int[] given) {
    int best = colours.getFirst();
    long least = Long.MAX_VALUE;
    for (int colour : colours) {
      long cost = 0;
      for (int at = 0; at < done.size(); at++) {
        int other = done.get(at);
        if (given[other] == colour) {
          cost += extents.get(held).touches(extents.get(other)) ? 1_000_000 : 0;
          // The later it was given, the dearer; all of them together cost less than a neighbour.
          cost = Math.max(cost, cost / 1_000_000 * 1_000_000 + at + 1);
        }
      }
      if (cost < least) {
        least = cost;
        best = colour;
      }
    }
    return best;
  }

  private record Extent(int first, int last, long lowest, long highest) {
    static Extent of(Held held) {
      return new Extent(held.firstTick(), held.lastTick(), held.lowest(), held.highest());
    }

    boolean touches(Extent other) {
      return first <= other.last + 1
          && other.first <= last + 1
          && lowest <= other.highest
          && other.lowest <= highest;
    }
  }
}
