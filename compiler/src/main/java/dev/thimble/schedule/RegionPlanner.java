package dev.thimble.schedule;

import dev.thimble.graph.Value;
import dev.thimble.schedule.Buffers.Sharing;
import dev.thimble.schedule.Buffers.Slots;
import dev.thimble.schedule.offsets.Effort;
import dev.thimble.schedule.offsets.Offsets;
import dev.thimble.schedule.offsets.Solution;
import dev.thimble.schedule.region.RamMemory;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Plans a schedule's memory anew: in several memories, or with copies of its weights. */
public final class RegionPlanner {
  private RegionPlanner() {}

  /** The plan of the same schedule whose weights are copied to the arena, in one memory. */
  public static MemoryPlan copying(MemoryPlan plan, WeightCopies copies) {
    return slots(plan).stream()
        .map(slots -> {
          Buffers buffers = Buffers.of(plan.schedule(), sharing(plan), slots, copies);
          Solution solution = Offsets.solve(buffers.problem(), Effort.FAST);
          return MemoryPlan.of(plan.strategy(), plan.schedule(), buffers.buffers(), solution);
        })
        .min(Comparator.comparingLong(MemoryPlan::arenaBytes))
        .orElseThrow();
  }

  /**
   * The plan of the same schedule in the memories of a board, buffers that are used most in the
   * fastest that holds them. It may come to need one memory only. Nothing if no way was found in
   * which they hold it.
   *
   * <p>Where an output may lie in the memory of an operand depends on their distance; in different
   * memories that rule has no meaning, and the solver of each memory is given what remains.
   */
  public static Optional<MemoryPlan> spread(
      MemoryPlan plan, List<RamMemory> memories, WeightCopies copies) {
    for (Slots slots : slots(plan)) {
      Buffers buffers = Buffers.of(plan.schedule(), sharing(plan), slots, copies);
      Optional<MemoryPlan> spread =
          new Spreading(buffers, new Accesses(plan.schedule()), memories)
              .solve()
              .map(solved ->
                  MemoryPlan.of(
                      plan.strategy(),
                      plan.schedule(),
                      buffers.buffers(),
                      solved.solution(),
                      solved.regions()));
      if (spread.isPresent()) {
        return spread;
      }
    }
    return Optional.empty();
  }

  /** An estimate of the bytes that one inference reads and writes in the arena. */
  static long accessBytes(MemoryPlan plan) {
    Accesses accesses = new Accesses(plan.schedule());
    Set<Value> seen = new HashSet<>();
    return plan.planned().stream()
        .filter(buffer -> buffer.value().isEmpty() || seen.add(buffer.value().get()))
        .mapToLong(accesses::of)
        .sum();
  }

  /**
   * What all accesses cost, in the cycles that the board's figures give, if the whole arena lies in
   * the memory given.
   */
  public static double cost(MemoryPlan plan, RamMemory memory) {
    return accessBytes(plan) * memory.cost().costPerByte();
  }

  /** What all accesses cost of a plan that knows its memories. */
  public static double cost(MemoryPlan plan) {
    return plan.regions().stream()
        .mapToDouble(r -> r.accessBytes() * r.memory().cost().costPerByte())
        .sum();
  }

  private static Sharing sharing(MemoryPlan plan) {
    return switch (plan.strategy()) {
      case NAIVE, PING_PONG, GREEDY -> Sharing.NONE;
      case IN_PLACE, FUSED_POOL -> Sharing.IN_PLACE;
      case OVERLAP, STREAM -> Sharing.OVERLAP;
    };
  }

  private static List<Slots> slots(MemoryPlan plan) {
    return plan.strategy() == Strategy.STREAM
        ? List.of(Slots.FEWEST, Slots.EACH_ROW)
        : List.of(Slots.FEWEST);
  }
}
