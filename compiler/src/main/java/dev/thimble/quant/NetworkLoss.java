package dev.thimble.quant;

import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Dequantize;
import dev.thimble.op.LogSoftmax;
import dev.thimble.op.Op;
import dev.thimble.op.Rounding;
import dev.thimble.op.Softmax;
import dev.thimble.op.Unary;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a quantised network loses against the float network it was made of: the squared error of the
 * outputs as a part of their squares. Where an output is a probability, the scores that it is made
 * of are compared, since probabilities near 0 and 1 hide what happened to them.
 */
final class NetworkLoss {
  private final Graph source;
  private final List<Compared> compared = new ArrayList<>();

  /** What the elements of a value decide. */
  private enum Decision {
    /** Nothing. */
    NONE,
    /** The class, which is the largest of a row. */
    LARGEST,
    /** Each for itself, by its sign. */
    SIGN
  }

  /**
   * A value that is compared.
   *
   * @param relative whether only differences between the elements of a row matter
   * @param output the output that is made of it, if that is another float value
   */
  private record Compared(
      Value value, boolean relative, Decision decision, Optional<Value> output) {}

  NetworkLoss(Graph source) {
    this.source = source;
    for (Value output : source.outputs()) {
      scores(output).ifPresent(compared::add);
    }
  }

  private static Compared compared(Value value, boolean relative, Decision decision, Value output) {
    boolean other = output.type().isFloat() && !output.equals(value);
    return new Compared(value, relative, decision, other ? Optional.of(output) : Optional.empty());
  }

  /** What an output decides that is no probability: a class, where it is a row and no signal. */
  private Decision decision(Value value) {
    Shape shape = value.type().shape();
    int elements = value.type().elements();
    long given = source.inputs().stream().mapToLong(input -> input.type().elements()).sum();
    boolean row = shape.rank() > 0 && shape.dim(-1) == elements;
    return row && elements > 1 && elements < given ? Decision.LARGEST : Decision.NONE;
  }

  /**
   * The float value that an output is judged by; nothing where all before are integers, or it is a
   * constant.
   */
  private Optional<Compared> scores(Value output) {
    Value value = output;
    while (source.producer(value).isPresent()) {
      Node node = source.producer(value).orElseThrow();
      Op op = node.op();
      // A constant is the same in both networks; what is stored of it shows behind it.
      if (value.type().isFloat() && source.isConstant(node.input())) {
        break;
      }
      if (op instanceof Softmax || op instanceof LogSoftmax) {
        return Optional.of(compared(node.input(), true, Decision.LARGEST, output));
      }
      if (op instanceof Unary unary && unary.function() == Unary.Function.SIGMOID) {
        return Optional.of(compared(node.input(), false, Decision.SIGN, output));
      }
      if (value.type().isFloat() && !(NodeRule.of(node) instanceof NodeRule.OneType)) {
        break;
      }
      value = node.input();
    }
    return value.type().isFloat() && !source.isConstant(value)
        ? Optional.of(compared(value, false, decision(value), output))
        : Optional.empty();
  }

  /** The squares of the outputs, and of their errors. */
  static final class Sums {
    private double error;
    private double squares;
    private double outputError;
    private double outputSquares;
    private long decisions;
    private long samples;
    private long changed;

    /** Takes in what another has. */
    void add(Sums other) {
      error += other.error;
      squares += other.squares;
      outputError += other.outputError;
      outputSquares += other.outputSquares;
      decisions += other.decisions;
      samples += other.samples;
      changed += other.changed;
    }

    /** The signal-to-noise ratio in decibels; null where nothing is lost. */
    @Nullable Double decibels() {
      return LossSums.decibels(squares, error);
    }
  }

  /** The values by which the outputs are judged. */
  List<Value> values() {
    return compared.stream().map(Compared::value).toList();
  }

  /** Counts what the outputs lose where some of the network's values, by name, are others. */
  void add(Sums sums, Map<Value, Tensor> wanted, Map<Value, Tensor> found) {
    for (Compared each : compared) {
      float[] before = Objects.requireNonNull(wanted.get(each.value())).floats();
      Tensor after = found.get(each.value());
      add(sums, before, after == null ? before : after.floats(), each);
    }
  }

  /**
   * The loss of a network in percent: of samples that it decides otherwise than the float network,
   * or, where no output has classes, of squared error.
   */
  double percent(Graph network, Iterable<List<Tensor>> samples, SampleListener listener) {
    boolean classes = compared.stream().anyMatch(Compared::relative);
    Sums sums = sums(List.of(network), samples, listener).getFirst();
    return classes ? 100.0 * sums.changed / Math.max(1, sums.samples) : 100 * loss(sums);
  }

  private static double loss(Sums sums) {
    return part(sums.error, sums.squares);
  }

  private static double part(double error, double squares) {
    return squares > 0 ? error / squares : error;
  }

  /** All that each of these networks loses on samples. */
  List<Losses> all(List<Graph> networks, Iterable<List<Tensor>> samples, SampleListener listener) {
    return sums(networks, samples, listener).stream()
        .map(sums ->
            new Losses(loss(sums), part(sums.outputError, sums.outputSquares), sums.decisions))
        .toList();
  }

