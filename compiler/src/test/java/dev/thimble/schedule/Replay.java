package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Runs a plan on made-up numbers, one for each byte: whatever a kernel writes depends on every byte
 * that its form lets it read, before it writes and while it does. A plan is right if all results
 * are the same numbers that come about when nothing shares memory. This judges what the plan's
 * memory does to values; that nodes run once is not looked at.
 */
final class Replay {
  private static final class Destroyed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private final MemoryPlan plan;
  private final Graph graph;
  private final long[] arena;

  /** What every call wrote, as one number. */
  private long written;

  private Replay(MemoryPlan plan, long junk) {
    this.plan = plan;
    this.graph = plan.schedule().graph();
    this.arena = new long[Math.toIntExact(plan.arenaBytes())];
    for (int i = 0; i < arena.length; i++) {
      arena[i] = mix(junk, i);
    }
  }

  /** Whether the outputs are what they are in separate memory. */
  static boolean isRight(MemoryPlan plan) {
    try {
      long[] expected = new Replay(apart(plan), 1).run();
      return Arrays.equals(new Replay(plan, 2).run(), expected);
    } catch (Destroyed | IndexOutOfBoundsException e) {
      return false;
    }
  }

  /** The plan with everything that it places in memory of its own. */
  private static MemoryPlan apart(MemoryPlan plan) {
    long end = 0;
    Map<Value, MemoryPlan.Place> places = new HashMap<>();
    for (Value value : plan.places().keySet()) {
      places.put(value, new MemoryPlan.Place.Whole(end));
      end += value.type().bytes();
    }
    Map<Node, Long> scratch = new HashMap<>();
    for (Step step : plan.schedule().steps()) {
      for (Call call : calls(step)) {
        if (plan.scratch().containsKey(call.first)) {
          scratch.put(call.first, end);
          end += call.kernel.scratchBytes();
        }
      }
    }
    OptionalLong progress = plan.progress().isPresent() ? OptionalLong.of(end) : plan.progress();
    return new MemoryPlan(
        plan.strategy(), plan.schedule(), List.of(), places, scratch, progress, end + 4_096, 0, "");
  }

  private record Call(Node first, Kernel kernel) {}

  private static List<Call> calls(Step step) {
    return switch (step) {
      case Step.Single single -> List.of(new Call(single.nodes().getFirst(), single.kernel()));
      case Step.Stream stream ->
          stream.stages().stream()
              .map(stage -> new Call(stage.nodes().getFirst(), stage.kernel()))
              .toList();
    };
  }

  private long[] run() {
    for (Value input : graph.inputs()) {
      if (plan.schedule().fed().filter(fed -> fed.value().equals(input)).isEmpty()) {
        fill(whole(input), input.type().bytes(), mix(7, graph.inputs().indexOf(input)));
      }
    }
    progress(11);
    for (Step step : plan.schedule().steps()) {
      switch (step) {
        case Step.Single single -> single(single);
        case Step.Stream stream -> {
          stream(stream);
          if (stream.fed().isPresent()) {
            requireProgress(11);
          }
        }
      }
    }
    progress(13);
    List<Long> outputs = new ArrayList<>(List.of(written));
    graph.outputs().forEach(v -> outputs.add(hash(whole(v), v.type().bytes())));
    return outputs.stream().mapToLong(Long::longValue).toArray();
  }

  private void single(Step.Single single) {
    Call call = new Call(single.nodes().getFirst(), single.kernel());
    List<Value> operands = operands(call);
    Value output = single.outputs().getFirst();
    scratch(call);
    long all = number(call.first);
    for (Value operand : operands) {
      all = mix(all, hash(whole(operand), operand.type().bytes()));
    }
    switch (single.kernel().form()) {
      case Form.Tile tile -> columns(call, tile, operands, output, all);
      case Form.Reduce reduce -> fill(whole(output), output.type().bytes(), all);
      case Form.Whole w -> {
        if (operands.stream().noneMatch(v -> overwrites(call, operands, v) && same(v, output))) {
          fill(whole(output), output.type().bytes(), 17);
        }
        long again = number(call.first);
        for (Value operand : operands) {
          again = mix(again, hash(whole(operand), operand.type().bytes()));
        }
        fill(whole(output), output.type().bytes(), mix(all, again));
      }
    }
    written = mix(written, hash(whole(output), output.type().bytes()));
    requireScratch(call);
  }

