package dev.thimble.schedule;

import dev.thimble.graph.Node;
import dev.thimble.graph.State;
import dev.thimble.graph.Value;
import dev.thimble.kernel.Kernel;
import dev.thimble.schedule.offsets.Block;
import dev.thimble.schedule.offsets.Clearance;
import dev.thimble.schedule.offsets.Part;
import dev.thimble.schedule.offsets.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The buffers that a schedule needs, and the problem of placing them.
 *
 * @param problem its blocks are the buffers', in their order
 */
record Buffers(List<Buffer> buffers, Problem problem) {
  /** What {@link Kernel#scratchBytes} promises the kernel. */
  static final int SCRATCH_ALIGNMENT = Kernel.SCRATCH_ALIGNMENT;

  /** Which outputs may lie where an operand dies. */
  enum Sharing {
    NONE,
    /** Those of kernels that overwrite their first operand. */
    IN_PLACE,
    /** All, as far as the order in which kernels read allows. */
    OVERLAP
  }

  /** How the rows of a stream's maps share memory. */
  enum Slots {
    /** As few slots as the rows that are in use together; a slot serves rows in turns. */
    FEWEST,
    /** As many slots as rows are made in some repetitions of the stream's steady state. */
    PERIODIC,
    /** A place of its own for each row, which other maps' rows may have before and after. */
    EACH_ROW
  }

  static Buffers of(Schedule schedule, Sharing sharing, Slots slots) {
    return of(schedule, sharing, slots, WeightCopies.NONE);
  }

  static Buffers of(Schedule schedule, Sharing sharing, Slots slots, WeightCopies copies) {
    return new Builder(schedule, sharing, slots, copies).build();
  }

  private static final class Builder {
    private final Schedule schedule;
    private final Slots slots;
    private final WeightCopies copies;
    private final Timeline timeline;
    private final LiveRanges ranges;
    private final Alignments alignments;
    private final Map<Value, Integer> numbers = new HashMap<>();
    private final List<Buffer> buffers = new ArrayList<>();
    private Map<Value, Integer> periods = Map.of();

    Builder(Schedule schedule, Sharing sharing, Slots slots, WeightCopies copies) {
      this.schedule = schedule;
      this.slots = slots;
      this.copies = copies;
      this.timeline = Timeline.of(schedule);
      this.ranges = new LiveRanges(schedule, timeline, sharing);
      this.alignments = Alignments.of(schedule);
    }

    Buffers build() {
      for (Value value : schedule.graph().inputs()) {
        if (schedule.fed().filter(fed -> fed.value().equals(value)).isEmpty()) {
          whole(value);
        }
      }
      schedule.graph().states().forEach(this::state);
      for (int step = 0; step < schedule.steps().size(); step++) {
        switch (schedule.steps().get(step)) {
          case Step.Single single -> single(step, single);
          case Step.Stream stream -> stream(step, stream);
        }
        weights(step);
      }
      List<Clearance> clearances =
          ranges.rules().stream()
              .filter(rule -> number(rule.operand()) != number(rule.output()))
              .map(rule ->
                  new Clearance(
                      number(rule.operand()), number(rule.output()), rule.low(), rule.high()))
              .toList();
      List<Block> blocks = buffers.stream().map(Buffer::block).toList();
      return new Buffers(Collections.unmodifiableList(buffers), new Problem(blocks, clearances));
    }

    private int number(Value value) {
      Integer number = numbers.get(value);
      if (number == null) {
        throw new IllegalArgumentException("'" + value.name() + "' has no buffer of its own");
      }
      return number;
    }

    private void single(int step, Step.Single single) {
      single.outputs().forEach(this::whole);
      if (single.kernel().scratchBytes() > 0) {
        Part part =
            new Part(0, single.kernel().scratchBytes(), timeline.first(step), timeline.last(step));
        scratch(single.nodes(), List.of(part));
      }
    }

    private void stream(int step, Step.Stream stream) {
      Map<Value, RowUse> uses = RowUse.of(stream);
      periods = slots == Slots.PERIODIC ? Periods.of(stream, uses) : Map.of();
      int start = timeline.first(step);
      if (stream.fed().isPresent()) {
        progress(step, stream);
        rows(stream.fed().get().value(), stream.fed().get().kept(), uses, start);
      }
      for (int i = 0; i < stream.stages().size(); i++) {
        Step.Stage stage = stream.stages().get(i);
        rows(stage.output(), stage.kept(), uses, start);
        if (stage.kernel().scratchBytes() > 0) {
          scratch(stage.nodes(), ScratchUse.parts(stream, i, start));
        }
      }
    }

