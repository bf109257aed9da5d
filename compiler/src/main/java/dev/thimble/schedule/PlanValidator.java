package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.kernel.Kernel;
import dev.thimble.schedule.MemoryPlan.Placed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Proves a plan. It shares no code with the planner: it runs through the schedule, notes when each
 * value is written and read, and demands of the buffers what it noted.
 *
 * <p>Proved are: every node runs once, after what it reads; every value that is written or read
 * lies in one buffer that is large enough, aligned, and in use at those steps; values share a
 * buffer only one after the other, or where a kernel may overwrite its first operand and nothing
 * reads the operand later; no two buffers that are in use at the same step overlap; all lie inside
 * the arena; each ring still has every row when it is read; each step has its scratch; the lower
 * bound is the largest sum in use.
 */
public final class PlanValidator {
  private final MemoryPlan plan;
  private final Graph graph;
  private final List<Step> steps;
  private final int end;

  /** For each value that lies whole in memory, the steps that write or read it. */
  private final Map<Value, List<Integer>> uses = new LinkedHashMap<>();

  private final Map<Value, Placed> places = new HashMap<>();

  private PlanValidator(MemoryPlan plan) {
    this.plan = plan;
    this.graph = plan.schedule().graph();
    this.steps = plan.schedule().steps();
    this.end = steps.size();
  }

  /** The plan itself; throws {@link ScheduleException}, with the buffers' names, if it is wrong. */
  public static MemoryPlan validate(MemoryPlan plan) {
    new PlanValidator(plan).prove();
    return plan;
  }

  private void prove() {
    indexPlaces();
    replay();
    uses.forEach(this::provePlace);
    plan.buffers().forEach(this::proveSharing);
    for (int i = 0; i < end; i++) {
      proveScratch(i);
      if (steps.get(i) instanceof Step.Stream stream) {
        StreamProof.prove(stream, i, places);
      }
    }
    plan.buffers().forEach(this::proveInside);
    proveApart(plan.buffers());
    proveBound();
  }

  private void indexPlaces() {
    for (Placed placed : plan.buffers()) {
      for (Value value : placed.buffer().values()) {
        require(places.put(value, placed) == null, "'" + value.name() + "' lies in two buffers");
      }
    }
  }

  /** Runs through the steps as the C program will, and notes every access to memory. */
  private void replay() {
    Set<Node> done = new HashSet<>();
    graph.inputs().forEach(input -> use(input, -1));
    for (int i = 0; i < end; i++) {
      Set<Value> inside = new HashSet<>();
      List<Node> nodes = steps.get(i).nodes();
      for (Node node : nodes) {
        require(done.add(node), node.place() + " runs twice");
        for (Value input : node.inputs()) {
          if (!graph.isConstant(input) && !inside.contains(input)) {
            require(
                uses.containsKey(input),
                node.place() + " runs before '" + input.name() + "' is computed");
            use(input, i);
          }
        }
        inside.addAll(node.outputs());
      }
      for (Node node : nodes.subList(0, nodes.size() - 1)) {
        requireReadOnlyBy(node, nodes);
      }
      int step = i;
      nodes.getLast().outputs().forEach(output -> use(output, step));
    }
    for (Node node : graph.nodes()) {
      require(done.contains(node), node.place() + " never runs");
    }
    require(done.size() == graph.nodes().size(), "a step runs a node of another graph");
    graph.outputs().forEach(output -> use(output, end));
  }

  private void use(Value value, int step) {
    uses.computeIfAbsent(value, v -> new ArrayList<>()).add(step);
  }

  private void requireReadOnlyBy(Node node, List<Node> nodes) {
    for (Value output : node.outputs()) {
      require(
          !graph.outputs().contains(output) && nodes.containsAll(graph.readers(output)),
          "'" + output.name() + "' is needed outside of its step, which does not store it");
    }
  }

  private void provePlace(Value value, List<Integer> at) {
    Placed placed = places.get(value);
    if (placed == null) {
      throw new ScheduleException("'" + value.name() + "' has no memory");
    }
    Buffer buffer = placed.buffer();
    require(
        buffer.bytes() >= value.type().bytes(),
        "buffer '" + buffer.name() + "' is too small for '" + value.name() + "'");
    require(
        placed.offset() % value.type().dtype().bytes() == 0,
        "buffer '" + buffer.name() + "' is not aligned for '" + value.name() + "'");
    for (int step : at) {
      require(
          buffer.first() <= step && step <= buffer.last(),
          String.format(
              Locale.ROOT,
              "'%s' is used at step %d, but buffer '%s' only from %d to %d",
              value.name(),
              step,
              buffer.name(),
              buffer.first(),
              buffer.last()));
    }
  }

