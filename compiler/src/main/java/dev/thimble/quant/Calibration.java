package dev.thimble.quant;

import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.graph.Value;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What samples showed of the values of a float network. */
final class Calibration {
  private final Map<Value, ValueStatistics> statistics;
  private final long samples;

  private Calibration(Map<Value, ValueStatistics> statistics, long samples) {
    this.statistics = statistics;
    this.samples = samples;
  }

  /** Samples that one lane has seen. */
  private static final class Lane {
    private final Map<Value, ValueStatistics> statistics = new LinkedHashMap<>();
    private long samples;

    void take(Graph graph, long number, List<Tensor> sample) {
      Map<Value, Tensor> named = new HashMap<>();
      for (int i = 0; i < sample.size(); i++) {
        Value input = graph.inputs().get(i);
        named.put(input, sample.get(i));
      }
      Map<Value, Tensor> values = Evaluator.values(graph, named, Rounding.DOUBLE);
      for (Value value : measured(graph)) {
        Tensor tensor = Objects.requireNonNull(values.get(value));
        ValueStatistics seen = statistics.computeIfAbsent(value, v -> new ValueStatistics());
        int at = seen.add(tensor);
        if (at >= 0) {
          throw new IllegalArgumentException(notFinite(graph, value, number, at, tensor));
        }
      }
      samples++;
    }

    private static String notFinite(Graph graph, Value value, long number, int at, Tensor tensor) {
      float found = tensor.floats()[at];
      return "sample "
          + number
          + ": element "
          + at
          + " of "
          + (graph.inputs().contains(value) ? "input '" : "value '")
          + value.name()
          + "' is "
          + found
          + (graph.inputs().contains(value)
              ? "; samples for calibration must be finite numbers"
              : ", which int8 cannot hold; leave this sample out, or compile with --precision"
                  + " float32");
    }
  }

  /** The float values that a network computes or is given. */
  static List<Value> measured(Graph graph) {
    List<Value> values = new ArrayList<>(graph.inputs());
    graph.nodes().forEach(node -> values.addAll(node.outputs()));
    return values.stream().filter(value -> value.type().isFloat()).toList();
  }

  /**
   * Runs a network over samples, for each a tensor for each input. Throws {@link
   * IllegalArgumentException} when there is none, or when a number is not finite.
   */
  static Calibration run(Graph graph, Iterable<List<Tensor>> samples, SampleListener listener) {
    Map<Value, ValueStatistics> all = new LinkedHashMap<>();
    measured(graph).forEach(value -> all.put(value, new ValueStatistics()));
    List<Lane> lanes =
        SampleFold.run(
            samples,
            Lane::new,
            (lane, number, sample) -> lane.take(graph, number, sample),
            block -> average(all, block),
            listener);
    long count = 0;
    for (Lane lane : lanes) {
      lane.statistics.forEach((value, seen) -> Objects.requireNonNull(all.get(value)).add(seen));
      count += lane.samples;
    }
    if (count == 0) {
      throw new IllegalArgumentException("there are no samples to calibrate on");
    }
    return new Calibration(all, count);
  }

  /** Gives the extremes of a block's samples to the averages, in the samples' order. */
  private static void average(Map<Value, ValueStatistics> all, List<Lane> lanes) {
    all.forEach((value, whole) -> {
      boolean more = true;
      for (int turn = 0; more; turn++) {
        more = false;
        for (Lane lane : lanes) {
          ValueStatistics seen = lane.statistics.get(value);
          if (seen != null && turn < seen.pendingCount()) {
            whole.average(seen.pending(turn)[0], seen.pending(turn)[1]);
            more = true;
          }
        }
      }
      for (Lane lane : lanes) {
        ValueStatistics seen = lane.statistics.get(value);
        if (seen != null) {
          seen.forgetPending();
        }
      }
    });
  }

  long samples() {
    return samples;
  }

  /** What was seen of a float value of the network. */
  ValueStatistics of(Value value) {
    return Objects.requireNonNull(statistics.get(value));
  }

  /** The ranges that a calibrator chooses. */
  Map<Value, Range> ranges(Calibrator calibrator) {
    Map<Value, Range> ranges = new LinkedHashMap<>();
    statistics.forEach((value, seen) -> ranges.put(value, calibrator.range(seen)));
    return ranges;
  }
}
