package dev.thimble;

import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.Preference;
import dev.thimble.schedule.RegionPlanner;
import dev.thimble.schedule.Schedule;
import dev.thimble.schedule.Strategy;
import dev.thimble.schedule.WeightCopies;
import dev.thimble.schedule.WeightLayout;
import dev.thimble.schedule.region.RamMemory;
import dev.thimble.schedule.region.RegionCosts;
import dev.thimble.target.Board;
import dev.thimble.target.Region;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the memories of a board make of plans. */
final class BoardMemory {
  private final CompileOptions options;
  private final Optional<Board> board;

  /** The RAM of the chip, without the bytes that stay free for the stack. */
  private final List<RamMemory> memories;

  BoardMemory(CompileOptions options) {
    this.options = options;
    this.board = options.limits().board();
    this.memories =
        board
            .map(b -> RegionCosts.memories(b, Limits.RESERVED_RAM_BYTES))
            .orElse(List.of())
            .stream()
            .filter(memory -> !memory.external())
            .toList();
  }

  /** Whether a plan may lie in several memories. */
  boolean several() {
    return memories.size() > 1;
  }

  /**
   * Whether weights must be copied to RAM: they and the code are more than the flash that the core
   * reads by address, and the board has flash that answers to commands only.
   */
  boolean copiesWeights(Schedule schedule) {
    if (unmappedFlashBytes() == 0) {
      return false;
    }
    long constants = schedule.steps().stream().mapToLong(s -> WeightLayout.of(s).bytes()).sum();
    long needed = constants + CodeEstimate.bytes(schedule, options);
    return needed > options.limits().program().map(Limits.Limit::bytes).orElse(0L);
  }

  /** The flash that the core reads by commands only. */
  long unmappedFlashBytes() {
    return board.stream()
        .flatMap(b -> b.regions().stream())
        .filter(region -> !region.kind().isRam() && !region.mapped())
        .mapToLong(Region::bytes)
        .sum();
  }

  /** The plan, which fits one memory, with the fastest that holds it. */
  MemoryPlan named(MemoryPlan plan) {
    Optional<RamMemory> one =
        memories.stream()
            .filter(memory -> plan.arenaBytes() <= memory.cost().capacity())
            .min(Comparator.comparingDouble(memory -> memory.cost().costPerByte()));
    if (options.prefer() == Preference.SPEED && several() && one.isPresent()) {
      Optional<MemoryPlan> faster =
          spread(plan, copies(plan))
              .filter(s -> RegionPlanner.cost(s) < RegionPlanner.cost(plan, one.get()));
      if (faster.isPresent()) {
        return faster.get();
      }
    }
    return one.map(plan::in).orElse(plan);
  }

  /**
   * Of plans none of which fits one memory, the first in the order given that fits several. Plans
   * that use memory for show are left out.
   */
  Optional<MemoryPlan> spread(List<MemoryPlan> plans, WeightCopies copies) {
    return several()
        ? plans.stream()
            .filter(plan -> plan.strategy().compareTo(Strategy.GREEDY) >= 0)
            .distinct()
            .map(plan -> spread(plan, copies))
            .flatMap(Optional::stream)
            .findFirst()
        : Optional.empty();
  }

  private Optional<MemoryPlan> spread(MemoryPlan plan, WeightCopies copies) {
    return RegionPlanner.spread(plan, memories, copies)
        .filter(s -> s.arenaBytes() <= options.limits().ram().orElse(Long.MAX_VALUE));
  }

  /** The plans with copies as a plan that was chosen has them. */
  static List<MemoryPlan> alike(List<MemoryPlan> plans, MemoryPlan chosen) {
    return plans.stream().map(plan -> copying(plan, copies(chosen))).toList();
  }

  /** The plan with copies of its weights. */
  static MemoryPlan copying(MemoryPlan plan, WeightCopies copies) {
    return copies == WeightCopies.NONE ? plan : RegionPlanner.copying(plan, copies);
  }

  private static WeightCopies copies(MemoryPlan plan) {
    if (plan.copies().isEmpty()) {
      return WeightCopies.NONE;
    }
    boolean ahead = plan.copies().stream().anyMatch(c -> c.from() >= 0 && c.from() < c.step());
    return ahead ? WeightCopies.AHEAD : WeightCopies.JUST_IN_TIME;
  }

  /** What a message says of several memories that do not hold a plan; empty where there is one. */
  String words() {
    return several()
        ? "\n  nor do the board's memories hold it together: "
            + memories.stream()
                .map(memory -> memory.name() + " " + memory.cost().capacity())
                .collect(Collectors.joining(", "))
        : "";
  }
}