    private int slots(Value value, RowUse use) {
      return switch (slots) {
        case FEWEST -> use.fewestSlots();
        case PERIODIC -> Math.min(use.rowsMade(), periods.getOrDefault(value, use.rowsMade()));
        case EACH_ROW -> use.rowsMade();
      };
    }

    private void rows(Value value, boolean kept, Map<Value, RowUse> uses, int start) {
      RowUse use = Optional.ofNullable(uses.get(value)).orElseThrow();
      if (kept) {
        whole(value);
      } else {
        int count = slots(value, use);
        for (int slot = 0; slot < count; slot++) {
          List<Part> parts = use.slotParts(slot, count, start);
          Block block = new Block(value.name() + " row " + slot, alignment(value), parts);
          add(kind(value), Optional.of(value), Optional.empty(), slot, block);
        }
      }
    }

    /**
     * What a stream that is fed remembers is in use until all rows are there, and again at the end,
     * when it is written anew to say so.
     */
    private void progress(int step, Step.Stream stream) {
      int width = Progress.fieldBytes(schedule);
      long bytes = (long) Progress.fields(stream) * width;
      List<Part> parts =
          List.of(
              new Part(0, bytes, Timeline.BEFORE, timeline.last(step)),
              new Part(0, bytes, timeline.after(), timeline.after()));
      Block block = new Block("progress", width, parts);
      add(Buffer.Kind.STATE, Optional.empty(), Optional.empty(), Buffer.WHOLE, block);
    }

    /** Both contents of a state have one place. */
    private void state(State state) {
      numbers.put(state.current(), buffers.size());
      numbers.put(state.next(), buffers.size());
      int alignment = Math.max(alignment(state.current()), alignment(state.next()));
      Block block = new Block(state.current().name(), alignment, ranges.parts(state));
      add(Buffer.Kind.STATE, Optional.of(state.current()), Optional.empty(), Buffer.WHOLE, block);
    }

    private void whole(Value value) {
      if (numbers.containsKey(value)) {
        return; // It is what a state becomes.
      }
      numbers.put(value, buffers.size());
      Block block = new Block(value.name(), alignment(value), ranges.parts(value));
      add(kind(value), Optional.of(value), Optional.empty(), Buffer.WHOLE, block);
    }

    /** Two copies that follow each other are in use together, and so take turns in memory. */
    private void weights(int step) {
      WeightLayout layout = WeightLayout.of(schedule.steps().get(step));
      if (copies != WeightCopies.NONE && !layout.isEmpty()) {
        boolean fed = schedule.fed().isPresent();
        boolean ahead = copies == WeightCopies.AHEAD && step > (fed ? 1 : 0);
        int first = fed && step == 0 ? Timeline.BEFORE : timeline.first(ahead ? step - 1 : step);
        Part part = new Part(0, layout.bytes(), first, timeline.last(step));
        String name = schedule.steps().get(step).nodes().getFirst().name() + " weights";
        Block block = new Block(name, RegionArena.ALIGNMENT, List.of(part));
        add(Buffer.Kind.WEIGHTS, Optional.empty(), Optional.empty(), Buffer.WHOLE, block);
      }
    }

    private void scratch(List<Node> nodes, List<Part> parts) {
      Block block = new Block(nodes.getLast().name() + " scratch", SCRATCH_ALIGNMENT, parts);
      add(
          Buffer.Kind.SCRATCH,
          Optional.empty(),
          Optional.of(nodes.getFirst()),
          Buffer.WHOLE,
          block);
    }

    private void add(
        Buffer.Kind kind, Optional<Value> value, Optional<Node> node, int slot, Block block) {
      int first = timeline.step(block.first());
      buffers.add(new Buffer(kind, value, node, slot, block, first, timeline.step(block.last())));
    }

    private Buffer.Kind kind(Value value) {
      if (schedule.graph().inputs().contains(value)) {
        return Buffer.Kind.INPUT;
      }
      return schedule.graph().isOutput(value) ? Buffer.Kind.OUTPUT : Buffer.Kind.ACTIVATION;
    }

    private int alignment(Value value) {
      return alignments.of(value);
    }
  }
}