  /** Columns from left to right; the elements of one that may be overwritten, one by one. */
  private void columns(
      Call call, Form.Tile tile, List<Value> operands, Value output, long everything) {
    int column = tile.rowBytes() / tile.width();
    int element = output.type().dtype().bytes();
    Optional<Value> consumed =
        operands.stream().filter(v -> overwrites(call, operands, v)).findFirst();
    long[] elements = new long[column / element];
    for (int y = 0; y < tile.batch() * tile.rows(); y++) {
      for (int x = 0; x < tile.width(); x++) {
        long at = (long) y * tile.rowBytes() + (long) x * column;
        long before = mix(everything, window(call, tile, operands, y, x));
        for (int e = 0; e < elements.length; e++) {
          long from = at + (long) e * element;
          elements[e] = consumed.map(v -> hash(whole(v) + from, element)).orElse(0L);
          fill(whole(output) + from, element, 19);
        }
        long after = mix(before, window(call, tile, operands, y, x));
        for (int e = 0; e < elements.length; e++) {
          fill(whole(output) + at + (long) e * element, element, mix(after, elements[e]));
        }
      }
    }
  }

  /** A hash of what a kernel may still read when it writes a column, but for what it consumes. */
  private long window(Call call, Form.Tile tile, List<Value> operands, int entryRow, int x) {
    long hash = mix(23, entryRow);
    int y = entryRow % tile.rows();
    for (int k = 0; k < operands.size(); k++) {
      Value operand = operands.get(k);
      if (overwrites(call, operands, operand)) {
        continue;
      }
      Form.Operand rows = tile.operands().get(k);
      Form.Columns columns = rows.columns();
      long entry = whole(operand) + (long) (entryRow / tile.rows()) * rows.rows() * rows.rowBytes();
      long done = Math.max(0L, (long) x * columns.stride() - columns.before()) * columns.bytes();
      for (int row : rows(tile, k, y)) {
        long from = Math.min(done, rows.rowBytes());
        hash = mix(hash, hash(entry + (long) row * rows.rowBytes() + from, rows.rowBytes() - from));
      }
    }
    return hash;
  }

  private static List<Integer> rows(Form.Tile tile, int operand, int y) {
    int count = tile.operands().get(operand).rows();
    if (tile.repeats(tile.operands().get(operand))) {
      return List.of(0);
    }
    List<Integer> rows = new ArrayList<>();
    for (int row = tile.window().first(y); row < tile.window().end(y); row++) {
      if (row >= 0 && row < count) {
        rows.add(row);
      }
    }
    return rows;
  }

  private void stream(Step.Stream stream) {
    int[] taken = new int[stream.stages().size()];
    long[] sums = new long[stream.stages().size()];
    int received = 0;
    for (int turn : stream.order().turns()) {
      if (turn == RowOrder.RECEIVE) {
        Step.Fed fed = stream.fed().orElseThrow();
        fill(row(fed.value(), received, fed.rowBytes()), fed.rowBytes(), mix(29, received++));
      } else {
        turn(stream.stages().get(turn), taken[turn]++, sums, turn);
      }
    }
    for (int i = 0; i < taken.length; i++) {
      Step.Stage stage = stream.stages().get(i);
      if (stage.kept() && taken[i] < stage.rows().turns()) {
        throw new Destroyed();
      }
    }
    if (stream.fed().isPresent() && received < stream.fed().get().rows()) {
      throw new Destroyed();
    }
  }

