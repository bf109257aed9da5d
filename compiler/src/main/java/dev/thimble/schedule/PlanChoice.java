package dev.thimble.schedule;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Which of several plans serves best. */
public final class PlanChoice {
  private PlanChoice() {}

  /**
   * The plan that serves the preference best: for RAM the smallest arena; otherwise the smallest
   * among those that run nodes whole, since streams cost time and code. Of equal arenas the plainer
   * strategy is taken, but a plan that saves copies comes first unless RAM is preferred.
   */
  public static MemoryPlan choose(List<MemoryPlan> plans, Preference preference) {
    Function<MemoryPlan, Integer> rank =
        switch (preference) {
          case RAM -> plan -> plan.strategy().ordinal();
          case BALANCED, SPEED, FLASH -> plan -> savesCopies(plan) ? -1 : plan.strategy().ordinal();
        };
    return plans.stream()
        .filter(plan -> preference == Preference.RAM || plan.strategy() != Strategy.STREAM)
        .min(Comparator.comparingLong(MemoryPlan::arenaBytes).thenComparing(rank))
        .orElseThrow(() -> new ScheduleException("there is no plan to choose from"));
  }

  /**
   * The plan of this strategy, or, where the strategy has nothing to add, of the last one before
   * it: that is what the strategy would come to.
   */
  public static MemoryPlan choose(List<MemoryPlan> plans, Strategy strategy) {
    return plans.stream()
        .filter(plan -> plan.strategy().compareTo(strategy) <= 0)
        .max(Comparator.comparing(MemoryPlan::strategy))
        .orElseThrow(
            () -> new ScheduleException("there is no plan as plain as " + strategy.text()));
  }

  /** Whether a call that may work in place does so. */
  private static boolean savesCopies(MemoryPlan plan) {
    return plan.strategy() == Strategy.IN_PLACE
        && plan.schedule().steps().stream()
            .anyMatch(step ->
                step instanceof Step.Single single
                    && single.nodes().getFirst().inputs().stream()
                        .filter(operand -> Overlap.overwrites(single, operand))
                        .anyMatch(operand ->
                            plan.place(operand).isPresent()
                                && plan.place(operand)
                                    .equals(plan.place(Overlap.partner(single, operand)))));
  }
}
