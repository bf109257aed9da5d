package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Rounding;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Bias correction: rounding a filter shifts the mean of each output channel, and the bias takes the
 * shift back. Source: Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias
 * Correction", 2019; the means are those of samples.
 */
final class BiasCorrection {
  private final Graph graph;
  private final Map<Node, Tensor> errors = new LinkedHashMap<>();

  /** The sums of one lane: of each node, for each channel. */
  private static final class Lane {
    private final Map<Node, double[]> sums = new LinkedHashMap<>();
    private final Map<Node, Long> counts = new LinkedHashMap<>();
  }

  private BiasCorrection(Graph graph, Graph quantized) {
    this.graph = graph;
    Map<String, Node> byName = new LinkedHashMap<>();
    quantized.nodes().forEach(node -> byName.put(node.name(), node));
    for (Node node : graph.nodes()) {
      Node other = byName.get(node.name());
      if (other == null || plain(node).isEmpty() || other.output().type().isFloat()) {
        continue;
      }
      Optional<Tensor> stored = quantized.constant(other.inputs().get(1));
      stored.ifPresent(filter -> errors.put(node, error(node, filter)));
    }
  }

  /** The op without its activation, which would hide part of the shift. */
  static Optional<SingleOutputOp> plain(Node node) {
    if (node.op() instanceof Conv2d c) {
      return Optional.of(
          new Conv2d(c.stride(), c.dilation(), c.padding(), c.groups(), Activation.NONE));
    }
    if (node.op() instanceof DepthwiseConv2d d) {
      return Optional.of(
          new DepthwiseConv2d(
              d.stride(), d.dilation(), d.padding(), d.multiplier(), Activation.NONE));
    }
    return node.op() instanceof FullyConnected f
        ? Optional.of(new FullyConnected(f.keepAxes(), Activation.NONE))
        : Optional.empty();
  }

  private Tensor error(Node node, Tensor stored) {
    Tensor exact = graph.constant(node.inputs().get(1)).orElseThrow();
    float[] error = StoredNumbers.real(stored);
    for (int i = 0; i < error.length; i++) {
      error[i] -= exact.floats()[i];
    }
    return Tensor.ofFloats(exact.type(), error);
  }

  /** The recipe with biases that take back what its filters shift. */
  static Recipe run(
      Graph graph, Recipe recipe, Iterable<List<Tensor>> samples, SampleListener listener) {
    // What int16 is computed of are the same filters, in another form.
    Recipe narrow = recipe.withActivations(recipe.activations().narrow());
    BiasCorrection correction = new BiasCorrection(graph, Quantizer.run(graph, narrow).graph());
    List<Lane> lanes =
        SampleFold.run(
            samples,
            Lane::new,
            (lane, number, sample) -> correction.add(lane, sample),
            block -> {},
            listener);
    Recipe result = recipe;
    for (Node node : correction.errors.keySet()) {
      result = result.withBias(node.name(), correction.bias(node, lanes));
    }
    return result;
  }

  private void add(Lane lane, List<Tensor> sample) {
    Map<Value, Tensor> values = NetworkLoss.values(graph, sample);
    errors.forEach((node, error) -> {
      TensorType type = node.output().type();
      Tensor input = Objects.requireNonNull(values.get(node.input()));
      int channels = type.shape().dim(-1);
      Tensor none = Tensor.ofFloats(TensorType.float32(channels), new float[channels]);
      float[] shift =
          plain(node)
              .orElseThrow()
              .evaluate(List.of(input, error, none), type, Rounding.DOUBLE)
              .floats();
      double[] sums = lane.sums.computeIfAbsent(node, n -> new double[channels]);
      for (int i = 0; i < shift.length; i++) {
        sums[i % channels] += shift[i];
      }
      lane.counts.merge(node, (long) shift.length / channels, Long::sum);
    });
  }

  private Tensor bias(Node node, List<Lane> lanes) {
    Tensor before = graph.constant(node.inputs().get(2)).orElseThrow();
    float[] bias = before.floats().clone();
    double[] sums = new double[bias.length];
    long count = 0;
    for (Lane lane : lanes) {
      double[] own = lane.sums.getOrDefault(node, new double[0]);
      for (int i = 0; i < own.length; i++) {
        sums[i] += own[i];
      }
      count += lane.counts.getOrDefault(node, 0L);
    }
    for (int i = 0; i < bias.length; i++) {
      bias[i] -= (float) (sums[i] / Math.max(count, 1));
    }
    return Tensor.ofFloats(before.type(), bias);
  }
}
