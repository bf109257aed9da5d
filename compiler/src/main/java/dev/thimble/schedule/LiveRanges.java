package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.State;
import dev.thimble.graph.Value;
import dev.thimble.schedule.Buffers.Sharing;
import dev.thimble.schedule.offsets.Part;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * From when until when each byte of the values that lie whole in memory is in use, and how near an
 * output may come to an operand that dies in the call that writes it.
 */
final class LiveRanges {
  /**
   * The distance from the operand's start to the output's, in bytes, must not lie strictly between
   * {@code low} and {@code high}.
   */
  record Rule(Value operand, Value output, long low, long high) {}

  /** A tick for each run of so many bytes of a value. */
  private record Ticks(long runBytes, int[] ticks) {
    static Ticks same(Value value, int tick) {
      return new Ticks(Math.max(1, value.type().bytes()), new int[] {tick});
    }

    int at(long offset) {
      return ticks[(int) (offset / runBytes)];
    }

    long runEnd(long offset) {
      return (offset / runBytes + 1) * runBytes;
    }
  }

  private final Schedule schedule;
  private final Graph graph;
  private final Timeline timeline;
  private final Sharing sharing;
  private final Map<Value, Ticks> births = new HashMap<>();

  /** Of what a stream leaves behind, when the stream itself makes or last reads it. */
  private final Map<Value, Ticks> inside = new HashMap<>();

  private final Map<Value, List<Integer>> readers = new HashMap<>();
  private final Map<Integer, Map<Value, RowUse>> uses = new HashMap<>();
  private final Map<Value, List<Part>> parts = new HashMap<>();
  private final List<Rule> rules = new ArrayList<>();

  /**
   * Throws {@link ScheduleException} when a graph output is no node's output: it would have no
   * memory of its own.
   */
  LiveRanges(Schedule schedule, Timeline timeline, Sharing sharing) {
    this.schedule = schedule;
    this.graph = schedule.graph();
    this.timeline = timeline;
    this.sharing = sharing;
    for (Value output : kept(graph)) {
      if (graph.producer(output).isEmpty()) {
        throw new ScheduleException(
            "graph output '"
                + output.name()
                + "' is not computed by a node; copy it with a reshape");
      }
    }
    Set<Value> fed = new HashSet<>();
    for (int step = 0; step < schedule.steps().size(); step++) {
      enter(step, schedule.steps().get(step), fed);
    }
    for (Value input : graph.inputs()) {
      if (!fed.contains(input)) {
        births.put(input, Ticks.same(input, Timeline.BEFORE));
      }
    }
    for (State state : graph.states()) {
      births.put(state.current(), Ticks.same(state.current(), Timeline.BEFORE));
    }
    births.keySet().forEach(value -> parts.put(value, life(value)));
  }

  private static List<Value> kept(Graph graph) {
    List<Value> kept = new ArrayList<>(graph.outputs());
    graph.states().forEach(state -> kept.add(state.next()));
    return kept;
  }

  private void enter(int index, Step step, Set<Value> fed) {
    for (Value read : reads(graph, step)) {
      readers.computeIfAbsent(read, v -> new ArrayList<>()).add(index);
    }
    switch (step) {
      case Step.Single single ->
          single.outputs().forEach(v -> births.put(v, Ticks.same(v, timeline.last(index))));
      case Step.Stream stream -> {
        Map<Value, RowUse> rows = RowUse.of(stream);
        uses.put(index, rows);
        stream.fed().ifPresent(f -> fed.add(f.value()));
        for (Value output : stream.outputs()) {
          RowUse use = use(rows, output);
          births.put(output, ticks(use, use.made(), timeline.first(index)));
          inside.put(output, ticks(use, use.last(), timeline.first(index)));
        }
      }
    }
  }

  private static RowUse use(Map<Value, RowUse> rows, Value value) {
    RowUse use = rows.get(value);
    if (use == null) {
      throw new IllegalArgumentException("'" + value.name() + "' takes no part in the stream");
    }
    return use;
  }

  private static Ticks ticks(RowUse use, int[] turns, int start) {
    int[] ticks = turns.clone();
    for (int row = 0; row < ticks.length; row++) {
      ticks[row] += start;
    }
    return new Ticks(use.rowBytes(), ticks);
  }

  /** The values that a step reads from memory: neither constants nor its own nodes' outputs. */
  static Set<Value> reads(Graph graph, Step step) {
    Set<Value> reads = new LinkedHashSet<>();
    Set<Value> within = new HashSet<>();
    for (Node node : step.nodes()) {
      for (Value input : node.inputs()) {
        if (!graph.isConstant(input) && !within.contains(input)) {
          reads.add(input);
        }
      }
      within.addAll(node.outputs());
    }
    return reads;
  }

