package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Padding2d;
import dev.thimble.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * High-bias absorption: where a channel behind a relu never falls below some number, the first
 * filter's bias gives that number away, and the next one takes in what its filter makes of it. The
 * range between them is then smaller. Source: Nagel et al., "Data-Free Quantization Through Weight
 * Equalization and Bias Correction", 2019; here by the least that samples showed.
 */
final class BiasAbsorption {
  private final Graph graph;
  private final List<FilterPair> pairs;
  private final Map<Value, Tensor> changed = new LinkedHashMap<>();

  private BiasAbsorption(Graph graph) {
    this.graph = graph;
    pairs = FilterPair.of(graph).stream().filter(BiasAbsorption::takesConstants).toList();
  }

  /** The network with its biases moved on; nothing where no channel has any to give away. */
  static Optional<Graph> run(Graph graph, Iterable<List<Tensor>> samples, SampleListener listener) {
    BiasAbsorption absorption = new BiasAbsorption(graph);
    if (absorption.pairs.isEmpty()) {
      return Optional.empty();
    }
    List<Map<FilterPair, float[]>> lanes =
        SampleFold.run(
            samples,
            LinkedHashMap::new,
            (least, number, sample) -> absorption.measure(least, sample),
            block -> {},
            listener);
    for (FilterPair pair : absorption.pairs) {
      absorption.absorb(pair, least(pair, lanes));
    }
    return absorption.changed.isEmpty() ? Optional.empty() : Optional.of(absorption.build());
  }

  /** Whether the second reads no padding, which has nothing to take in, after a relu. */
  private static boolean takesConstants(FilterPair pair) {
    boolean relu =
        FilterPair.activation(pair.first()).filter(a -> a == Activation.RELU).isPresent();
    if (pair.second().op() instanceof Conv2d conv) {
      return relu && conv.padding().equals(Padding2d.NONE);
    }
    return relu
        && !(pair.second().op() instanceof DepthwiseConv2d depthwise
            && !depthwise.padding().equals(Padding2d.NONE));
  }

  private void measure(Map<FilterPair, float[]> least, List<Tensor> sample) {
    Map<Value, Tensor> values = NetworkLoss.values(graph, sample);
    for (FilterPair pair : pairs) {
      Value between = pair.first().output();
      float[] elements = Objects.requireNonNull(values.get(between)).floats();
      float[] each = least.computeIfAbsent(pair, p -> infinite(between.type().shape().dim(-1)));
      for (int i = 0; i < elements.length; i++) {
        each[i % each.length] = Math.min(each[i % each.length], elements[i]);
      }
    }
  }

  private static float[] infinite(int count) {
    float[] all = new float[count];
    Arrays.fill(all, Float.POSITIVE_INFINITY);
    return all;
  }

  private static float[] least(FilterPair pair, List<Map<FilterPair, float[]>> lanes) {
    float[] least = infinite(pair.first().output().type().shape().dim(-1));
    for (Map<FilterPair, float[]> lane : lanes) {
      float[] own = lane.getOrDefault(pair, new float[0]);
      for (int i = 0; i < own.length; i++) {
        least[i] = Math.min(least[i], own[i]);
      }
    }
    return least;
  }

  private void absorb(FilterPair pair, float[] least) {
    boolean some = false;
    float[] given = bias(pair.first()).floats().clone();
    for (int i = 0; i < least.length; i++) {
      some |= least[i] > 0;
      given[i] -= least[i];
    }
    if (!some) {
      return;
    }
    Tensor filter = graph.constant(pair.second().inputs().get(1)).orElseThrow();
    double[] taken = new double[bias(pair.second()).floats().length];
    boolean depthwise = pair.second().op() instanceof DepthwiseConv2d;
    int inner = filter.floats().length / taken.length;
    for (int i = 0; i < filter.floats().length; i++) {
      int channel = i % least.length;
      taken[depthwise ? channel : i / inner] += (double) filter.floats()[i] * least[channel];
    }
    float[] next = bias(pair.second()).floats().clone();
    for (int i = 0; i < next.length; i++) {
      next[i] += (float) taken[i];
    }
    put(pair.first(), given);
    put(pair.second(), next);
  }

  private Tensor bias(Node node) {
    Value value = node.inputs().get(2);
    Tensor own = changed.get(value);
    return own != null ? own : graph.constant(value).orElseThrow();
  }

  private void put(Node node, float[] bias) {
    Value value = node.inputs().get(2);
    changed.put(value, Tensor.ofFloats(value.type(), bias));
  }

  private Graph build() {
    Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
    constants.putAll(changed);
    return new Graph(
        graph.name(), graph.inputs(), constants, graph.nodes(), graph.outputs(), graph.origins());
  }
}
