package dev.thimble.schedule.region;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Placement by benefit density: the items that save most for each byte and tick that they occupy
 * choose first, each the cheapest region that still holds it. Where an item fits nowhere, the items
 * are placed again by size, the largest first, since then what fits comes before what is cheap.
 * Moves of one item to a cheaper region and swaps of two follow, until none lowers the cost.
 */
final class GreedyPlacement {
  /** Rounds of improvement: each lowers the cost, and few are ever needed. */
  private static final int ROUNDS = 20;

  private final PlacementProblem problem;
  private final int[] chosen;

  GreedyPlacement(PlacementProblem problem) {
    this.problem = problem;
    this.chosen = new int[problem.items().size()];
  }

  Optional<RegionPlacement> solve() {
    Comparator<Integer> density = Comparator.comparingDouble(i -> -density(i));
    Comparator<Integer> size = Comparator.comparingLong(i -> -item(i).bytes());
    Comparator<Integer> area = Comparator.comparingLong(i -> -item(i).bytes() * ticks(i));
    for (Comparator<Integer> order : List.of(density, size, area)) {
      if (place(order)) {
        improve();
        return Optional.of(problem.placement(chosen, false));
      }
    }
    return Optional.empty();
  }

  private Item item(int index) {
    return problem.items().get(index);
  }

  /** What the best region saves over the worst that is allowed, for each byte and tick. */
  private double density(int index) {
    List<Integer> regions =
        problem.cheapest(index).stream().filter(r -> problem.allowed(index, r)).toList();
    if (regions.isEmpty()) {
      return 0;
    }
    double saved = problem.cost(index, regions.getLast()) - problem.cost(index, regions.getFirst());
    return saved / (Math.max(1.0, item(index).bytes()) * ticks(index));
  }

  private long ticks(int index) {
    return (long) item(index).last() - item(index).first() + 1;
  }

  private boolean place(Comparator<Integer> by) {
    Arrays.fill(chosen, -1);
    for (int index : IntStream.range(0, chosen.length).boxed().sorted(by).toList()) {
      for (int region : problem.cheapest(index)) {
        chosen[index] = region;
        if (problem.allowed(index, region) && problem.fits(chosen, region)) {
          break;
        }
        chosen[index] = -1;
      }
      if (chosen[index] < 0) {
        return false;
      }
    }
    return true;
  }

  private void improve() {
    for (int round = 0; round < ROUNDS; round++) {
      boolean better = false;
      for (int i = 0; i < chosen.length; i++) {
        better |= move(i);
        for (int j = 0; j < i; j++) {
          better |= swap(i, j);
        }
      }
      if (!better) {
        return;
      }
    }
  }

  private boolean move(int index) {
    int from = chosen[index];
    for (int region : problem.cheapest(index)) {
      if (problem.cost(index, region) >= problem.cost(index, from)) {
        return false;
      }
      chosen[index] = region;
      if (problem.fits(chosen, region)) {
        return true;
      }
      chosen[index] = from;
    }
    return false;
  }

  /** Swaps two items' regions where that is cheaper and fits. */
  private boolean swap(int i, int j) {
    int a = chosen[i];
    int b = chosen[j];
    double now = problem.cost(i, a) + problem.cost(j, b);
    if (a == b || problem.cost(i, b) + problem.cost(j, a) >= now) {
      return false;
    }
    chosen[i] = b;
    chosen[j] = a;
    if (problem.fits(chosen, a) && problem.fits(chosen, b)) {
      return true;
    }
    chosen[i] = a;
    chosen[j] = b;
    return false;
  }
}
