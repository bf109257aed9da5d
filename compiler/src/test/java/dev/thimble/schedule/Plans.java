package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.kernel.KernelLibrary;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.offsets.Effort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** Plans of every kind, and changes to them. */
final class Plans {
  private Plans() {}

  /** {@link #all(Graph, KernelLibrary)} by forms, with so much scratch for convolutions. */
  static List<MemoryPlan> all(Graph graph, int scratch) {
    return all(graph, new FormsOnly(scratch));
  }

  /** The plans of all strategies and the one that streams everything, also fed where that goes. */
  static List<MemoryPlan> all(Graph graph, KernelLibrary kernels) {
    List<MemoryPlan> plans = new ArrayList<>();
    for (boolean fed : List.of(false, true)) {
      if (!fed || isFeedable(graph)) {
        PlanRequest request = request(graph, kernels, fed);
        plans.addAll(MemoryPlanner.plans(request));
        plans.add(MemoryPlanner.everythingStreamed(request));
      }
    }
    return plans;
  }

  static PlanRequest request(Graph graph, KernelLibrary kernels, boolean fed) {
    return new PlanRequest(graph, kernels, Rounding.DOUBLE, fed, OptionalLong.empty(), Effort.FAST);
  }

  /** Whether the graph has one input of one batch entry, and no states. */
  static boolean isFeedable(Graph graph) {
    if (graph.inputs().size() != 1 || !graph.states().isEmpty()) {
      return false;
    }
    var shape = graph.inputs().getFirst().type().shape();
    return shape.rank() <= 1 || shape.dim(0) == 1;
  }

  static boolean isRefused(MemoryPlan plan) {
    try {
      PlanValidator.validate(plan);
      return false;
    } catch (ScheduleException e) {
      return true;
    }
  }

  /** A value, a row, or working memory at another aligned place within the arena. */
  static MemoryPlan somethingMoved(MemoryPlan plan, SplittableRandom random) {
    int index = random.nextInt(plan.buffers().size());
    Buffer buffer = plan.buffers().get(index).buffer();
    int alignment = buffer.block().alignment();
    long offset = random.nextLong(plan.arenaBytes() - buffer.bytes() + 1) / alignment * alignment;
    if (buffer.kind() == Buffer.Kind.STATE && buffer.value().isEmpty()) {
      return copy(plan, plan.schedule(), plan.places(), plan.scratch(), OptionalLong.of(offset));
    }
    if (buffer.scratchOf().isPresent()) {
      Map<Node, Long> scratch = new HashMap<>(plan.scratch());
      scratch.put(buffer.scratchOf().get(), offset);
      return withScratch(plan, scratch);
    }
    Map<Value, MemoryPlan.Place> places = new HashMap<>(plan.places());
    places.compute(
        buffer.value().orElseThrow(),
        (value, place) -> {
          if (place instanceof MemoryPlan.Place.Rows rows) {
            List<Long> slots = new ArrayList<>(rows.slots());
            slots.set(buffer.slot(), offset);
            return new MemoryPlan.Place.Rows(slots);
          }
          return new MemoryPlan.Place.Whole(offset);
        });
    return withPlaces(plan, places);
  }

  static MemoryPlan withPlaces(MemoryPlan plan, Map<Value, MemoryPlan.Place> places) {
    return copy(plan, plan.schedule(), places, plan.scratch(), plan.progress());
  }

  static MemoryPlan withScratch(MemoryPlan plan, Map<Node, Long> scratch) {
    return copy(plan, plan.schedule(), plan.places(), scratch, plan.progress());
  }

  static MemoryPlan withSteps(MemoryPlan plan, List<Step> steps) {
    Schedule schedule = new Schedule(plan.schedule().graph(), steps);
    return copy(plan, schedule, plan.places(), plan.scratch(), plan.progress());
  }

  private static MemoryPlan copy(
      MemoryPlan plan,
      Schedule schedule,
      Map<Value, MemoryPlan.Place> places,
      Map<Node, Long> scratch,
      OptionalLong progress) {
    return new MemoryPlan(
        plan.strategy(),
        schedule,
        plan.buffers(),
        places,
        scratch,
        progress,
        plan.arenaBytes(),
        plan.lowerBound(),
        plan.solver());
  }
}
