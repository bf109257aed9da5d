package dev.thimble.schedule;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.kernel.Kernel;
import dev.thimble.schedule.MemoryPlan.Place;
import java.util.List;

/** The part of {@link PlanValidator} that looks at addresses alone. */
final class AlignmentCheck {
  private final MemoryPlan plan;

  private AlignmentCheck(MemoryPlan plan) {
    this.plan = plan;
  }

  /**
   * Throws {@link ScheduleException} where an address is no multiple of what its users ask, or the
   * memories do not make up the arena.
   */
  static void check(MemoryPlan plan) {
    AlignmentCheck check = new AlignmentCheck(plan);
    check.regions();
    plan.places().forEach((value, place) -> check.at(value, place, value.type().dtype().bytes()));
    for (Step step : plan.schedule().steps()) {
      switch (step) {
        case Step.Single single -> check.kernel(single.kernel(), single.nodes());
        case Step.Stream stream ->
            stream.stages().forEach(stage -> check.kernel(stage.kernel(), stage.nodes()));
      }
    }
  }

  private void regions() {
    long end = 0;
    for (RegionArena region : plan.regions()) {
      String name = region.memory().name();
      require(region.start() == end, "memory '" + name + "' begins at another offset than " + end);
      require(
          region.bytes() <= region.memory().bytes(),
          "memory '" + name + "' does not have " + region.bytes() + " bytes");
      end = region.end();
    }
    require(plan.regions().isEmpty() || end == plan.arenaBytes(), "the memories leave a rest");
  }

  private void kernel(Kernel kernel, List<Node> nodes) {
    List<Value> inputs = nodes.getFirst().inputs();
    kernel.operands().forEach(k -> at(inputs.get(k), kernel.alignment()));
    nodes.getLast().outputs().forEach(output -> at(output, kernel.alignment()));
  }

  private void at(Value value, int alignment) {
    Place place = plan.places().get(value);
    if (place != null) {
      at(value, place, alignment);
    }
  }

  private void at(Value value, Place place, int alignment) {
    List<Long> offsets =
        switch (place) {
          case Place.Whole whole -> List.of(whole.offset());
          case Place.Rows rows -> rows.slots();
        };
    for (long offset : offsets) {
      require(offset % alignment == 0, "'" + value.name() + "' is not aligned at " + offset);
    }
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new ScheduleException(message);
    }
  }
}
