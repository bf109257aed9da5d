package dev.thimble.schedule.region;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where each node's weights lie, and whether its kernel reads them there or from a buffer in RAM.
 *
 * @param tables the weights, in the order of their nodes
 * @param sources for each table, where it lies and how it is read
 * @param bufferBytes the most that one buffer of blocks may take, by which was chosen
 * @param cost the sum of all reads and copies, each at its memory's cost
 */
public record WeightPlan(
    List<WeightTable> tables, List<Source> sources, long bufferBytes, double cost) {
  /** The index of a memory, and whether the table is copied to RAM in blocks. */
  public record Source(int memory, boolean prefetched) {}

  public WeightPlan {
    tables = List.copyOf(tables);
    sources = List.copyOf(sources);
  }

  /**
   * The cheapest way to keep the tables in these memories. A table is read in place wherever the
   * core can and that costs no more than copying it; copies are counted in full, even where DMA
   * hides them. Nothing if the memories do not hold the tables, or hold them only where they must
   * be copied and a channel is larger than a buffer.
   *
   * @param ramCostPerByte what reading or writing a byte of the buffers costs
   * @param bufferBytes the most that one of the two buffers may take; 0 for no copies
   */
  public static Optional<WeightPlan> of(
      List<WeightTable> tables,
      List<WeightMemory> memories,
      double ramCostPerByte,
      long bufferBytes) {
    double[][] costs = new double[tables.size()][memories.size()];
    List<Item> items = new ArrayList<>();
    for (int t = 0; t < tables.size(); t++) {
      WeightTable table = tables.get(t);
      // Every table is there all the time, so that a memory's items are summed.
      items.add(new Item(table.node(), table.bytes(), 0, 0, table.readBytes()));
      for (int m = 0; m < memories.size(); m++) {
        WeightMemory memory = memories.get(m);
        costs[t][m] =
            Math.min(
                inPlace(table, memory), prefetched(table, memory, ramCostPerByte, bufferBytes));
      }
    }
    List<RegionCost> regions =
        memories.stream()
            .map(m -> new RegionCost(m.name(), m.capacity(), m.costPerByte()))
            .toList();
    PlacementProblem problem =
        new PlacementProblem(items, regions, (t, m) -> costs[t][m], RegionPlacement::peakBytes);
    return RegionPlacement.of(problem)
        .map(placed -> plan(tables, memories, placed, ramCostPerByte, bufferBytes));
  }

  private static WeightPlan plan(
      List<WeightTable> tables,
      List<WeightMemory> memories,
      RegionPlacement placed,
      double ramCostPerByte,
      long bufferBytes) {
    List<Source> sources = new ArrayList<>();
    for (int t = 0; t < tables.size(); t++) {
      int memory = placed.assignment().get(t);
      WeightMemory from = memories.get(memory);
      sources.add(
          new Source(
              memory,
              prefetched(tables.get(t), from, ramCostPerByte, bufferBytes)
                  < inPlace(tables.get(t), from)));
    }
    return new WeightPlan(tables, sources, bufferBytes, placed.cost());
  }

  /** The tables that are copied to RAM, in the order of their nodes. */
  public List<WeightTable> prefetchedTables() {
    List<WeightTable> result = new ArrayList<>();
    for (int t = 0; t < tables.size(); t++) {
      if (sources.get(t).prefetched()) {
        result.add(tables.get(t));
      }
    }
    return result;
  }

  /** How they are copied, in buffers of at most the plan's size; without blocks if none is. */
  public PrefetchPlan prefetch() {
    return PrefetchPlan.of(prefetchedTables(), bufferBytes)
        .orElseThrow(() -> new IllegalStateException("a channel is larger than a buffer"));
  }

  /** What the memories' own accesses cost: reads in place, and one read for each byte copied. */
  public double memoryCost(List<WeightMemory> memories) {
    double sum = 0;
    for (int t = 0; t < tables.size(); t++) {
      WeightTable table = tables.get(t);
      double costPerByte = memories.get(sources.get(t).memory()).costPerByte();
      boolean copied = sources.get(t).prefetched();
      sum += (copied ? copies(table, bufferBytes) : table.readBytes()) * costPerByte;
    }
    return sum;
  }

  private static double inPlace(WeightTable table, WeightMemory memory) {
    return memory.mapped() ? table.readBytes() * memory.costPerByte() : Double.POSITIVE_INFINITY;
  }

  private static double prefetched(
      WeightTable table, WeightMemory memory, double ramCostPerByte, long bufferBytes) {
    if (table.bytesPerChannel() > bufferBytes) {
      return Double.POSITIVE_INFINITY;
    }
    return copies(table, bufferBytes) * (memory.costPerByte() + ramCostPerByte)
        + table.readBytes() * ramCostPerByte;
  }

  /** The bytes that one inference copies of a table. */
  private static double copies(WeightTable table, long bufferBytes) {
    return (double) table.bytes() * (table.bytes() <= bufferBytes ? 1 : table.passes());
  }
}
