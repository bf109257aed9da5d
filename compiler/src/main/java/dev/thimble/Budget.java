package dev.thimble;

import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.MemoryPlanner;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Takes the plan that the options ask for, within the memory that they allow. */
final class Budget {
  private Budget() {}

  static MemoryPlan choose(List<MemoryPlan> plans, CompileOptions options) {
    MemoryPlan plan =
        options
            .memory()
            .map(strategy -> MemoryPlanner.choose(plans, strategy))
            .orElseGet(() -> MemoryPlanner.choose(plans, options.prefer()));
    if (options.ram().isEmpty() || plan.arenaBytes() <= options.ram().getAsLong()) {
      return plan;
    }
    long ram = options.ram().getAsLong();
    MemoryPlan smallest =
        plans.stream().min(Comparator.comparingLong(MemoryPlan::arenaBytes)).orElseThrow();
    if (options.memory().isEmpty() && smallest.arenaBytes() <= ram) {
      return smallest;
    }
    throw new BudgetException(
        "the arena needs "
            + plan.arenaBytes()
            + " bytes with strategy "
            + plan.strategy().text()
            + ", --ram allows "
            + ram
            + "; the strategies need "
            + plans.stream()
                .map(p -> p.strategy().text() + " " + p.arenaBytes())
                .collect(Collectors.joining(", ")));
  }
}
