package dev.thimble;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.report.picture.ArenaPicture;
import dev.thimble.report.picture.ArenaPicture.Area;
import dev.thimble.report.picture.ArenaPicture.Kind;
import dev.thimble.report.picture.ArenaPicture.Phase;
import dev.thimble.schedule.ArenaUse;
import dev.thimble.schedule.Buffer;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.Schedule;
import dev.thimble.schedule.Step;
import dev.thimble.schedule.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Makes the picture of a plan, in the ticks of its schedule. */
public final class ArenaPictures {
  private ArenaPictures() {}

  /** The picture of the plan that a compilation took, among all plans that it made. */
  public static ArenaPicture of(Compilation compilation) {
    MemoryPlan plan = compilation.plan();
    Timeline timeline = Timeline.of(plan.schedule());
    return new ArenaPicture(
        plan.arenaBytes(),
        plan.lowerBound(),
        timeline.after() + 1,
        ArenaUse.of(plan).peakTick(),
        phases(plan.schedule(), timeline),
        plan.buffers().stream().flatMap(ArenaPictures::areas).toList(),
        compilation.plans().stream()
            .map(p ->
                new ArenaPicture.Option(
                    p.strategy().text(),
                    p.arenaBytes(),
                    p.lowerBound(),
                    p.strategy() == plan.strategy()))
            .toList());
  }

  private static List<Phase> phases(Schedule schedule, Timeline timeline) {
    List<Phase> phases = new ArrayList<>();
    phases.add(new Phase("before", Timeline.BEFORE, Timeline.BEFORE));
    for (int i = 0; i < schedule.steps().size(); i++) {
      phases.add(new Phase(label(schedule.steps().get(i)), timeline.first(i), timeline.last(i)));
    }
    phases.add(new Phase("after", timeline.after(), timeline.after()));
    return phases;
  }

  /** A step in a few words. */
  static String label(Step step) {
    List<Node> nodes = step.nodes();
    return switch (step) {
      case Step.Whole whole -> whole.node().name();
      case Step.FusedPool fused -> fused.pooling().name() + " (fused)";
      case Step.Stream stream when nodes.isEmpty() -> "gathering of the input";
      case Step.Stream stream ->
          "stream of "
              + stream.stages().size()
              + ": "
              + nodes.getFirst().name()
              + " to "
              + nodes.getLast().name();
    };
  }

  /** An area for each part of a buffer; all rows of a value are called by its name. */
  private static Stream<Area> areas(MemoryPlan.Placed placed) {
    String name = placed.buffer().value().map(Value::name).orElse(placed.buffer().name());
    Kind kind = kind(placed.buffer().kind());
    return placed.buffer().block().parts().stream()
        .map(part ->
            new Area(
                name,
                kind,
                placed.offset() + part.offset(),
                part.bytes(),
                part.first(),
                part.last()));
  }

  /** Copies of weights count as scratch, as they do in the report's figures. */
  private static Kind kind(Buffer.Kind kind) {
    return switch (kind) {
      case STATE -> Kind.STATE;
      case INPUT -> Kind.INPUT;
      case OUTPUT -> Kind.OUTPUT;
      case ACTIVATION -> Kind.ACTIVATION;
      case SCRATCH, WEIGHTS -> Kind.SCRATCH;
    };
  }
}
