package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which consecutive steps of a schedule can run as one stream, and that stream. */
final class Streams {
  /** The generated program names a stage by a byte, two values of which mean something else. */
  static final int MOST_STAGES = 250;

  private Streams() {}

  /**
   * The steps {@code from} to {@code until}, without the latter, as one stream. Nothing if one of
   * them cannot run by rows, or if a value is read by other rows than it is made of, or than
   * another one reads it by.
   *
   * @param schedule whose steps are single calls
   * @param fed the graph input that arrives by rows, if it does so while these steps run; whether
   *     it is kept is decided here
   */
  static Optional<Step.Stream> of(Schedule schedule, int from, int until, Optional<Step.Fed> fed) {
    if (until - from > MOST_STAGES) {
      return Optional.empty();
    }
    Set<Node> within = new HashSet<>();
    schedule.steps().subList(from, until).forEach(step -> within.addAll(step.nodes()));
    // For what is made here, the rows as they are made; for all else, as the first stage reads
    // them.
    Map<Value, Form.Operand> made = new HashMap<>();
    fed.ifPresent(f -> made.put(f.value(), new Form.Operand(f.rows(), f.rowBytes())));
    List<Step.Stage> stages = new ArrayList<>();
    for (Step step : schedule.steps().subList(from, until)) {
      Optional<Step.Stage> stage = stage(schedule.graph(), step, within);
      if (stage.isEmpty() || !agrees(stage.get(), made)) {
        return Optional.empty();
      }
      stages.add(stage.get());
      RowForm rows = stage.get().rows();
      for (int k = 0; k < rows.operands().size(); k++) {
        made.putIfAbsent(stage.get().operands().get(k), rows.operands().get(k));
      }
      made.put(stage.get().output(), new Form.Operand(rows.rows(), rows.rowBytes()));
    }
    Optional<Step.Fed> input =
        fed.map(f ->
            new Step.Fed(
                f.value(), f.rows(), f.rowBytes(), isRead(schedule.graph(), f.value(), within)));
    return Optional.of(new Step.Stream(input, stages, RowOrder.onDemand(input, stages)));
  }

  private static Optional<Step.Stage> stage(Graph graph, Step step, Set<Node> within) {
    if (!(step instanceof Step.Single single) || single.outputs().size() != 1) {
      return Optional.empty();
    }
    Value output = single.outputs().getFirst();
    if (graph.states().stream().anyMatch(state -> state.next().equals(output))) {
      return Optional.empty(); // It overwrites what earlier steps read whole.
    }
    boolean kept = isRead(graph, output, within) || graph.readers(output).isEmpty();
    Kernel kernel = single.streamKernel();
    return RowForm.of(kernel, output)
        .map(rows -> new Step.Stage(single.nodes(), kernel, rows, kept));
  }

  /** Whether something else than these nodes reads the value. */
  private static boolean isRead(Graph graph, Value value, Set<Node> within) {
    return graph.isOutput(value) || !within.containsAll(graph.readers(value));
  }

  private static boolean agrees(Step.Stage stage, Map<Value, Form.Operand> made) {
    List<Value> operands = stage.operands();
    for (int k = 0; k < operands.size(); k++) {
      Form.Operand maker = made.get(operands.get(k));
      Form.Operand read = stage.rows().operands().get(k);
      if (maker != null && (maker.rows() != read.rows() || maker.rowBytes() != read.rowBytes())) {
        return false;
      }
    }
    return true;
  }
}
