package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The buffers that a schedule needs: values, rings and scratch. */
final class Buffers {
  /** What {@link Kernel#scratchBytes} promises the kernel. */
  static final int SCRATCH_ALIGNMENT = 4;

  /** Which outputs may overwrite their first operand. */
  enum Sharing {
    NONE,
    /** Only outputs as large as the operand: a smaller one would keep the rest from others. */
    EQUAL_SIZE,
    ALL
  }

  private final Schedule schedule;
  private final LiveRanges ranges;
  private final Sharing sharing;

  private Buffers(Schedule schedule, Sharing sharing) {
    this.schedule = schedule;
    this.ranges = LiveRanges.of(schedule);
    this.sharing = sharing;
  }

  /** The buffers in the order of their first use; a step's rings and scratch after its output. */
  static List<Buffer> of(Schedule schedule, Sharing sharing) {
    return new Buffers(schedule, sharing).all();
  }

  /**
   * The buffers under the sharing that keeps the sum in use lowest; of equal ones the most shared.
   */
  static List<Buffer> leanest(Schedule schedule) {
    return Stream.of(Sharing.ALL, Sharing.EQUAL_SIZE, Sharing.NONE)
        .map(sharing -> of(schedule, sharing))
        .min(Comparator.comparingLong(buffers -> new Offsets.Problem(buffers).lowerBound()))
        .orElseThrow();
  }

  private List<Buffer> all() {
    Map<Value, List<Value>> groups = new LinkedHashMap<>();
    schedule.graph().inputs().forEach(v -> groups.put(v, new ArrayList<>(List.of(v))));
    List<Buffer> working = new ArrayList<>();
    for (int i = 0; i < schedule.steps().size(); i++) {
      Step step = schedule.steps().get(i);
      group(i, step, groups);
      if (step instanceof Step.Stream stream) {
        working.addAll(rings(i, stream));
      }
      if (step.scratchBytes() > 0) {
        working.add(scratch(i, step));
      }
    }
    List<Buffer> buffers = new ArrayList<>();
    Set<List<Value>> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
    groups.values().stream().filter(distinct::add).map(this::shared).forEach(buffers::add);
    buffers.addAll(working);
    // The sort is stable: at equal first use, values stay before rings and scratch.
    buffers.sort(Comparator.comparingInt(Buffer::first));
    return Collections.unmodifiableList(buffers);
  }

  private void group(int index, Step step, Map<Value, List<Value>> groups) {
    if (overwrites(index, step)) {
      Value operand = firstOperand(step, Streams.kernel(step).orElseThrow());
      List<Value> group = Objects.requireNonNull(groups.get(operand));
      group.add(step.outputs().getFirst());
      groups.put(step.outputs().getFirst(), group);
    } else {
      step.outputs().forEach(v -> groups.put(v, new ArrayList<>(List.of(v))));
    }
  }

  private boolean overwrites(int index, Step step) {
    Optional<Kernel> kernel = Streams.kernel(step);
    return kernel.isPresent()
        && kernel.get().inPlace()
        && !kernel.get().operands().isEmpty()
        && step.outputs().size() == 1
        && mayOverwrite(index, firstOperand(step, kernel.get()), step);
  }

  private boolean mayOverwrite(int index, Value operand, Step step) {
    Graph graph = schedule.graph();
    if (graph.isConstant(operand)
        || ranges.of(operand).last() != index
        || Collections.frequency(step.nodes().getFirst().inputs(), operand) != 1) {
      return false;
    }
    long from = operand.type().bytes();
    long to = step.outputs().getFirst().type().bytes();
    return switch (sharing) {
      case NONE -> false;
      case EQUAL_SIZE -> to == from;
      case ALL -> to <= from;
    };
  }

  private static Value firstOperand(Step step, Kernel kernel) {
    return step.nodes().getFirst().inputs().get(kernel.operands().getFirst());
  }

  private Buffer shared(List<Value> values) {
    return new Buffer(
        values.getFirst().name(),
        kind(values),
        values,
        values.stream().mapToLong(v -> v.type().bytes()).max().orElseThrow(),
        values.stream().mapToInt(v -> v.type().dtype().bytes()).max().orElseThrow(),
        ranges.of(values.getFirst()).first(),
        ranges.of(values.getLast()).last());
  }

  private Buffer.Kind kind(List<Value> values) {
    Graph graph = schedule.graph();
    if (graph.inputs().contains(values.getFirst())) {
      return Buffer.Kind.INPUT;
    }
    return graph.isOutput(values.getLast()) ? Buffer.Kind.OUTPUT : Buffer.Kind.ACTIVATION;
  }

  private static List<Buffer> rings(int index, Step.Stream stream) {
    List<Buffer> rings = new ArrayList<>();
    for (Step.Stage stage : stream.stages().subList(0, stream.stages().size() - 1)) {
      Value value = stage.output();
      long bytes = (long) stage.ringRows() * ((Form.Tile) stage.kernel().form()).rowBytes();
      int alignment = value.type().dtype().bytes();
      rings.add(
          new Buffer(
              value.name(),
              Buffer.Kind.ACTIVATION,
              List.of(value),
              bytes,
              alignment,
              index,
              index));
    }
    return rings;
  }

  private static Buffer scratch(int index, Step step) {
    Node node = step.nodes().getLast();
    return new Buffer(
        node.name() + " scratch",
        Buffer.Kind.SCRATCH,
        List.of(),
        step.scratchBytes(),
        SCRATCH_ALIGNMENT,
        index,
        index);
  }
}
