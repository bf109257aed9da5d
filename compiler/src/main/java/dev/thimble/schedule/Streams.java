package dev.thimble.schedule;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which steps of a schedule could pass their output on row by row. A step links to the one that
 * alone reads its output when both kernels have tile form, there is a single batch entry, and the
 * reader's operand has the very rows that the step computes.
 */
final class Streams {
  private Streams() {}

  /**
   * The longest chains of linked steps, each a list of at least two step indices in increasing
   * order; no step is in two chains. Where two chains meet in one step, the longer one goes on.
   */
  static List<List<Integer>> chains(Schedule schedule) {
    List<Step> steps = schedule.steps();
    Map<Value, Integer> writers = new HashMap<>();
    List<List<Integer>> chainTo = new ArrayList<>();
    Set<Integer> continued = new HashSet<>();
    for (int to = 0; to < steps.size(); to++) {
      List<Integer> longest = List.of();
      for (Value input : steps.get(to).nodes().getFirst().inputs()) {
        Integer from = writers.get(input);
        if (from != null
            && linked(schedule, from, to)
            && chainTo.get(from).size() >= longest.size()) {
          longest = chainTo.get(from);
        }
      }
      if (!longest.isEmpty()) {
        continued.add(longest.getLast());
      }
      chainTo.add(Stream.concat(longest.stream(), Stream.of(to)).toList());
      writers.put(steps.get(to).outputs().getFirst(), to);
    }
    return chainTo.stream()
        .filter(chain -> chain.size() > 1 && !continued.contains(chain.getLast()))
        .toList();
  }

  private static boolean linked(Schedule schedule, int from, int to) {
    Step producer = schedule.steps().get(from);
    Step reader = schedule.steps().get(to);
    Value value = producer.outputs().getFirst();
    Node first = reader.nodes().getFirst();
    Optional<Node> only = schedule.graph().onlyReader(value);
    if (producer.outputs().size() != 1
        || only.isEmpty()
        || !only.get().equals(first)
        || Collections.frequency(first.inputs(), value) != 1) {
      return false;
    }
    return tile(producer).isPresent()
        && tile(reader).isPresent()
        && rowsAgree(
            tile(producer).get(),
            tile(reader).get(),
            kernel(reader).orElseThrow().operands().indexOf(first.inputs().indexOf(value)));
  }

  private static boolean rowsAgree(Form.Tile producer, Form.Tile reader, int operand) {
    if (operand < 0) {
      return false;
    }
    Form.Operand rows = reader.operands().get(operand);
    // A single row that serves several output rows is no stream: it is needed until the end.
    return producer.rows() == rows.rows()
        && producer.rowBytes() == rows.rowBytes()
        && (rows.rows() > 1 || reader.rows() == 1);
  }

  /** The kernel of a step that is a single call; nothing for streams. */
  static Optional<Kernel> kernel(Step step) {
    return switch (step) {
      case Step.Whole whole -> Optional.of(whole.kernel());
      case Step.FusedPool fused -> Optional.of(fused.kernel());
      case Step.Stream stream -> Optional.empty();
    };
  }

  /** The tile form of the step's kernel, if it computes a single batch entry by tiles. */
  private static Optional<Form.Tile> tile(Step step) {
    return kernel(step)
        .map(Kernel::form)
        .flatMap(form ->
            form instanceof Form.Tile tile
                    && tile.batch() == 1
                    && step.outputs().size() == 1
                    && (long) tile.rows() * tile.rowBytes()
                        == step.outputs().getFirst().type().bytes()
                ? Optional.of(tile)
                : Optional.empty());
  }

  /**
   * The rows of the producer's output that must be kept for the reader. Rows are computed on demand
   * and in order, so when a window ends at row {@code r}, the rows after {@code r} do not exist yet
   * and those before the window are never read again: what the fullest window reads suffices. That
   * is the window's size, or less where every window reaches over the map's border.
   */
  static int ringRows(Step producer, Step reader) {
    int rows = tile(producer).orElseThrow().rows();
    Form.Tile reading = tile(reader).orElseThrow();
    int most = 1;
    for (int y = 0; y < reading.rows(); y++) {
      int first = y * reading.window().stride() - reading.window().before();
      int end = Math.min(first + reading.window().size(), rows);
      most = Math.max(most, end - Math.max(first, 0));
    }
    return most;
  }

  /** The bytes of the ring between two linked steps. */
  static long ringBytes(Step producer, Step reader) {
    return (long) ringRows(producer, reader) * tile(producer).orElseThrow().rowBytes();
  }

  /**
   * The schedule with each of these runs of linked steps as one stream. A stream runs where its
   * last step ran; nothing else reads what its other steps compute, so they can wait until then.
   */
  static Schedule streamed(Schedule schedule, List<List<Integer>> runs) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < schedule.steps().size(); i++) {
      int index = i;
      Optional<List<Integer>> run = runs.stream().filter(r -> r.contains(index)).findFirst();
      if (run.isEmpty()) {
        steps.add(schedule.steps().get(i));
      } else if (run.get().getLast() == i) {
        steps.add(stream(schedule.steps(), run.get()));
      }
    }
    return new Schedule(schedule.graph(), steps);
  }

  private static Step.Stream stream(List<Step> steps, List<Integer> run) {
    List<Step.Stage> stages = new ArrayList<>();
    for (int i = 0; i < run.size(); i++) {
      Step step = steps.get(run.get(i));
      int rows =
          i + 1 < run.size()
              ? ringRows(step, steps.get(run.get(i + 1)))
              : tile(step).orElseThrow().rows();
      stages.add(new Step.Stage(step.nodes(), kernel(step).orElseThrow(), rows));
    }
    return new Step.Stream(stages);
  }

  /** The nodes of the graph that the steps of a run execute. */
  static int nodes(Schedule schedule, List<Integer> run) {
    return run.stream().mapToInt(i -> schedule.steps().get(i).nodes().size()).sum();
  }
}
