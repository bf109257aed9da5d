package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.State;
import dev.thimble.graph.Value;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.schedule.MemoryPlan.Place;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Proves a plan by playing it: every write of the program is made to a shadow of the arena, and
 * every byte that is read must still be what its writer left. It shares no code with what makes
 * plans: it knows where things lie, in which order kernels run, and what forms of kernels promise.
 */
public final class PlanValidator {
  private static final String PROGRESS = "the stream's progress";

  private final MemoryPlan plan;
  private final Graph graph;
  private final ShadowArena shadow;
  private final Set<Node> done = new HashSet<>();

  private PlanValidator(MemoryPlan plan) {
    this.plan = plan;
    this.graph = plan.schedule().graph();
    this.shadow =
        new ShadowArena(plan.arenaBytes(), plan.regions().stream().map(RegionArena::end).toList());
  }

  /** The plan itself; throws {@link ScheduleException}, with what is destroyed, if it is wrong. */
  public static MemoryPlan validate(MemoryPlan plan) {
    new PlanValidator(plan).play();
    return plan;
  }

  private void play() {
    require(plan.lowerBound() <= plan.arenaBytes(), "the lower bound is above the arena's size");
    AlignmentCheck.check(plan);
    Optional<Value> fed = plan.schedule().fed().map(Step.Fed::value);
    graph.inputs().stream().filter(i -> !fed.equals(Optional.of(i))).forEach(this::writeWhole);
    graph.states().forEach(state -> writeWhole(state.current()));
    plan.schedule().fed().ifPresent(f -> writeProgress());
    copyWeights(-1);
    int index = 0;
    for (Step step : plan.schedule().steps()) {
      copyWeights(index);
      step.nodes().forEach(node -> require(done.add(node), node.place() + " runs twice"));
      switch (step) {
        case Step.Single single -> new SingleCall(single).play();
        case Step.Stream stream -> new Turns(stream).play();
      }
      requireWeights(index++);
      if (step instanceof Step.Stream stream && stream.fed().isPresent()) {
        requireProgress();
      }
    }
    graph.nodes().forEach(node -> require(done.contains(node), node.place() + " never runs"));
    plan.schedule().fed().ifPresent(f -> writeProgress());
    graph.outputs().forEach(output -> requireWhole(output, "after the last step"));
    for (State state : graph.states()) {
      String name = state.next().name();
      requireWhole(state.next(), "after the last step");
      require(
          offset(state.next()) == offset(state.current()),
          "'" + name + "' is not where the state is that it becomes");
    }
  }

  /** A copy may be under way from here until its step: its bytes are taken at once. */
  private void copyWeights(int from) {
    for (WeightCopy copy : plan.copies()) {
      if (copy.from() == from) {
        shadow.write(copy.offset(), copy.bytes(), new Written.Weights(copy.step()));
      }
    }
  }

  private void requireWeights(int step) {
    for (WeightCopy copy : plan.copies()) {
      if (copy.step() == step) {
        require(
            shadow.holds(copy.offset(), copy.bytes(), new Written.Weights(step)),
            new Written.Weights(step) + " are overwritten, or were never copied");
      }
    }
  }

  private long progressBytes() {
    if (plan.schedule().steps().getFirst() instanceof Step.Stream first) {
      return (long) Progress.fields(first) * Progress.fieldBytes(plan.schedule());
    }
    throw new ScheduleException("rows are fed to a schedule that does not begin with a stream");
  }

  private void writeProgress() {
    shadow.write(plan.progress().orElse(-1), progressBytes(), PROGRESS);
  }

  private void requireProgress() {
    require(
        shadow.holds(plan.progress().orElse(-1), progressBytes(), PROGRESS),
        PROGRESS + " is overwritten");
  }

  private long offset(Value value) {
    if (plan.places().get(value) instanceof Place.Whole whole) {
      return whole.offset();
    }
    throw new ScheduleException("'" + value.name() + "' does not lie whole in the arena");
  }

  private void writeWhole(Value value) {
    shadow.write(offset(value), value.type().bytes(), value);
  }

  private void requireWhole(Value value, String when) {
    require(
        shadow.holds(offset(value), value.type().bytes(), value),
        "'" + value.name() + "' is overwritten, or was never computed, " + when);
  }

  private void scratch(Kernel kernel, List<Node> nodes) {
    if (kernel.scratchBytes() > 0) {
      shadow.write(
          scratchOffset(nodes), kernel.scratchBytes(), new Written.Scratch(nodes.getFirst()));
    }
  }

