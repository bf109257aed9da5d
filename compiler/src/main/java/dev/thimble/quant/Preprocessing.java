package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Padding2d;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is done to numbers before a float network takes them: {@code factor * x + shift}, for all
 * channels of the last axis alike or for each. The network takes it in, so that a program is given
 * the numbers as they come: into the filters that read the input where that is the same for every
 * element, else as a product and a sum.
 *
 * @param factors one, or one for each channel
 * @param shifts one, or one for each channel
 */
public record Preprocessing(List<Float> factors, List<Float> shifts) {
  public Preprocessing {
    factors = List.copyOf(factors);
    shifts = List.copyOf(shifts);
    for (float factor : factors) {
      if (factor == 0 || !Float.isFinite(factor)) {
        throw new IllegalArgumentException("a factor must be finite and not 0, was " + factor);
      }
    }
    for (float shift : shifts) {
      if (!Float.isFinite(shift)) {
        throw new IllegalArgumentException("a shift must be finite, was " + shift);
      }
    }
  }

  /** The float network with its only input as it is before. */
  public Graph before(Graph graph) {
    if (graph.inputs().size() != 1 || !graph.inputs().getFirst().type().isFloat()) {
      throw new IllegalArgumentException(
          "--input-range, --mean and --std are for networks of one input of float32");
    }
    Value input = graph.inputs().getFirst();
    requireFit(input, factors.size());
    requireFit(input, shifts.size());
    List<Node> readers = graph.readers(input);
    boolean folds = !graph.isOutput(input) && readers.stream().allMatch(node -> folds(graph, node));
    return folds ? folded(graph, readers) : computed(graph, input);
  }

  private static void requireFit(Value input, int count) {
    int channels = input.type().shape().rank() == 0 ? 1 : input.type().shape().dim(-1);
    if (count != 1 && count != channels) {
      throw new IllegalArgumentException(
          "--mean and --std take one number or one for each of the "
              + channels
              + " channels of input '"
              + input.name()
              + "', were given "
              + count);
    }
  }

  private float factor(int channel) {
    return factors.get(factors.size() == 1 ? 0 : channel % factors.size());
  }

  private float shift(int channel) {
    return shifts.get(shifts.size() == 1 ? 0 : channel % shifts.size());
  }

  /** Whether a node's filter can take it in; around the map, padding is no shifted number. */
  private boolean folds(Graph graph, Node node) {
    boolean shifted = shifts.stream().anyMatch(shift -> shift != 0);
    boolean filtered =
        (node.op() instanceof Conv2d c && c.groups() == 1 && !(shifted && padded(c.padding())))
            || (node.op() instanceof DepthwiseConv2d d && !(shifted && padded(d.padding())))
            || (node.op() instanceof FullyConnected
                && node.inputs().get(1).type().shape().dim(1) % node.input().type().shape().dim(-1)
                    == 0);
    return filtered
        && node.inputs().lastIndexOf(node.input()) == 0
        && node.input().equals(graph.inputs().getFirst())
        && graph.isConstant(node.inputs().get(1))
        && graph.isConstant(node.inputs().get(2))
        && node.inputs().get(1).type().isFloat();
  }

  private static boolean padded(Padding2d padding) {
    return !padding.equals(Padding2d.NONE);
  }

  private Graph folded(Graph graph, List<Node> readers) {
    Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      nodes.add(readers.contains(node) ? folded(graph, node, constants) : node);
    }
    return with(graph, constants, nodes);
  }

  private Node folded(Graph graph, Node node, Map<Value, Tensor> constants) {
    Tensor filter = graph.constant(node.inputs().get(1)).orElseThrow();
    Tensor bias = graph.constant(node.inputs().get(2)).orElseThrow();
    float[] weights = filter.floats().clone();
    double[] sums = new double[bias.floats().length];
    boolean depthwise = node.op() instanceof DepthwiseConv2d;
    int multiplier = node.op() instanceof DepthwiseConv2d d ? d.multiplier() : 1;
    int channels = depthwise ? filter.shape().dim(3) : filter.shape().dim(-1);
    int perOutput = weights.length / sums.length;
    for (int i = 0; i < weights.length; i++) {
      int channel = i % channels / multiplier;
      int output = depthwise ? i % channels : i / perOutput;
      sums[output] += (double) weights[i] * shift(channel);
      weights[i] *= factor(channel);
    }
    float[] biases = bias.floats().clone();
    for (int i = 0; i < biases.length; i++) {
      biases[i] += (float) sums[i];
    }
    Value newFilter = new Value(node.name() + "~filter of raw input", filter.type());
    Value newBias = new Value(node.name() + "~bias of raw input", bias.type());
    constants.put(newFilter, Tensor.ofFloats(filter.type(), weights));
    constants.put(newBias, Tensor.ofFloats(bias.type(), biases));
    return new Node(node.op(), List.of(node.input(), newFilter, newBias), node.outputs());
  }

  private Graph computed(Graph graph, Value input) {
    Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
    Value scaled = new Value(input.name() + "~scaled", input.type());
    Value shifted = new Value(input.name() + "~shifted", input.type());
    List<Node> nodes = new ArrayList<>();
    nodes.add(
        new Node(
            new Binary(Binary.Function.MUL, Activation.NONE),
            List.of(input, constant(constants, input.name() + "~factor", factors)),
            scaled));
    nodes.add(
        new Node(
            new Binary(Binary.Function.ADD, Activation.NONE),
            List.of(scaled, constant(constants, input.name() + "~shift", shifts)),
            shifted));
    for (Node node : graph.nodes()) {
      nodes.add(
          new Node(
              node.op(),
              node.inputs().stream().map(v -> v.equals(input) ? shifted : v).toList(),
              node.outputs()));
    }
    return with(graph, constants, nodes);
  }

  private static Value constant(Map<Value, Tensor> constants, String name, List<Float> numbers) {
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(i);
    }
    TensorType type = TensorType.float32(values.length);
    Value value = new Value(name, type);
    constants.put(value, Tensor.ofFloats(type, values));
    return value;
  }

  private static Graph with(Graph graph, Map<Value, Tensor> constants, List<Node> nodes) {
    return new Graph(
        graph.name(),
        graph.inputs(),
        constants,
        graph.states(),
        nodes,
        graph.outputs(),
        graph.origins());
  }
}