  /** The loss of each of these networks on samples; 0 for one that computes the same. */
  double[] of(List<Graph> networks, Iterable<List<Tensor>> samples, SampleListener listener) {
    return sums(networks, samples, listener).stream().mapToDouble(NetworkLoss::loss).toArray();
  }

  private List<Sums> sums(
      List<Graph> networks, Iterable<List<Tensor>> samples, SampleListener listener) {
    List<Map<String, Value>> names = networks.stream().map(NetworkLoss::byName).toList();
    List<List<Sums>> lanes =
        SampleFold.run(
            samples,
            () -> networks.stream().map(n -> new Sums()).toList(),
            (sums, number, sample) -> add(networks, names, sums, sample),
            block -> {},
            listener);
    List<Sums> totals = new ArrayList<>();
    for (int i = 0; i < networks.size(); i++) {
      Sums total = new Sums();
      for (List<Sums> lane : lanes) {
        total.add(lane.get(i));
      }
      totals.add(total);
    }
    return totals;
  }

  private void add(
      List<Graph> networks, List<Map<String, Value>> names, List<Sums> sums, List<Tensor> sample) {
    Map<Value, Tensor> wanted = values(source, sample);
    for (int i = 0; i < networks.size(); i++) {
      Map<Value, Tensor> found = values(networks.get(i), sample);
      boolean changed = false;
      for (Compared each : compared) {
        Value value = Objects.requireNonNull(names.get(i).get(each.value().name()));
        float[] exact = Objects.requireNonNull(wanted.get(each.value())).floats();
        float[] present = real(Objects.requireNonNull(found.get(value)));
        add(sums.get(i), exact, present, each);
        int differing = decidedOtherwise(exact, present, each);
        sums.get(i).decisions += differing;
        changed |= each.relative() && differing > 0;
        if (each.output().isPresent()) {
          Value output = each.output().get();
          Value other = Objects.requireNonNull(names.get(i).get(output.name()));
          addOutput(
              sums.get(i),
              Objects.requireNonNull(wanted.get(output)).floats(),
              real(Objects.requireNonNull(found.get(other))));
        }
      }
      sums.get(i).samples++;
      sums.get(i).changed += changed ? 1 : 0;
    }
  }

  private static void addOutput(Sums sums, float[] wanted, float[] found) {
    for (int i = 0; i < wanted.length; i++) {
      sums.outputError += Math.pow((double) found[i] - wanted[i], 2);
      sums.outputSquares += (double) wanted[i] * wanted[i];
    }
  }

  /** How many decisions differ. */
  private static int decidedOtherwise(float[] wanted, float[] found, Compared each) {
    int differing = 0;
    switch (each.decision()) {
      case NONE -> {}
      case LARGEST -> {
        int row = each.value().type().shape().dim(-1);
        for (int start = 0; start < wanted.length; start += row) {
          differing += largest(wanted, start, row) != largest(found, start, row) ? 1 : 0;
        }
      }
      case SIGN -> {
        for (int i = 0; i < wanted.length; i++) {
          differing += (wanted[i] > 0) != (found[i] > 0) ? 1 : 0;
        }
      }
    }
    return differing;
  }

  private static int largest(float[] values, int start, int count) {
    int largest = start;
    for (int i = start + 1; i < start + count; i++) {
      largest = values[i] > values[largest] ? i : largest;
    }
    return largest;
  }

  private static void add(Sums sums, float[] wanted, float[] found, Compared each) {
    int row = each.relative() ? each.value().type().shape().dim(-1) : 1;
    for (int start = 0; start < wanted.length; start += row) {
      double shift = 0;
      double middle = 0;
      if (each.relative()) {
        for (int i = start; i < start + row; i++) {
          shift += ((double) found[i] - wanted[i]) / row;
          middle += (double) wanted[i] / row;
        }
      }
      for (int i = start; i < start + row; i++) {
        double error = found[i] - wanted[i] - shift;
        sums.error += error * error;
        sums.squares += (wanted[i] - middle) * (wanted[i] - middle);
      }
    }
  }

  private static Map<String, Value> byName(Graph graph) {
    Map<String, Value> names = new HashMap<>();
    graph.inputs().forEach(value -> names.put(value.name(), value));
    graph.nodes().forEach(node -> node.outputs().forEach(v -> names.put(v.name(), v)));
    return names;
  }

  /** All values of a network; floats for an int8 input are quantised. */
  static Map<Value, Tensor> values(Graph graph, List<Tensor> sample) {
    return values(graph, sample, Rounding.DOUBLE);
  }

  /** The same in a rounding. */
  static Map<Value, Tensor> values(Graph graph, List<Tensor> sample, Rounding rounding) {
    Map<Value, Tensor> inputs = new HashMap<>();
    for (int i = 0; i < sample.size(); i++) {
      Value input = graph.inputs().get(i);
      Tensor given = sample.get(i);
      boolean quantize = given.type().isFloat() && !input.type().isFloat();
      inputs.put(input, quantize ? StoredNumbers.ofInput(given, input.type()) : given);
    }
    return Evaluator.values(graph, inputs, rounding);
  }

  /** The real numbers that a tensor stands for. */
  static float[] real(Tensor tensor) {
    TensorType type = tensor.type();
    return type.isFloat()
        ? tensor.floats()
        : new Dequantize()
            .evaluate(List.of(tensor), TensorType.float32(type.shape().dims()), Rounding.DOUBLE)
            .floats();
  }
}
