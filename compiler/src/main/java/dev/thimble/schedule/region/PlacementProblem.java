package dev.thimble.schedule.region;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Items, regions, and what each item costs in each region; infinite where it must not go.
 *
 * @param cost what an item costs in a region
 * @param packedBytes the bytes that items need in one region, as they are packed there
 */
record PlacementProblem(
    List<Item> items, List<RegionCost> regions, Cost cost, ToLongFunction<List<Item>> packedBytes) {
  /** What an item costs in a region, both by their indices. */
  interface Cost {
    double of(int item, int region);
  }

  PlacementProblem {
    items = List.copyOf(items);
    regions = List.copyOf(regions);
  }

  double cost(int item, int region) {
    return cost.of(item, region);
  }

  /** The regions' indices, the cheapest for this item first; those that it must not go to, last. */
  List<Integer> cheapest(int item) {
    return IntStream.range(0, regions.size())
        .boxed()
        .sorted(Comparator.comparingDouble(region -> cost(item, region)))
        .toList();
  }

  boolean allowed(int item, int region) {
    return Double.isFinite(cost(item, region));
  }

  /** Whether the region holds the items that {@code chosen} gives it; -1 stands for none. */
  boolean fits(int[] chosen, int region) {
    List<Item> there = new ArrayList<>();
    for (int i = 0; i < chosen.length; i++) {
      if (chosen[i] == region) {
        there.add(items.get(i));
      }
    }
    return fits(there, region);
  }

  boolean fits(List<Item> there, int region) {
    return packedBytes.applyAsLong(there) <= regions.get(region).capacity();
  }

  RegionPlacement placement(int[] chosen, boolean exact) {
    double sum = 0;
    for (int i = 0; i < chosen.length; i++) {
      sum += cost(i, chosen[i]);
    }
    return new RegionPlacement(items, regions, Arrays.stream(chosen).boxed().toList(), sum, exact);
  }
}
