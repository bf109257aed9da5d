package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Chooses for each element of a filter which number it is rounded to by what that does to the
 * node's output on samples, instead of rounding to the nearest: the errors of a filter's elements
 * may cancel each other. It is the aim of Nagel et al., "Up or Down? Adaptive Rounding for
 * Post-Training Quantization", 2020, with a plain descent in place of its relaxation.
 *
 * <p>Filters of few bits also choose their scales and biases, and in further passes they make up
 * for what the quantised nodes before them lost: the output that is wanted is that of the float
 * network, the input is that of the quantised one.
 */
final class RoundingSearch {
  /** Inputs of one output that are searched together, at most; second moments are its square. */
  private static final int LARGEST = 1024;

  /** What is added to the diagonal of H, as a part of its mean: samples do not show everything. */
  private static final double DAMPING = 0.01;

  private final Graph graph;
  private final Graph quantized;
  private final Recipe recipe;
  private final boolean further;
  private final Map<Node, Node> nodes = new LinkedHashMap<>();

  /**
   * Windows of the float network's inputs of a node, and of the inputs that it is to be fit for.
   */
  private record Windows(List<float[]> exact, List<float[]> present) {
    Windows() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    void add(Windows other) {
      exact.addAll(other.exact);
      present.addAll(other.present);
    }
  }

  private RoundingSearch(Graph graph, Recipe recipe, boolean further) {
    this.graph = graph;
    this.recipe = recipe;
    this.further = further;
    this.quantized = Quantizer.run(graph, recipe).graph();
    Map<String, Node> byName = new LinkedHashMap<>();
    quantized.nodes().forEach(node -> byName.put(node.name(), node));
    for (Node node : graph.nodes()) {
      Node other = byName.get(node.name());
      boolean wanted = !further || recipe.format(node.name()) != WeightFormat.INT8;
      if (wanted
          && other != null
          && !other.output().type().isFloat()
          && Patches.reads(node)
          && quantized.isConstant(other.inputs().get(1))
          && Patches.length(node) <= LARGEST) {
        nodes.put(node, other);
      }
    }
  }

  /** The recipe with filters rounded for these samples. */
  static Recipe run(
      Graph graph, Recipe recipe, Iterable<List<Tensor>> samples, SampleListener listener) {
    return new RoundingSearch(graph, recipe, false).run(samples, listener);
  }

  /** The same once more for filters of few bits, after a recipe whose filters were rounded. */
  static Recipe again(
      Graph graph, Recipe recipe, Iterable<List<Tensor>> samples, SampleListener listener) {
    return new RoundingSearch(graph, recipe, true).run(samples, listener);
  }

  private Recipe run(Iterable<List<Tensor>> samples, SampleListener listener) {
    List<Map<Node, Windows>> lanes =
        SampleFold.run(
            samples,
            LinkedHashMap::new,
            (lane, number, sample) -> collect(lane, number, sample),
            block -> {},
            listener);
    Recipe result = recipe;
    for (Node node : nodes.keySet()) {
      Windows windows = new Windows();
      lanes.forEach(lane -> windows.add(lane.getOrDefault(node, new Windows())));
      result = rounded(node, windows, result);
      listener.done();
    }
    return result;
  }

  private void collect(Map<Node, Windows> lane, long number, List<Tensor> sample) {
    Map<Value, Tensor> values = NetworkLoss.values(graph, sample);
    Map<Value, Tensor> present = further ? NetworkLoss.values(quantized, sample) : values;
    nodes.forEach((node, other) -> {
      Windows windows = lane.computeIfAbsent(node, n -> new Windows());
      boolean few = recipe.format(node.name()) != WeightFormat.INT8;
      int most = few ? Patches.MANY : Patches.FEW;
      float[] input = Objects.requireNonNull(values.get(node.input())).floats();
      Patches.add(node, input, number, most, windows.exact());
      Tensor stored = Objects.requireNonNull(present.get(further ? other.input() : node.input()));
      Patches.add(node, NetworkLoss.real(stored), number, most, windows.present());
    });
  }