  private void requireScratch(Kernel kernel, List<Node> nodes) {
    Written owner = new Written.Scratch(nodes.getFirst());
    require(
        kernel.scratchBytes() == 0
            || shadow.holds(scratchOffset(nodes), kernel.scratchBytes(), owner),
        owner + " is overwritten while it is in use");
  }

  private long scratchOffset(List<Node> nodes) {
    Long offset = plan.scratch().get(nodes.getFirst());
    require(offset != null, "scratch of " + nodes.getFirst().place() + " has no memory");
    long at = Objects.requireNonNull(offset);
    require(
        at % Buffers.SCRATCH_ALIGNMENT == 0,
        new Written.Scratch(nodes.getFirst()) + " is not aligned");
    return at;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new ScheduleException(message);
    }
  }

  /** A call whose operands and output are whole. */
  private final class SingleCall {
    private final Step.Single single;
    private final Kernel kernel;
    private final List<Value> operands;
    private final String when;

    SingleCall(Step.Single single) {
      this.single = single;
      this.kernel = single.kernel();
      Node first = single.nodes().getFirst();
      this.operands = kernel.operands().stream().map(first.inputs()::get).toList();
      this.when = "when " + first.place() + " reads it";
    }

    void play() {
      scratch(kernel, single.nodes());
      Set<Value> within = new HashSet<>();
      for (Node node : single.nodes()) {
        node.inputs().stream()
            .filter(input -> !graph.isConstant(input) && !within.contains(input))
            .forEach(input -> requireWhole(input, when));
        within.addAll(node.outputs());
      }
      if (single.outputs().size() > 1) {
        several();
        requireScratch(kernel, single.nodes());
        return;
      }
      Value output = single.outputs().getFirst();
      if (operands.stream().noneMatch(operand -> meets(operand, output))) {
        single.outputs().forEach(PlanValidator.this::writeWhole);
      } else {
        switch (kernel.form()) {
          case Form.Tile tile -> columns(tile, output);
          case Form.Reduce reduce -> {
            require(reduce.batch() == 1, "an output is written " + when + " for the next entry");
            writeWhole(output);
          }
          case Form.Whole whole -> {
            for (Value operand : operands) {
              require(
                  !meets(operand, output) || overwrites(operand, output, true),
                  "'" + operand.name() + "' is overwritten " + when);
            }
            writeWhole(output);
          }
        }
      }
      requireScratch(kernel, single.nodes());
    }

    /** Of several outputs, each lies apart from all operands but that of its own number. */
    private void several() {
      for (int i = 0; i < single.outputs().size(); i++) {
        Value output = single.outputs().get(i);
        for (int k = 0; k < operands.size(); k++) {
          Value operand = operands.get(k);
          boolean same =
              kernel.inPlace()
                  && i == k
                  && Collections.frequency(operands, operand) == 1
                  && meets(operand, output)
                  && offset(operand) == offset(output);
          require(
              same || !meets(operand, output), "'" + operand.name() + "' is overwritten " + when);
        }
        writeWhole(output);
      }
      single.outputs().forEach(output -> requireWhole(output, "by another output"));
    }

    private boolean meets(Value operand, Value output) {
      if (graph.isConstant(operand)) {
        return false;
      }
      long from = offset(operand);
      long to = offset(output);
      return from < to + output.type().bytes() && to < from + operand.type().bytes();
    }

    private boolean overwrites(Value operand, Value output, boolean same) {
      long distance = offset(output) - offset(operand);
      return kernel.inPlace()
          && operands.indexOf(operand) == 0
          && operands.lastIndexOf(operand) == 0
          && (same ? distance == 0 : distance <= 0);
    }

    /** Writes column by column; what a column needs must be there before and after its writing. */
    private void columns(Form.Tile tile, Value output) {
      int column = tile.rowBytes() / tile.width();
      for (int b = 0; b < tile.batch(); b++) {
        for (int y = 0; y < tile.rows(); y++) {
          for (int x = 0; x < tile.width(); x++) {
            window(tile, output, b, y, x);
            long at = ((long) b * tile.rows() + y) * tile.rowBytes() + (long) x * column;
            shadow.write(offset(output) + at, column, output);
            window(tile, output, b, y, x);
          }
        }
      }
    }

    private void window(Form.Tile tile, Value output, int b, int y, int x) {
      for (int k = 0; k < operands.size(); k++) {
        Value operand = operands.get(k);
        if (graph.isConstant(operand) || overwrites(operand, output, false)) {
          continue;
        }
        Form.Operand rows = tile.operands().get(k);
        Form.Columns columns = rows.columns();
        // A kernel that is called once for all rows may read columns of an earlier row.
        int from = x * columns.stride() - columns.before();
        int skipped = (tile.contiguous() ? from : Math.max(0, from)) * columns.bytes();
        boolean repeated = tile.repeats(rows);
        for (int i = 0; i < tile.window().size(); i++) {
          int row = repeated ? 0 : y * tile.window().stride() - tile.window().before() + i;
          if (row >= 0 && row < rows.rows() && skipped < rows.rowBytes()) {
            long start = ((long) b * rows.rows() + row) * rows.rowBytes();
            long at = Math.max(0, start + skipped);
            require(
                shadow.holds(
                    offset(operand) + at, Math.toIntExact(start + rows.rowBytes() - at), operand),
                "row " + row + " of '" + operand.name() + "' is overwritten " + when);
          }
        }
      }
    }
  }

  /** A stream, turn by turn. */
  private final class Turns {
    private final Step.Stream stream;
    private final int[] taken;
    private int received;

    Turns(Step.Stream stream) {
      this.stream = stream;
      this.taken = new int[stream.stages().size()];
    }

    void play() {
      for (int turn : stream.order().turns()) {
        if (turn == RowOrder.RECEIVE) {
          Step.Fed fed = stream.fed().orElseThrow();
          write(fed.value(), received++, fed.rowBytes());
        } else {
          take(stream.stages().get(turn), taken[turn]++);
        }
      }
      stream
          .fed()
          .ifPresent(f -> require(received == f.rows(), "not all rows of the input arrive"));
      for (int i = 0; i < taken.length; i++) {
        Step.Stage stage = stream.stages().get(i);
        require(
            !stage.kept() || taken[i] == stage.rows().turns(),
            "'" + stage.output().name() + "' is kept, but not all of it is computed");
      }
    }

    private void take(Step.Stage stage, int nth) {
      if (!(stage.kernel().form() instanceof Form.Reduce) || nth == 0) {
        scratch(stage.kernel(), stage.nodes());
      }
      read(stage, nth);
      switch (stage.kernel().form()) {
        case Form.Tile tile -> write(stage.output(), nth, tile.rowBytes());
        case Form.Reduce reduce -> {
          if (nth == reduce.rows() - 1) {
            write(stage.output(), 0, reduce.outputBytes());
          }
        }
        case Form.Whole whole ->
            throw new ScheduleException("'" + stage.output().name() + "' is not computed by rows");
      }
      read(stage, nth);
      requireScratch(stage.kernel(), stage.nodes());
    }

    private void read(Step.Stage stage, int nth) {
      List<Value> operands = stage.operands();
      for (int k = 0; k < operands.size(); k++) {
        Value operand = operands.get(k);
        if (graph.isConstant(operand)) {
          continue;
        }
        switch (stage.kernel().form()) {
          case Form.Tile tile -> {
            Form.Operand rows = tile.operands().get(k);
            boolean repeated = tile.repeats(rows);
            for (int i = 0; i < tile.window().size(); i++) {
              int row = repeated ? 0 : nth * tile.window().stride() - tile.window().before() + i;
              if (row >= 0 && row < rows.rows()) {
                read(stage, operand, row, rows.rowBytes());
              }
            }
          }
          case Form.Reduce reduce -> read(stage, operand, nth, reduce.rowBytes());
          case Form.Whole whole -> requireWhole(operand, "in a stream");
        }
      }
    }

    private void read(Step.Stage stage, Value operand, int row, int bytes) {
      require(
          shadow.holds(place(operand, row, bytes), bytes, owner(operand, row)),
          String.format(
              Locale.ROOT,
              "row %d of '%s' is overwritten, or was never computed, when %s reads it",
              row,
              operand.name(),
              stage.nodes().getFirst().place()));
    }

    private void write(Value to, int row, int bytes) {
      shadow.write(place(to, row, bytes), bytes, owner(to, row));
    }

    private long place(Value value, int row, int bytes) {
      Place place = plan.places().get(value);
      if (place instanceof Place.Rows rows) {
        return rows.slots().get(row % rows.slots().size());
      }
      return offset(value) + (long) row * bytes;
    }

    private Object owner(Value value, int row) {
      return plan.places().get(value) instanceof Place.Rows ? new Written.Row(value, row) : value;
    }
  }
}
