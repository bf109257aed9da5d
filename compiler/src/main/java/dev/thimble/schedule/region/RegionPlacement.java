package dev.thimble.schedule.region;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Which region each item goes to.
 *
 * @param items what was placed
 * @param regions where to
 * @param assignment for each item, in their order, the index of its region
 * @param cost the sum of what the items cost in their regions
 * @param exact whether it is certain that no other placement that fits is cheaper
 */
public record RegionPlacement(
    List<Item> items,
    List<RegionCost> regions,
    List<Integer> assignment,
    double cost,
    boolean exact) {
  /** Up to this many items the search is exact, unless its limit ends it. */
  public static final int EXACT_ITEMS = 14;

  public RegionPlacement {
    items = List.copyOf(items);
    regions = List.copyOf(regions);
    assignment = List.copyOf(assignment);
  }

  /**
   * The placement with the least cost of accesses that was found, or nothing if none that fits was.
   * The search is exact for few items; for more it goes by benefit density, and improves that by
   * moves and swaps.
   *
   * @param packedBytes the bytes that items need in one region, as they are packed there; exact
   *     only if it never shrinks when an item is added
   */
  public static Optional<RegionPlacement> of(
      List<Item> items, List<RegionCost> regions, ToLongFunction<List<Item>> packedBytes) {
    return of(
        new PlacementProblem(
            items,
            regions,
            (i, r) -> items.get(i).accessBytes() * regions.get(r).costPerByte(),
            packedBytes));
  }

  static Optional<RegionPlacement> of(PlacementProblem problem) {
    Optional<RegionPlacement> greedy = new GreedyPlacement(problem).solve();
    return problem.items().size() <= EXACT_ITEMS
        ? new ExactPlacement(problem, greedy).solve()
        : greedy;
  }

  /** The items of the region with this index, in their order. */
  public List<Item> in(int region) {
    List<Item> result = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      if (assignment.get(i) == region) {
        result.add(items.get(i));
      }
    }
    return result;
  }

  /**
   * The largest sum of bytes in use at one tick: what items need at least, and all that they need
   * if they pack without holes.
   */
  public static long peakBytes(List<Item> items) {
    long peak = 0;
    for (Item at : items) {
      long sum = 0;
      for (Item item : items) {
        // A sum over intervals is largest at a tick where one of them begins.
        sum += item.first() <= at.first() && at.first() <= item.last() ? item.bytes() : 0;
      }
      peak = Math.max(peak, sum);
    }
    return peak;
  }
}
