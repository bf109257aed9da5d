package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Cross-layer equalisation: a channel between two filters may be scaled down by the first and up by
 * the second, which changes nothing for real numbers. Channels of small activations that share a
 * scale with large ones get more of its steps that way. Source: Nagel et al., "Data-Free
 * Quantization Through Weight Equalization and Bias Correction", 2019, here by the activations that
 * samples showed, since filters have a scale for each channel anyway.
 */
final class Equalization {
  private static final int ROUNDS = 3;

  /** How far a channel may be scaled at most: beyond, floats and biases suffer. */
  private static final double LARGEST_FACTOR = 64;

  private final Graph graph;
  private final Map<Value, Tensor> changed = new LinkedHashMap<>();
  private final Map<Value, float[]> magnitudes = new LinkedHashMap<>();

  private Equalization(Graph graph) {
    this.graph = graph;
  }

  /** The network with its channels equalised; nothing where no two filters follow each other. */
  static Optional<Graph> run(Graph graph, Calibration calibration) {
    Equalization equalization = new Equalization(graph);
    List<FilterPair> pairs = FilterPair.of(graph);
    for (FilterPair pair : pairs) {
      Value between = pair.first().output();
      equalization.magnitudes.put(between, calibration.of(between).channels());
    }
    for (int round = 0; round < ROUNDS; round++) {
      pairs.forEach(equalization::equalize);
    }
    return pairs.isEmpty() ? Optional.empty() : Optional.of(equalization.build());
  }

  private Tensor tensor(Node node, int operand) {
    Value value = node.inputs().get(operand);
    Tensor own = changed.get(value);
    return own != null ? own : graph.constant(value).orElseThrow();
  }

  private void equalize(FilterPair pair) {
    float[] activations = Objects.requireNonNull(magnitudes.get(pair.first().output()));
    Tensor next = tensor(pair.second(), 1);
    float[] filters = new float[activations.length];
    for (int i = 0; i < next.floats().length; i++) {
      int channel = i % filters.length;
      filters[channel] = Math.max(filters[channel], Math.abs(next.floats()[i]));
    }
    // Depthwise filters have a scale for each of these channels: only activations are to share.
    boolean depthwise = pair.second().op() instanceof DepthwiseConv2d;
    double[] factors = new double[activations.length];
    double largest = 0;
    for (int i = 0; i < factors.length; i++) {
      boolean alive = activations[i] > 0 && filters[i] > 0;
      factors[i] = !alive ? 0 : depthwise ? activations[i] : Math.sqrt(activations[i] / filters[i]);
      largest = Math.max(largest, factors[i]);
    }
    for (int i = 0; i < factors.length; i++) {
      double relative = factors[i] > 0 ? factors[i] / largest : 1;
      factors[i] = Math.max(relative, 1 / LARGEST_FACTOR);
    }
    scale(pair, factors, activations);
  }

  /** Divides the channels by these factors in the first node, and multiplies in the second. */
  private void scale(FilterPair pair, double[] factors, float[] activations) {
    boolean last = pair.first().op() instanceof DepthwiseConv2d;
    Tensor filter = tensor(pair.first(), 1);
    int inner = last ? 1 : filter.floats().length / factors.length;
    put(pair.first(), 1, filter, i -> 1 / factors[i / inner % factors.length]);
    put(pair.first(), 2, tensor(pair.first(), 2), i -> 1 / factors[i]);
    put(pair.second(), 1, tensor(pair.second(), 1), i -> factors[i % factors.length]);
    for (int i = 0; i < activations.length; i++) {
      activations[i] = (float) (activations[i] / factors[i]);
    }
  }

  /** The factor of an element. */
  @FunctionalInterface
  private interface Factor {
    double of(int index);
  }

  private void put(Node node, int operand, Tensor from, Factor factor) {
    float[] results = new float[from.floats().length];
    for (int i = 0; i < results.length; i++) {
      results[i] = (float) (from.floats()[i] * factor.of(i));
    }
    changed.put(node.inputs().get(operand), Tensor.ofFloats(from.type(), results));
  }

  private Graph build() {
    Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
    constants.putAll(changed);
    return new Graph(
        graph.name(), graph.inputs(), constants, graph.nodes(), graph.outputs(), graph.origins());
  }
}
