package dev.thimble.schedule.region;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Placement by branch and bound: items in the order of what a wrong region would cost, each tried
 * in the cheapest region first. A branch ends where a region overflows, or where even the cheapest
 * region for every item that is left would not beat the best placement so far.
 */
final class ExactPlacement {
  /** Ends searches that would take long; then the best placement so far is the answer. */
  private static final int MAX_TRIES = 200_000;

  private final PlacementProblem problem;

  /** Items' indices, those that most depend on their region first. */
  private final List<Integer> order;

  /** For each item, the regions' indices, cheapest first. */
  private final List<List<Integer>> cheapest;

  /** The least that the items from each position of the order on can cost. */
  private final double[] leastFrom;

  private final List<List<Item>> held = new ArrayList<>();
  private final int[] chosen;
  private Optional<RegionPlacement> best;
  private int tries;

  /** A search for a placement that is cheaper than one that is known, if one is. */
  ExactPlacement(PlacementProblem problem, Optional<RegionPlacement> known) {
    this.problem = problem;
    this.best = known;
    int count = problem.items().size();
    cheapest = IntStream.range(0, count).mapToObj(problem::cheapest).toList();
    order =
        IntStream.range(0, count)
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer i) -> -spread(i))
                    .thenComparingLong(i -> -problem.items().get(i).bytes()))
            .toList();
    problem.regions().forEach(region -> held.add(new ArrayList<>()));
    chosen = new int[count];
    leastFrom = new double[count + 1];
    for (int i = count - 1; i >= 0; i--) {
      leastFrom[i] = leastFrom[i + 1] + least(order.get(i));
    }
  }

  Optional<RegionPlacement> solve() {
    branch(0, 0);
    boolean complete = tries <= MAX_TRIES;
    return best.map(
        p -> new RegionPlacement(p.items(), p.regions(), p.assignment(), p.cost(), complete));
  }

  private double least(int item) {
    return cheapest.get(item).isEmpty() ? 0 : problem.cost(item, cheapest.get(item).getFirst());
  }

  private double spread(int item) {
    return cheapest.get(item).isEmpty()
        ? 0
        : problem.cost(item, cheapest.get(item).getLast()) - least(item);
  }

  private void branch(int position, double cost) {
    if (best.isPresent() && cost + leastFrom[position] >= best.get().cost()) {
      return;
    }
    if (position == order.size()) {
      best = Optional.of(problem.placement(chosen, true));
      return;
    }
    int index = order.get(position);
    for (int region : cheapest.get(index)) {
      if (!problem.allowed(index, region) || tries > MAX_TRIES) {
        return;
      }
      tries++;
      List<Item> there = held.get(region);
      there.add(problem.items().get(index));
      if (problem.fits(there, region)) {
        chosen[index] = region;
        branch(position + 1, cost + problem.cost(index, region));
      }
      there.removeLast();
    }
  }
}
