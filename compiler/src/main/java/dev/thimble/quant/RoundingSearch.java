package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Chooses for each element of a filter whether it is rounded up or down by what that does to the
 * node's output on samples, instead of rounding to the nearest: the errors of a filter's elements
 * may cancel each other. With the errors d and the second moments H of the inputs, the output's
 * error is d'Hd; elements are turned over as long as that falls. It is the aim of Nagel et al., "Up
 * or Down? Adaptive Rounding for Post-Training Quantization", 2020, with a plain descent in place
 * of its relaxation.
 */
final class RoundingSearch {
  /** Inputs of one output that are searched together, at most; second moments are its square. */
  private static final int LARGEST = 1024;

  /** What is added to the diagonal of H, as a part of its mean: samples do not show everything. */
  private static final double DAMPING = 0.01;

  private static final int SWEEPS = 6;

  private final Graph graph;
  private final Map<Node, Tensor> stored = new LinkedHashMap<>();

  private RoundingSearch(Graph graph, Graph quantized) {
    this.graph = graph;
    Map<String, Node> byName = new LinkedHashMap<>();
    quantized.nodes().forEach(node -> byName.put(node.name(), node));
    for (Node node : graph.nodes()) {
      Node other = byName.get(node.name());
      if (other != null && !other.output().type().isFloat() && Patches.reads(node)) {
        quantized
            .constant(other.inputs().get(1))
            .filter(filter -> Patches.length(node) <= LARGEST)
            .ifPresent(filter -> stored.put(node, filter));
      }
    }
  }

  /** The recipe with filters rounded for these samples. */
  static Recipe run(
      Graph graph, Recipe recipe, Iterable<List<Tensor>> samples, SampleListener listener) {
    RoundingSearch search = new RoundingSearch(graph, Quantizer.run(graph, recipe).graph());
    List<Map<Node, List<float[]>>> lanes =
        SampleFold.run(
            samples,
            LinkedHashMap::new,
            (lane, number, sample) -> search.collect(lane, number, sample),
            block -> {},
            listener);
    Recipe result = recipe;
    for (Node node : search.stored.keySet()) {
      List<float[]> patches = new ArrayList<>();
      lanes.forEach(lane -> patches.addAll(lane.getOrDefault(node, List.of())));
      result = result.withFilter(node.name(), search.rounded(node, patches));
      listener.done();
    }
    return result;
  }

  private void collect(Map<Node, List<float[]>> lane, long number, List<Tensor> sample) {
    Map<Value, Tensor> values = NetworkLoss.values(graph, sample);
    for (Node node : stored.keySet()) {
      float[] input = Objects.requireNonNull(values.get(node.input())).floats();
      Patches.add(node, input, number, lane.computeIfAbsent(node, n -> new ArrayList<>()));
    }
  }

  private Tensor rounded(Node node, List<float[]> patches) {
    Tensor nearest = Objects.requireNonNull(stored.get(node));
    Tensor exact = graph.constant(node.inputs().get(1)).orElseThrow();
    int[] result = nearest.ints().clone();
    boolean depthwise = node.op() instanceof DepthwiseConv2d;
    int outputs = depthwise ? exact.shape().dim(3) : exact.shape().dim(0);
    int length = exact.floats().length / outputs;
    // Depthwise filters lie with the channels innermost, and each channel has inputs of its own.
    double[] shared = depthwise ? new double[0] : moments(patches, 0, length);
    IntStream.range(0, outputs)
        .parallel()
        .forEach(output -> {
          double[] moments = depthwise ? moments(patches, output * length, length) : shared;
          int first = depthwise ? output : output * length;
          int stride = depthwise ? outputs : 1;
          turn(result, exact.floats(), nearest.type(), output, first, stride, moments);
        });
    return Tensor.ofInts(nearest.type(), result);
  }

  /** The second moments of a part of the patches, with a damped diagonal. */
  private static double[] moments(List<float[]> patches, int from, int length) {
    double[] moments = new double[length * length];
    for (float[] patch : patches) {
      for (int i = 0; i < length; i++) {
        float x = patch[from + i];
        if (x != 0) {
          for (int j = 0; j <= i; j++) {
            moments[i * length + j] += (double) x * patch[from + j];
          }
        }
      }
    }
    double trace = 0;
    for (int i = 0; i < length; i++) {
      trace += moments[i * length + i];
      for (int j = 0; j < i; j++) {
        moments[j * length + i] = moments[i * length + j];
      }
    }
    for (int i = 0; i < length; i++) {
      moments[i * length + i] += DAMPING * trace / length;
    }
    return moments;
  }

  /** Turns the elements of one output over while its error falls. */
  private static void turn(
      int[] result,
      float[] exact,
      TensorType type,
      int output,
      int first,
      int stride,
      double[] moments) {
    int length = (int) Math.round(Math.sqrt(moments.length));
    double scale = type.scaleOf(output);
    double[] error = new double[length];
    for (int i = 0; i < length; i++) {
      int at = first + i * stride;
      error[i] = result[at] * scale - exact[at];
    }
    double[] slope = new double[length];
    for (int i = 0; i < length; i++) {
      for (int j = 0; j < length; j++) {
        slope[i] += moments[i * length + j] * error[j];
      }
    }
    boolean turned = true;
    for (int sweep = 0; sweep < SWEEPS && turned; sweep++) {
      turned = false;
      for (int i = 0; i < length; i++) {
        int at = first + i * stride;
        int by = error[i] > 0 ? -1 : 1;
        double step = by * scale;
        boolean allowed = Math.abs(result[at] + by) <= StoredNumbers.LARGEST_WEIGHT;
        double change = 2 * step * slope[i] + step * step * moments[i * length + i];
        if (allowed && change < 0) {
          result[at] += by;
          error[i] += step;
          for (int j = 0; j < length; j++) {
            slope[j] += step * moments[i * length + j];
          }
          turned = true;
        }
      }
    }
  }
}
