package dev.thimble;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.report.picture.ArenaPicture;
import dev.thimble.report.picture.ArenaPicture.Area;
import dev.thimble.report.picture.ArenaPicture.Kind;
import dev.thimble.report.picture.ArenaPicture.Phase;
import dev.thimble.schedule.ArenaUse;
import dev.thimble.schedule.Buffer;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the picture of a plan. A tick is a step of the schedule; one more stands before the first,
 * when inputs are written, and one behind the last, when outputs are read.
 */
public final class ArenaPictures {
  private ArenaPictures() {}

  /** The picture of the plan that a compilation took, among all plans that it made. */
  public static ArenaPicture of(Compilation compilation) {
    MemoryPlan plan = compilation.plan();
    List<Area> areas = new ArrayList<>();
    plan.buffers().forEach(placed -> add(areas, plan, placed));
    return new ArenaPicture(
        plan.arenaBytes(),
        plan.lowerBound(),
        plan.schedule().steps().size() + 2,
        ArenaUse.of(plan).peakStep() + 1,
        phases(plan.schedule().steps()),
        areas,
        compilation.plans().stream()
            .map(p ->
                new ArenaPicture.Option(
                    p.strategy().text(),
                    p.arenaBytes(),
                    p.lowerBound(),
                    p.strategy() == plan.strategy()))
            .toList());
  }

  private static List<Phase> phases(List<Step> steps) {
    List<Phase> phases = new ArrayList<>();
    phases.add(new Phase("before", 0, 0));
    for (Step step : steps) {
      int tick = phases.size();
      phases.add(new Phase(label(step), tick, tick));
    }
    phases.add(new Phase("after", phases.size(), phases.size()));
    return phases;
  }

  private static String label(Step step) {
    List<Node> nodes = step.nodes();
    return switch (step) {
      case Step.Whole whole -> whole.node().name();
      case Step.FusedPool fused -> fused.pooling().name() + " (fused)";
      case Step.Stream stream ->
          "stream of "
              + stream.stages().size()
              + ": "
              + nodes.getFirst().name()
              + " to "
              + nodes.getLast().name();
    };
  }

  /** An area for each value that the buffer holds in turn, each as large as the buffer. */
  private static void add(List<Area> areas, MemoryPlan plan, MemoryPlan.Placed placed) {
    Buffer buffer = placed.buffer();
    if (buffer.values().size() < 2) {
      Kind kind = Kind.valueOf(buffer.kind().name());
      areas.add(area(placed, buffer.name(), kind, buffer.first(), buffer.last()));
      return;
    }
    int last = buffer.last();
    for (Value value : buffer.values().reversed()) {
      boolean oldest = value.equals(buffer.values().getFirst());
      int first = oldest ? buffer.first() : writingStep(plan, value);
      areas.add(area(placed, value.name(), kind(plan.schedule().graph(), value), first, last));
      last = first - 1;
    }
  }

  private static Area area(MemoryPlan.Placed placed, String name, Kind kind, int first, int last) {
    return new Area(name, kind, placed.offset(), placed.buffer().bytes(), first + 1, last + 1);
  }

  private static Kind kind(Graph graph, Value value) {
    if (graph.inputs().contains(value)) {
      return Kind.INPUT;
    }
    return graph.isOutput(value) ? Kind.OUTPUT : Kind.ACTIVATION;
  }

  private static int writingStep(MemoryPlan plan, Value value) {
    List<Step> steps = plan.schedule().steps();
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).outputs().contains(value)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no step writes '" + value.name() + "'");
  }
}
