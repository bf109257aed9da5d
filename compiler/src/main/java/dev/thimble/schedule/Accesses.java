package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An estimate of the bytes that one inference reads and writes in each buffer: what decides which
 * buffers deserve the fastest memory. Filters are taken to read their operand once for four output
 * channels, as the portable kernels do, and their weights once for each product.
 */
final class Accesses {
  private static final int CHANNELS_AT_ONCE = 4;

  private final Schedule schedule;
  private final Map<Value, Long> values = new HashMap<>();
  private final Map<Node, Long> scratch = new HashMap<>();

  Accesses(Schedule schedule) {
    this.schedule = schedule;
    for (Value input : schedule.graph().inputs()) {
      values.merge(input, input.type().bytes(), Long::sum);
    }
    for (Step step : schedule.steps()) {
      switch (step) {
        case Step.Single single -> call(single.nodes(), single.kernel());
        case Step.Stream stream -> stream.stages().forEach(s -> call(s.nodes(), s.kernel()));
      }
    }
  }

  private void call(List<Node> nodes, Kernel kernel) {
    Graph graph = schedule.graph();
    for (Value written : nodes.getLast().outputs()) {
      values.merge(written, written.type().bytes(), Long::sum);
    }
    List<Value> operands = nodes.getFirst().inputs();
    for (int operand : kernel.operands()) {
      Value read = operands.get(operand);
      if (!graph.isConstant(read)) {
        long bytes = Math.max(read.type().bytes(), macs(nodes) / CHANNELS_AT_ONCE);
        values.merge(read, bytes, Long::sum);
      }
    }
    long passes = kernel.form() instanceof Form.Reduce reduce ? reduce.rows() : 1;
    scratch.put(nodes.getFirst(), 2 * passes * kernel.scratchBytes());
  }

  private static long macs(List<Node> nodes) {
    return nodes.stream().mapToLong(Node::macs).sum();
  }

  /** The bytes that are read and written in a buffer; of a value's rows, in all of them. */
  long of(Buffer buffer) {
    return switch (buffer.kind()) {
      case INPUT, OUTPUT, ACTIVATION ->
          buffer.value().map(value -> values.getOrDefault(value, 0L)).orElse(0L);
      case SCRATCH -> buffer.scratchOf().map(node -> scratch.getOrDefault(node, 0L)).orElse(0L);
      case WEIGHTS -> {
        Step step = schedule.steps().get(buffer.last());
        yield buffer.bytes() + Math.max(buffer.bytes(), macs(step.nodes()));
      }
      case STATE -> buffer.value().map(this::state).orElseGet(() -> progress(buffer));
    };
  }

  /** A state's memory is read as its current content and written as its next. */
  private long state(Value current) {
    return schedule.graph().states().stream()
        .filter(state -> state.current().equals(current))
        .mapToLong(
            state -> values.getOrDefault(current, 0L) + values.getOrDefault(state.next(), 0L))
        .sum();
  }

  private long progress(Buffer buffer) {
    return buffer.bytes()
        * (schedule.steps().getFirst() instanceof Step.Stream stream
            ? stream.order().turns().size()
            : 1);
  }
}
