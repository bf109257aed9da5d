package dev.thimble.schedule.region;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Weights that are copied to RAM in blocks, each ahead of its use. Two buffers take turns through
 * the whole program: while a node computes with the block in one, the next block is copied into the
 * other, even if it is of the next node.
 *
 * @param tables the tables that are copied, in the order of their nodes
 * @param blocks the blocks of one pass through each table, in the order of their use
 * @param bufferBytes the sizes of the two buffers
 */
public record PrefetchPlan(List<WeightTable> tables, List<Block> blocks, List<Long> bufferBytes) {
  /**
   * A run of channels of one table.
   *
   * @param table the index of the table among those that are copied
   * @param firstChannel the first of its channels
   * @param offset where it begins in its table, in bytes
   */
  public record Block(int table, int firstChannel, int channels, long offset, long bytes) {}

  /** A block that is copied into one of the buffers, 0 or 1, and then computed with. */
  public record Use(Block block, int buffer) {}

  public PrefetchPlan {
    tables = List.copyOf(tables);
    blocks = List.copyOf(blocks);
    bufferBytes = List.copyOf(bufferBytes);
  }

  /**
   * Cuts each table into the fewest blocks of whole channels that a buffer of this size takes, as
   * equal as channels allow. Nothing if a single channel is larger.
   */
  public static Optional<PrefetchPlan> of(List<WeightTable> tables, long bytesPerBuffer) {
    List<Block> blocks = new ArrayList<>();
    for (int t = 0; t < tables.size(); t++) {
      WeightTable table = tables.get(t);
      long most = bytesPerBuffer / table.bytesPerChannel();
      if (most < 1) {
        return Optional.empty();
      }
      int count = (int) ((table.channels() + most - 1) / most);
      int done = 0;
      for (int b = 0; b < count; b++) {
        int channels = (int) ((long) table.channels() * (b + 1) / count) - done;
        long size = table.bytesPerChannel();
        blocks.add(new Block(t, done, channels, done * size, channels * size));
        done += channels;
      }
    }
    long[] sizes = new long[2];
    for (Use use : uses(tables, blocks)) {
      sizes[use.buffer()] = Math.max(sizes[use.buffer()], use.block().bytes());
    }
    return Optional.of(new PrefetchPlan(tables, blocks, List.of(sizes[0], sizes[1])));
  }

  /**
   * The plan, of buffers that together take at most {@code ramBytes}, after which the core waits
   * least; of equal ones that with the smallest buffers. Nothing if no buffers fit.
   *
   * @param computeCost for each table, what one inference of its node costs without waiting
   * @param copyCostPerByte what copying a byte costs, in the same unit
   * @param concurrent whether copies run beside the core, by DMA
   */
  public static Optional<PrefetchPlan> best(
      List<WeightTable> tables,
      long ramBytes,
      List<Double> computeCost,
      double copyCostPerByte,
      boolean concurrent) {
    long least = tables.stream().mapToLong(WeightTable::bytesPerChannel).max().orElse(0);
    Optional<PrefetchPlan> best = Optional.empty();
    double bestWait = Double.POSITIVE_INFINITY;
    // How tables are cut changes at many sizes; an eighth more each time comes near to all of them.
    for (long size = least; size <= ramBytes && size > 0; size += Math.max(1, size / 8)) {
      Optional<PrefetchPlan> plan = of(tables, size).filter(found -> found.ramBytes() <= ramBytes);
      if (plan.isPresent()) {
        double wait = plan.get().waitCost(computeCost, copyCostPerByte, concurrent);
        if (wait < bestWait) {
          best = plan;
          bestWait = wait;
        }
      }
    }
    return best;
  }

  /**
   * All copies of one inference in order. A table in several blocks is copied anew for each pass; a
   * table in one block stays.
   */
  public List<Use> uses() {
    return uses(tables, blocks);
  }

  private static List<Use> uses(List<WeightTable> tables, List<Block> blocks) {
    List<Use> uses = new ArrayList<>();
    for (int t = 0; t < tables.size(); t++) {
      int table = t;
      List<Block> own = blocks.stream().filter(block -> block.table() == table).toList();
      int copies = own.size() == 1 ? 1 : tables.get(t).passes();
      for (int copy = 0; copy < copies; copy++) {
        for (Block block : own) {
          uses.add(new Use(block, uses.size() % 2));
        }
      }
    }
    return uses;
  }

  /** The bytes of both buffers. */
  public long ramBytes() {
    return bufferBytes.stream().mapToLong(Long::longValue).sum();
  }

  /**
   * What the core waits in one inference: for the first block, and wherever a block takes longer to
   * copy than the block before it to compute with. Without DMA the core copies all itself.
   */
  public double waitCost(List<Double> computeCost, double copyCostPerByte, boolean concurrent) {
    List<Use> uses = uses();
    double[] copies = new double[tables.size()];
    uses.forEach(use -> copies[use.block().table()] += use.block().channels());
    double wait = 0;
    double hidden = 0;
    for (Use use : uses) {
      double copy = use.block().bytes() * copyCostPerByte;
      wait += concurrent ? Math.max(0, copy - hidden) : copy;
      int table = use.block().table();
      hidden = computeCost.get(table) * use.block().channels() / copies[table];
    }
    return wait;
  }

  /**
   * The buffers as items of the arena, in use from before the first node that reads them to the
   * last. Each copy is written once, and the reads of a table spread over its copies.
   */
  public List<Item> items() {
    if (blocks.isEmpty()) {
      return List.of();
    }
    List<Use> uses = uses();
    long[] copied = new long[tables.size()];
    uses.forEach(use -> copied[use.block().table()] += use.block().bytes());
    double[] accesses = new double[2];
    for (Use use : uses) {
      WeightTable table = tables.get(use.block().table());
      double part = (double) use.block().bytes() / copied[use.block().table()];
      accesses[use.buffer()] += use.block().bytes() + table.readBytes() * part;
    }
    int first = tables.stream().mapToInt(WeightTable::tick).min().orElseThrow() - 1;
    int last = tables.stream().mapToInt(WeightTable::tick).max().orElseThrow();
    List<Item> items = new ArrayList<>();
    for (int buffer = 0; buffer < 2; buffer++) {
      long bytes = bufferBytes.get(buffer);
      if (bytes > 0) {
        long accessed = Math.round(accesses[buffer]);
        items.add(new Item("weights buffer " + buffer, bytes, first, last, accessed));
      }
    }
    return items;
  }
}