  private void turn(Step.Stage stage, int nth, long[] sums, int index) {
    Call call = new Call(stage.nodes().getFirst(), stage.kernel());
    switch (stage.kernel().form()) {
      case Form.Tile tile -> {
        scratch(call);
        long before = turnRead(stage, call, tile, nth);
        long at = row(stage.output(), nth, tile.rowBytes());
        fill(at, tile.rowBytes(), 31);
        fill(at, tile.rowBytes(), mix(before, turnRead(stage, call, tile, nth)));
        written = mix(written, hash(at, tile.rowBytes()));
      }
      case Form.Reduce reduce -> {
        if (nth == 0) {
          scratch(call);
        }
        long from = row(stage.operands().getFirst(), nth, reduce.rowBytes());
        sums[index] = mix(sums[index], hash(from, reduce.rowBytes()));
        if (nth == reduce.rows() - 1) {
          long at = row(stage.output(), 0, reduce.outputBytes());
          fill(at, reduce.outputBytes(), 31);
          sums[index] = mix(sums[index], hash(from, reduce.rowBytes()));
          fill(at, reduce.outputBytes(), sums[index]);
          written = mix(written, hash(at, reduce.outputBytes()));
        }
      }
      case Form.Whole whole -> throw new Destroyed();
    }
    requireScratch(call);
  }

  private long turnRead(Step.Stage stage, Call call, Form.Tile tile, int nth) {
    long hash = mix(number(call.first), nth);
    for (int k = 0; k < stage.operands().size(); k++) {
      Value operand = stage.operands().get(k);
      int bytes = tile.operands().get(k).rowBytes();
      if (!graph.isConstant(operand)) {
        for (int row : rows(tile, k, nth)) {
          hash = mix(hash, hash(row(operand, row, bytes), bytes));
        }
      }
    }
    return hash;
  }

  /** The call's operands; constants, whose memory is not the arena, only in a stream's. */
  private List<Value> operands(Call call) {
    return call.kernel.operands().stream()
        .map(call.first.inputs()::get)
        .filter(value -> !graph.isConstant(value))
        .toList();
  }

  private static boolean overwrites(Call call, List<Value> operands, Value operand) {
    return call.kernel.inPlace()
        && operands.indexOf(operand) == 0
        && operands.lastIndexOf(operand) == 0;
  }

  private boolean same(Value operand, Value output) {
    return whole(operand) == whole(output);
  }

  private void scratch(Call call) {
    if (call.kernel.scratchBytes() > 0) {
      fill(scratchAt(call), call.kernel.scratchBytes(), number(call.first));
    }
  }

  private void requireScratch(Call call) {
    if (call.kernel.scratchBytes() > 0) {
      require(scratchAt(call), call.kernel.scratchBytes(), number(call.first));
    }
  }

  private long scratchAt(Call call) {
    Long at = plan.scratch().get(call.first);
    if (at == null) {
      throw new Destroyed();
    }
    return at;
  }

  private void progress(long number) {
    if (plan.progress().isPresent()) {
      fill(plan.progress().getAsLong(), progressBytes(), number);
    }
  }

  private void requireProgress(long number) {
    require(plan.progress().orElseThrow(), progressBytes(), number);
  }

  private long progressBytes() {
    Step.Stream stream = (Step.Stream) plan.schedule().steps().getFirst();
    return (long) Progress.fields(stream) * Progress.fieldBytes(plan.schedule());
  }

  private long whole(Value value) {
    if (plan.places().get(value) instanceof MemoryPlan.Place.Whole at) {
      return at.offset();
    }
    throw new Destroyed();
  }

  private long row(Value value, int row, long rowBytes) {
    if (plan.places().get(value) instanceof MemoryPlan.Place.Rows rows) {
      return rows.slots().get(row % rows.slots().size());
    }
    return whole(value) + row * rowBytes;
  }

  private long number(Node node) {
    return mix(37, graph.nodes().indexOf(node));
  }

  private void fill(long at, long bytes, long number) {
    for (int i = 0; i < bytes; i++) {
      arena[Math.toIntExact(at + i)] = mix(number, i);
    }
  }

  private void require(long at, long bytes, long number) {
    for (int i = 0; i < bytes; i++) {
      if (arena[Math.toIntExact(at + i)] != mix(number, i)) {
        throw new Destroyed();
      }
    }
  }

  private long hash(long at, long bytes) {
    long hash = 41;
    for (int i = 0; i < bytes; i++) {
      hash = mix(hash, arena[Math.toIntExact(at + i)]);
    }
    return hash;
  }

  private static long mix(long a, long b) {
    long h = (a * 0x9E3779B97F4A7C15L ^ b) * 0xBF58476D1CE4E5B9L;
    return h ^ h >>> 29;
  }
}
