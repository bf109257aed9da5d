package dev.thimble.schedule;

import dev.thimble.graph.Value;
import dev.thimble.kernel.Kernel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the addresses of values, and of their rows, are multiples of: all that their kernels ask.
 */
final class Alignments {
  private final Map<Value, Integer> asked = new HashMap<>();

  private Alignments() {}

  static Alignments of(Schedule schedule) {
    Alignments alignments = new Alignments();
    for (Step step : schedule.steps()) {
      switch (step) {
        case Step.Single single ->
            alignments.add(single.kernel(), single.nodes().getFirst().inputs(), single.outputs());
        case Step.Stream stream -> {
          for (Step.Stage stage : stream.stages()) {
            alignments.add(
                stage.kernel(), stage.nodes().getFirst().inputs(), List.of(stage.output()));
          }
        }
      }
    }
    return alignments;
  }

  private void add(Kernel kernel, List<Value> inputs, List<Value> outputs) {
    kernel.operands().forEach(k -> asked.merge(inputs.get(k), kernel.alignment(), Math::max));
    outputs.forEach(output -> asked.merge(output, kernel.alignment(), Math::max));
  }

  int of(Value value) {
    return Math.max(value.type().dtype().bytes(), asked.getOrDefault(value, 1));
  }
}