  private Recipe rounded(Node node, Windows windows, Recipe before) {
    Node other = Objects.requireNonNull(nodes.get(node));
    Tensor nearest = quantized.constant(other.inputs().get(1)).orElseThrow();
    Tensor exact = graph.constant(node.inputs().get(1)).orElseThrow();
    Tensor bias = graph.constant(node.inputs().get(2)).orElseThrow();
    float inputScale = other.input().type().scale();
    WeightFormat format = recipe.format(node.name());
    boolean few = format != WeightFormat.INT8;
    boolean depthwise = node.op() instanceof DepthwiseConv2d;
    int outputs = depthwise ? exact.shape().dim(3) : exact.shape().dim(0);
    int length = exact.floats().length / outputs;
    int[] result = nearest.ints().clone();
    float[] biases = bias.floats().clone();
    Float[] scales = new Float[outputs];
    // Depthwise filters lie with the channels innermost, and each channel has inputs of its own.
    Moments shared = depthwise ? Moments.NONE : Moments.of(windows.present(), 0, length, few);
    IntStream.range(0, outputs)
        .parallel()
        .forEach(output -> {
          int from = depthwise ? output * length : 0;
          Moments moments = depthwise ? Moments.of(windows.present(), from, length, few) : shared;
          int first = depthwise ? output : output * length;
          int stride = depthwise ? outputs : 1;
          float[] weights = new float[length];
          for (int i = 0; i < length; i++) {
            weights[i] = exact.floats()[first + i * stride];
          }
          Moments.Wanted wanted =
              moments.wanted(windows.exact(), windows.present(), from, weights, few);
          double least = StoredNumbers.leastScale(bias.floats()[output], inputScale);
          ChannelRounding search =
              new ChannelRounding(moments.products(), wanted.products(), format, least);
          double scale = nearest.type().scaleOf(output);
          ChannelRounding.Choice choice =
              few ? search.withScale(weights, scale) : search.byScale(weights, scale);
          scales[output] = (float) choice.scale();
          for (int i = 0; i < length; i++) {
            result[first + i * stride] = choice.elements()[i];
          }
          biases[output] +=
              few ? (float) (wanted.mean() - moments.mean(choice.elements(), choice.scale())) : 0;
        });
    int axis = depthwise ? 3 : 0;
    QuantParams quant = new QuantParams.PerChannel(axis, Arrays.asList(scales));
    TensorType type = new TensorType(nearest.type().dtype(), nearest.shape(), quant);
    Recipe after = before.withFilter(node.name(), Tensor.ofInts(type, result));
    return few ? after.withBias(node.name(), Tensor.ofFloats(bias.type(), biases)) : after;
  }

  /** Second moments of a channel's inputs, about their means where the bias makes up for these. */
  private record Moments(double[] products, double[] means, double damping, int count) {
    static final Moments NONE = new Moments(new double[0], new double[0], 0, 0);

    static Moments of(List<float[]> patches, int from, int length, boolean centred) {
      double[] means = new double[length];
      if (centred) {
        for (float[] patch : patches) {
          for (int i = 0; i < length; i++) {
            means[i] += (double) patch[from + i] / patches.size();
          }
        }
      }
      double[] products = new double[length * length];
      for (float[] patch : patches) {
        for (int i = 0; i < length; i++) {
          double x = patch[from + i];
          if (x != 0) {
            for (int j = 0; j <= i; j++) {
              products[i * length + j] += x * patch[from + j];
            }
          }
        }
      }
      double trace = 0;
      for (int i = 0; i < length; i++) {
        for (int j = 0; j <= i; j++) {
          products[i * length + j] -= patches.size() * means[i] * means[j];
          products[j * length + i] = products[i * length + j];
        }
        trace += products[i * length + i];
      }
      double damping = DAMPING * trace / length;
      for (int i = 0; i < length; i++) {
        products[i * length + i] += damping;
      }
      return new Moments(products, means, damping, patches.size());
    }

    /** The products of the inputs with the wanted output, and its mean. */
    record Wanted(double[] products, double mean) {}

    Wanted wanted(
        List<float[]> exact, List<float[]> present, int from, float[] weights, boolean centred) {
      double[] sums = new double[weights.length];
      double total = 0;
      for (int p = 0; p < exact.size(); p++) {
        double output = 0;
        for (int i = 0; i < weights.length; i++) {
          output += (double) weights[i] * exact.get(p)[from + i];
        }
        total += output;
        for (int i = 0; i < weights.length; i++) {
          sums[i] += output * present.get(p)[from + i];
        }
      }
      for (int i = 0; i < weights.length; i++) {
        sums[i] += damping * weights[i] - (centred ? total * means[i] : 0);
      }
      return new Wanted(sums, total / Math.max(1, exact.size()));
    }

    /** The mean output of these elements. */
    double mean(int[] elements, double scale) {
      double mean = 0;
      for (int i = 0; i < elements.length; i++) {
        mean += scale * elements[i] * means[i];
      }
      return mean;
    }
  }
}