  /** Whether the value lies whole in memory. */
  boolean isWhole(Value value) {
    return parts.containsKey(value);
  }

  /** When each of the value's bytes is in use. */
  List<Part> parts(Value value) {
    List<Part> life = parts.get(value);
    if (life == null) {
      throw new IllegalArgumentException("'" + value.name() + "' does not lie whole in memory");
    }
    return life;
  }

  /**
   * When each byte of a state's memory is in use: its current content until it has been read for
   * the last time, and its next content from when it is written.
   */
  List<Part> parts(State state) {
    List<Part> next = parts(state.next());
    int written = next.stream().mapToInt(Part::first).min().orElseThrow();
    List<Part> life = new ArrayList<>();
    for (Part part : parts(state.current())) {
      // A call that overwrites its operand ends the one content as it begins the other.
      int last = Math.min(part.last(), written - 1);
      life.add(new Part(part.offset(), part.bytes(), part.first(), last));
    }
    life.addAll(next);
    return life;
  }

  /** What holds between operands and outputs that may overlap. */
  List<Rule> rules() {
    return Collections.unmodifiableList(rules);
  }

  private List<Part> life(Value value) {
    Ticks births = this.births.getOrDefault(value, Ticks.same(value, Timeline.BEFORE));
    Ticks inside = this.inside.getOrDefault(value, births);
    Ticks deaths = deaths(value);
    List<Part> life = new ArrayList<>();
    long bytes = value.type().bytes();
    for (long offset = 0; offset < bytes; ) {
      long end = Math.min(bytes, Math.min(births.runEnd(offset), deaths.runEnd(offset)));
      int first = births.at(offset);
      int last = Math.max(inside.at(offset), deaths.at(offset));
      if (!life.isEmpty() && life.getLast().first() == first && life.getLast().last() == last) {
        Part before = life.removeLast();
        life.add(new Part(before.offset(), end - before.offset(), first, last));
      } else {
        life.add(new Part(offset, end - offset, first, last));
      }
      offset = end;
    }
    return List.copyOf(life);
  }

  private Ticks deaths(Value value) {
    List<Integer> steps = readers.getOrDefault(value, List.of());
    if (graph.isOutput(value)) {
      return Ticks.same(value, timeline.after());
    }
    if (steps.isEmpty()) {
      return Ticks.same(value, Timeline.BEFORE);
    }
    int step = steps.getLast();
    return switch (schedule.steps().get(step)) {
      case Step.Single single ->
          Ticks.same(value, gives(single, value) ? timeline.first(step) : timeline.last(step));
      case Step.Stream stream -> {
        int before =
            steps.size() > 1 ? timeline.last(steps.get(steps.size() - 2)) : Timeline.BEFORE;
        yield lastReads(step, value, before);
      }
    };
  }

  private Ticks lastReads(int step, Value value, int before) {
    RowUse use = uses.getOrDefault(step, Map.of()).get(value);
    if (use == null) {
      return Ticks.same(value, timeline.last(step));
    }
    int[] ticks = use.last().clone();
    for (int row = 0; row < ticks.length; row++) {
      ticks[row] = ticks[row] == RowUse.BEFORE ? before : timeline.first(step) + ticks[row];
    }
    return new Ticks(use.rowBytes(), ticks);
  }

  /** Whether the operand, which dies in this call, gives memory to the output; notes the rules. */
  private boolean gives(Step.Single single, Value operand) {
    if (sharing == Sharing.NONE
        || (sharing == Sharing.IN_PLACE && !Overlap.overwrites(single, operand))) {
      return false;
    }
    Optional<Overlap.Room> room = Overlap.room(single, operand);
    if (room.isEmpty()) {
      return false;
    }
    Value output = Overlap.partner(single, operand);
    long in = operand.type().bytes();
    for (Value other : single.outputs()) {
      if (!other.equals(output)) {
        rules.add(new Rule(operand, other, -other.type().bytes(), in));
      }
    }
    switch (room.get()) {
      case Overlap.Room.Anywhere anywhere -> {}
      case Overlap.Room.Behind behind -> rules.add(new Rule(operand, output, behind.limit(), in));
      case Overlap.Room.Same same -> {
        rules.add(new Rule(operand, output, -output.type().bytes(), 0));
        rules.add(new Rule(operand, output, 0, in));
      }
    }
    return true;
  }
}
