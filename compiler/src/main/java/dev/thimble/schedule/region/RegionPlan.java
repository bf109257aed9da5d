package dev.thimble.schedule.region;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/**
 * The whole answer to several memories: where the weights lie, which of them are copied to RAM
 * ahead of their use, and which RAM each piece of the arena goes to, the buffers for copies among
 * them.
 *
 * @param placement the items in their order, and after them the buffers of the prefetch plan
 * @param cost what all accesses to RAM and to the memories of weights cost in one inference
 */
public record RegionPlan(
    WeightPlan weights, PrefetchPlan prefetch, RegionPlacement placement, double cost) {
  /**
   * The cheapest plan that was found, over sizes of buffers from none to the largest table, each
   * twice the one before; of equal ones that with the smallest buffers. Nothing if none fits.
   *
   * @param packedBytes see {@link RegionPlacement#of}
   */
  public static Optional<RegionPlan> of(
      List<Item> items,
      List<WeightTable> tables,
      List<RegionCost> ram,
      List<WeightMemory> memories,
      ToLongFunction<List<Item>> packedBytes) {
    Optional<RegionPlan> best = Optional.empty();
    for (long bufferBytes : bufferSizes(tables)) {
      Optional<RegionPlan> plan = of(items, tables, ram, memories, packedBytes, bufferBytes);
      if (plan.isPresent() && (best.isEmpty() || plan.get().cost() < best.get().cost())) {
        best = plan;
      }
    }
    return best;
  }

  private static Optional<RegionPlan> of(
      List<Item> items,
      List<WeightTable> tables,
      List<RegionCost> ram,
      List<WeightMemory> memories,
      ToLongFunction<List<Item>> packedBytes,
      long bufferBytes) {
    // Where the buffers will lie is not known yet; the choice between copying and reading in place
    // takes them for the cheapest RAM, the cost below for the one that they get.
    double ramCost = ram.stream().mapToDouble(RegionCost::costPerByte).min().orElse(0);
    return WeightPlan.of(tables, memories, ramCost, bufferBytes)
        .flatMap(weights -> {
          PrefetchPlan prefetch = weights.prefetch();
          List<Item> all = new ArrayList<>(items);
          all.addAll(prefetch.items());
          return RegionPlacement.of(all, ram, packedBytes)
              .map(placed ->
                  new RegionPlan(
                      weights, prefetch, placed, placed.cost() + weights.memoryCost(memories)));
        });
  }

  /** None, a channel of each table, and from the smallest on by twos to the largest table. */
  private static List<Long> bufferSizes(List<WeightTable> tables) {
    TreeSet<Long> sizes = new TreeSet<>(List.of(0L));
    long most = tables.stream().mapToLong(WeightTable::bytes).max().orElse(0);
    long least = tables.stream().mapToLong(WeightTable::bytesPerChannel).min().orElse(1);
    for (long size = least; size < 2 * most; size *= 2) {
      sizes.add(size);
    }
    tables.forEach(table -> sizes.add(table.bytesPerChannel()));
    return List.copyOf(sizes);
  }
}
