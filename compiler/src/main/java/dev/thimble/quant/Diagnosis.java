package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds where a quantised network loses what it loses against the float network that it stands for.
 *
 * <p>Each value is judged three times. <i>At the node alone</i>: its operands are the float
 * network's numbers, stored in their types; what the quantised node makes of them is compared with
 * what real arithmetic makes of the same numbers, so that each error counts where it arises.
 * <i>Accumulated</i>: the value in the quantised network against that in the float network. <i>At
 * the outputs</i>: the error of the node alone is put into the float network, and what comes out of
 * that is compared. The last decides which is worst: a loss that nobody reads does not matter.
 */
public final class Diagnosis {
  /** Samples that are looked at. */
  private static final int MOST_SAMPLES = 32;

  private static final int LEAST_SAMPLES = 4;

  /** So many runs of the network are affordable; each sample takes one for about two values. */
  private static final int RUNS = 1024;

  /** Smaller ratios are worse; without a loss is best. */
  private static final Comparator<@Nullable Double> LOSSES =
      Comparator.nullsLast(Comparator.naturalOrder());

  private final Graph source;
  private final Graph quantized;
  private final List<DiagnosedValue> values;
  private final Rounding rounding;
  private final NetworkLoss loss;

  /** The sums of one lane. */
  private final class Lane {
    private final List<LossSums> each =
        values.stream().map(value -> new LossSums(channels(value))).toList();
    private final NetworkLoss.Sums whole = new NetworkLoss.Sums();
    private long samples;

    void take(List<Tensor> sample) {
      Map<Value, Tensor> floats = NetworkLoss.values(source, sample);
      floats.forEach(Diagnosis::requireFinite);
      Map<Value, Tensor> stored = NetworkLoss.values(quantized, sample, rounding);
      for (int i = 0; i < values.size(); i++) {
        take(values.get(i), each.get(i), floats, stored);
      }
      loss.add(whole, floats, reals(stored));
      samples++;
    }

    private void take(
        DiagnosedValue value, LossSums sums, Map<Value, Tensor> floats, Map<Value, Tensor> stored) {
      float[] real = Objects.requireNonNull(floats.get(value.real())).floats();
      sums.addAccumulated(
          real, NetworkLoss.real(Objects.requireNonNull(stored.get(value.stored()))));
      DiagnosedValue.Alone alone = value.alone(source, quantized, floats, rounding);
      double scale = value.stored().type().scale();
      sums.addAlone(
          alone.exact(),
          alone.stored(),
          alone.filter(),
          low(value.stored()) - scale / 2,
          high(value.stored()) + scale / 2);
      float[] changed = real.clone();
      for (int i = 0; i < changed.length; i++) {
        changed[i] += alone.stored()[i] - alone.exact()[i];
      }
      loss.add(sums.outputs(), floats, after(value.real(), changed, floats));
    }

    void add(Lane other) {
      for (int i = 0; i < each.size(); i++) {
        each.get(i).add(other.each.get(i));
      }
      whole.add(other.whole);
      samples += other.samples;
    }
  }

  private Diagnosis(Graph source, Graph quantized, Rounding rounding) {
    this.source = source;
    this.quantized = quantized;
    this.rounding = rounding;
    values = DiagnosedValue.of(source, quantized);
    loss = new NetworkLoss(source);
  }

  /** Where a network that was quantised here loses what. */
  public static QuantizationLoss of(
      QuantizationResult result, Iterable<List<Tensor>> samples, SampleListener listener) {
    Diagnosis diagnosis = new Diagnosis(result.source(), result.network().graph(), Rounding.DOUBLE);
    return diagnosis.report(diagnosis.measure(samples, listener), LossWords.of(result));
  }

  /**
   * Where a network that was quantised elsewhere loses what, against the same network of real
   * numbers.
   *
   * @param samples as floats, or as the network's inputs store them
   * @param rounding the quantised network's
   * @throws IllegalArgumentException when there is no such network of real numbers
   */
  public static QuantizationLoss ofQuantized(
      Graph quantized, Iterable<List<Tensor>> samples, Rounding rounding, SampleListener listener) {
    Graph source = TypeTwin.of(quantized);
    Iterable<List<Tensor>> real = () -> new RealSamples(samples.iterator());
    Diagnosis diagnosis = new Diagnosis(source, quantized, rounding);
    return diagnosis.report(diagnosis.measure(real, listener), LossWords.ofElsewhere());
  }

