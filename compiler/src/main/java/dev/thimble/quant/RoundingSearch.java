package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
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
    // What int16 is computed of are the same filters, in another form.
    Recipe narrow = recipe.withActivations(recipe.activations().narrow());
    this.quantized = Quantizer.run(graph, narrow).graph();
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
      float[] input = Objects.requireNonNull(values.get(node.input())).floats();
      Patches.add(node, input, number, windows.exact());
      Tensor stored = Objects.requireNonNull(present.get(further ? other.input() : node.input()));
      Patches.add(node, NetworkLoss.real(stored), number, windows.present());
    });
  }

  private Recipe rounded(Node node, Windows windows, Recipe before) {
    Node other = Objects.requireNonNull(nodes.get(node));
    Filter filter =
        new Filter(
            node,
            graph.constant(node.inputs().get(1)).orElseThrow(),
            quantized.constant(other.inputs().get(1)).orElseThrow(),
            graph.constant(node.inputs().get(2)).orElseThrow(),
            other.input().type().scale(),
            recipe.format(node.name()));
    // Depthwise filters lie with the channels innermost, and each channel has inputs of its own.
    Moments shared =
        filter.depthwise()
            ? Moments.NONE
            : Moments.of(windows.present(), 0, filter.length(), filter.few());
    List<Channel> channels =
        IntStream.range(0, filter.outputs())
            .parallel()
            .mapToObj(output -> channel(filter, output, windows, shared))
            .toList();
    int[] elements = filter.nearest().ints().clone();
    float[] biases = filter.bias().floats().clone();
    List<Float> scales = new ArrayList<>();
    for (int output = 0; output < channels.size(); output++) {
      Channel channel = channels.get(output);
      for (int i = 0; i < filter.length(); i++) {
        elements[filter.at(output, i)] = channel.choice().elements()[i];
      }
      scales.add((float) channel.choice().scale());
      biases[output] += channel.bias();
    }
    QuantParams quant = new QuantParams.PerChannel(filter.depthwise() ? 3 : 0, scales);
    Tensor nearest = filter.nearest();
    TensorType type = new TensorType(nearest.type().dtype(), nearest.shape(), quant);
    Recipe after = before.withFilter(node.name(), Tensor.ofInts(type, elements));
    return filter.few()
        ? after.withBias(node.name(), Tensor.ofFloats(filter.bias().type(), biases))
        : after;
  }

  /**
   * A filter that is rounded.
   *
   * @param exact the float network's
   * @param nearest as it is stored
   */
  private record Filter(
      Node node, Tensor exact, Tensor nearest, Tensor bias, float inputScale, WeightFormat format) {
    boolean depthwise() {
      return node.op() instanceof DepthwiseConv2d;
    }

    boolean few() {
      return format != WeightFormat.INT8;
    }

    int outputs() {
      return exact.shape().dim(depthwise() ? 3 : 0);
    }

    int length() {
      return exact.floats().length / outputs();
    }

    /** Where an element of a channel lies. */
    int at(int output, int i) {
      return depthwise() ? i * outputs() + output : output * length() + i;
    }
  }

  /** What is chosen for a channel, and what its bias grows by. */
  private record Channel(ChannelRounding.Choice choice, float bias) {}

  private static Channel channel(Filter filter, int output, Windows windows, Moments shared) {
    int length = filter.length();
    boolean few = filter.few();
    int from = filter.depthwise() ? output * length : 0;
    Moments moments =
        filter.depthwise() ? Moments.of(windows.present(), from, length, few) : shared;
    float[] weights = new float[length];
    for (int i = 0; i < length; i++) {
      weights[i] = filter.exact().floats()[filter.at(output, i)];
    }
    Moments.Wanted wanted = moments.wanted(windows.exact(), windows.present(), from, weights, few);
    double least = StoredNumbers.leastScale(filter.bias().floats()[output], filter.inputScale());
    ChannelRounding search =
        new ChannelRounding(moments.products(), wanted.products(), filter.format(), least);
    double scale = filter.nearest().type().scaleOf(output);
    if (!few) {
      return new Channel(search.byScale(weights, scale), 0);
    }
    ChannelRounding.Choice choice = search.withScale(weights, scale);
    double mean = moments.mean(choice.elements(), choice.scale());
    return new Channel(choice, (float) (wanted.mean() - mean));
  }
}