  /** Values in one buffer follow each other: the later is written when the earlier is done with. */
  private void proveSharing(Placed placed) {
    List<Value> values = placed.buffer().values();
    for (int i = 1; i < values.size(); i++) {
      Value earlier = values.get(i - 1);
      Value later = values.get(i);
      List<Integer> earlierUses = uses.getOrDefault(earlier, List.of());
      List<Integer> laterUses = uses.getOrDefault(later, List.of());
      require(
          !earlierUses.isEmpty() && !laterUses.isEmpty(),
          "buffer '" + placed.buffer().name() + "' holds a ring and other values");
      int lastRead = Collections.max(earlierUses);
      int written = laterUses.getFirst();
      require(
          lastRead < written || (lastRead == written && mayOverwrite(written, earlier, later)),
          String.format(
              Locale.ROOT,
              "'%s' overwrites '%s' in buffer '%s' at step %d, which is still needed",
              later.name(),
              earlier.name(),
              placed.buffer().name(),
              written));
    }
  }

  private boolean mayOverwrite(int step, Value operand, Value output) {
    if (step < 0 || step >= end) {
      return false;
    }
    Kernel kernel =
        switch (steps.get(step)) {
          case Step.Whole whole -> whole.kernel();
          case Step.FusedPool fused -> fused.kernel();
          case Step.Stream stream ->
              throw new ScheduleException(
                  "'" + output.name() + "' is streamed and overwrites '" + operand.name() + "'");
        };
    List<Value> inputs = steps.get(step).nodes().getFirst().inputs();
    return kernel.inPlace()
        && steps.get(step).outputs().equals(List.of(output))
        && inputs.get(kernel.operands().getFirst()).equals(operand)
        && inputs.stream().filter(operand::equals).count() == 1
        && output.type().bytes() <= operand.type().bytes();
  }

  private void proveScratch(int step) {
    int needed = 0;
    switch (steps.get(step)) {
      case Step.Whole whole -> needed = whole.kernel().scratchBytes();
      case Step.FusedPool fused -> needed = fused.kernel().scratchBytes();
      case Step.Stream stream -> {
        for (Step.Stage stage : stream.stages()) {
          needed = Math.max(needed, stage.kernel().scratchBytes());
        }
      }
    }
    if (needed == 0) {
      return;
    }
    Placed placed = plan.scratch().get(step);
    if (placed == null || !plan.buffers().contains(placed)) {
      throw new ScheduleException("step " + step + " has no scratch");
    }
    Buffer buffer = placed.buffer();
    require(
        buffer.bytes() >= needed && buffer.first() <= step && step <= buffer.last(),
        "scratch '" + buffer.name() + "' does not serve step " + step);
    require(
        buffer.values().isEmpty() && placed.offset() % 4 == 0,
        "scratch '" + buffer.name() + "' holds values or is not aligned");
  }

  private void proveInside(Placed placed) {
    Buffer buffer = placed.buffer();
    require(
        placed.offset() >= 0 && placed.offset() + buffer.bytes() <= plan.arenaBytes(),
        String.format(
            Locale.ROOT,
            "buffer '%s' at %d, %d bytes, lies outside of the arena of %d bytes",
            buffer.name(),
            placed.offset(),
            buffer.bytes(),
            plan.arenaBytes()));
    require(
        placed.offset() % buffer.alignment() == 0,
        String.format(
            Locale.ROOT,
            "buffer '%s' at %d is not aligned to %d",
            buffer.name(),
            placed.offset(),
            buffer.alignment()));
    require(
        -1 <= buffer.first() && buffer.first() <= buffer.last() && buffer.last() <= end,
        "buffer '" + buffer.name() + "' is in use at steps that do not exist");
  }

  /** Throws {@link ScheduleException} when two of the buffers are in use at once and overlap. */
  static void proveApart(List<Placed> buffers) {
    for (int i = 0; i < buffers.size(); i++) {
      Buffer a = buffers.get(i).buffer();
      long startA = buffers.get(i).offset();
      for (int j = i + 1; j < buffers.size(); j++) {
        Buffer b = buffers.get(j).buffer();
        long startB = buffers.get(j).offset();
        boolean sameTime = a.first() <= b.last() && b.first() <= a.last();
        boolean samePlace = startA < startB + b.bytes() && startB < startA + a.bytes();
        if (sameTime && samePlace) {
          throw new ScheduleException(
              String.format(
                  Locale.ROOT,
                  "buffers '%s' at %d, %d bytes, and '%s' at %d, %d bytes, overlap at step %d",
                  a.name(),
                  startA,
                  a.bytes(),
                  b.name(),
                  startB,
                  b.bytes(),
                  Math.max(a.first(), b.first())));
        }
      }
    }
  }

  private void proveBound() {
    long largest =
        IntStream.rangeClosed(-1, end)
            .mapToLong(step ->
                plan.buffers().stream()
                    .map(Placed::buffer)
                    .filter(b -> b.first() <= step && step <= b.last())
                    .mapToLong(Buffer::bytes)
                    .sum())
            .max()
            .orElse(0);
    require(
        plan.lowerBound() == largest && largest <= plan.arenaBytes(),
        String.format(Locale.ROOT, "the lower bound is %d, not %d", largest, plan.lowerBound()));
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new ScheduleException(message);
    }
  }
}