  private Lane measure(Iterable<List<Tensor>> samples, SampleListener listener) {
    int wanted = Math.clamp(RUNS / Math.max(1, values.size()), LEAST_SAMPLES, MOST_SAMPLES);
    List<Lane> lanes =
        SampleFold.run(
            SampleSpread.of(samples, wanted),
            Lane::new,
            (lane, number, sample) -> lane.take(sample),
            block -> {},
            listener);
    Lane all = lanes.getFirst();
    lanes.subList(1, lanes.size()).forEach(all::add);
    if (all.samples == 0) {
      throw new IllegalArgumentException("there are no samples to measure the loss on");
    }
    return all;
  }

  private QuantizationLoss report(Lane all, LossWords words) {
    List<NodeLoss> nodes = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      nodes.add(row(values.get(i), all.each.get(i), words));
    }
    List<String> order = nodes.stream().map(NodeLoss::node).toList();
    nodes.sort(
        Comparator.comparing(NodeLoss::outputSnrDb, LOSSES).thenComparing(NodeLoss::snrDb, LOSSES));
    return new QuantizationLoss(all.samples, all.whole.decibels(), nodes, order);
  }

  private static void requireFinite(Value value, Tensor tensor) {
    float[] elements = value.type().isFloat() ? tensor.floats() : new float[0];
    for (int i = 0; i < elements.length; i++) {
      if (!Float.isFinite(elements[i])) {
        throw new IllegalArgumentException(
            "element "
                + i
                + " of '"
                + value.name()
                + "' is "
                + elements[i]
                + " for one of the samples; the loss is measured on finite numbers");
      }
    }
  }

  private static NodeLoss row(DiagnosedValue value, LossSums sums, LossWords words) {
    LossWords.Verdict verdict = words.verdict(value, sums);
    return new NodeLoss(
        value.name(),
        value.op(),
        value.stored().type().dtype().reportName(),
        low(value.stored()),
        high(value.stored()),
        sums.low(),
        sums.high(),
        value.stored().type().scale(),
        value.stored().type().zeroPoint(),
        sums.clipped(),
        sums.snr(),
        sums.accumulatedSnr(),
        sums.outputs().decibels(),
        verdict.cause().text(),
        verdict.reason(),
        verdict.remedy());
  }

  static double low(Value value) {
    return value.type().scale() * (double) (value.type().dtype().min() - value.type().zeroPoint());
  }

  static double high(Value value) {
    return value.type().scale() * (double) (value.type().dtype().max() - value.type().zeroPoint());
  }

  private static int channels(DiagnosedValue value) {
    return value.real().type().shape().rank() == 0 ? 1 : value.real().type().shape().dim(-1);
  }

  /** The values of the quantised network as those of the float network that they stand for. */
  private Map<Value, Tensor> reals(Map<Value, Tensor> stored) {
    Map<String, Value> names = new HashMap<>();
    stored.keySet().forEach(value -> names.put(value.name(), value));
    Map<Value, Tensor> reals = new HashMap<>();
    for (Value value : loss.values()) {
      Value other = names.get(value.name());
      if (other != null) {
        Tensor found = Objects.requireNonNull(stored.get(other));
        reals.put(value, Tensor.ofFloats(value.type(), NetworkLoss.real(found)));
      }
    }
    return reals;
  }

  /** The values of the float network that change with one of them. */
  private Map<Value, Tensor> after(Value value, float[] changed, Map<Value, Tensor> floats) {
    Map<Value, Tensor> others = new HashMap<>();
    others.put(value, Tensor.ofFloats(value.type(), changed));
    for (Node node : source.nodes()) {
      if (node.outputs().contains(value) || node.inputs().stream().noneMatch(others::containsKey)) {
        continue;
      }
      List<Tensor> operands = new ArrayList<>();
      for (Value input : node.inputs()) {
        Tensor other = others.get(input);
        operands.add(other != null ? other : Objects.requireNonNull(floats.get(input)));
      }
      List<Tensor> results = node.op().evaluate(operands, node.outputTypes(), Rounding.DOUBLE);
      for (int i = 0; i < results.size(); i++) {
        others.put(node.outputs().get(i), results.get(i));
      }
    }
    return others;
  }
}
