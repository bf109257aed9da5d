package dev.thimble;

import dev.thimble.codegen.CodeGenerator;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.PlanChoice;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Takes the plan that the options ask for, within the memory that they allow. */
final class Budget {
  private Budget() {}

  /**
   * The plan that the options ask for; or, where that is too large and they leave the strategy
   * open, the smallest of all. Throws {@link BudgetException} when no plan fits that may be taken.
   */
  static MemoryPlan choose(List<MemoryPlan> plans, CompileOptions options) {
    MemoryPlan plan =
        options
            .memory()
            .map(strategy -> PlanChoice.choose(plans, strategy))
            .orElseGet(() -> PlanChoice.choose(plans, options.prefer()));
    long limit = Math.min(options.ram().orElse(Long.MAX_VALUE), CodeGenerator.MAX_ARENA_BYTES);
    if (plan.arenaBytes() <= limit) {
      return plan;
    }
    MemoryPlan smallest =
        plans.stream().min(Comparator.comparingLong(MemoryPlan::arenaBytes)).orElseThrow();
    if (options.memory().isEmpty() && smallest.arenaBytes() <= limit) {
      return smallest;
    }
    boolean allowed = options.ram().isPresent() && options.ram().getAsLong() == limit;
    throw new BudgetException(
        "the arena needs "
            + plan.arenaBytes()
            + " bytes with strategy "
            + plan.strategy().text()
            + (allowed ? ", --ram allows " : ", generated programs address at most ")
            + limit
            + "; the strategies need "
            + plans.stream()
                .map(p -> p.strategy().text() + " " + p.arenaBytes())
                .collect(Collectors.joining(", ")));
  }
}
