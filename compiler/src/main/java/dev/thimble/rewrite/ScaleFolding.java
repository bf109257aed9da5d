package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Activations;
import dev.thimble.op.Binary;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Op;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Lets a float filter do the scaling and shifting of channels that follows it, such as a batch
 * normalisation written as a multiplication and an addition.
 */
final class ScaleFolding {
  static final List<Rule> RULES = List.of(Rule.ofReals("scale-folding", ScaleFolding::fold));

  private ScaleFolding() {}

  /**
   * conv(x) * c becomes conv(x) with its filter and bias multiplied by c, and conv(x) + c becomes
   * conv(x) with c added to its bias, where c is constant, one number or one a channel, and nothing
   * else reads conv(x). So for depthwise convolutions and fully connected nodes.
   */
  static Optional<GraphEdit> fold(Graph graph, Node node, RewriteOptions options) {
    if (!(node.op() instanceof Binary binary)
        || !(binary.function() == Binary.Function.ADD || binary.function() == Binary.Function.MUL)
        || !node.output().type().isFloat()) {
      return Optional.empty();
    }
    int operand = graph.isConstant(node.inputs().get(1)) ? 1 : 0;
    Value filtered = node.inputs().get(1 - operand);
    Optional<float[]> factors =
        graph.constant(node.inputs().get(operand)).flatMap(c -> byChannel(c, node.output()));
    Optional<Node> producer = graph.producer(filtered).filter(each -> takes(graph, each));
    if (factors.isEmpty()
        || producer.isEmpty()
        || graph.onlyReader(filtered).isEmpty()
        || !filtered.type().equals(node.output().type())) {
      return Optional.empty();
    }
    return folded(graph, producer.get(), node, binary, factors.get());
  }

  private static Optional<GraphEdit> folded(
      Graph graph, Node filtered, Node node, Binary binary, float[] constants) {
    Tensor filter = graph.constant(filtered.inputs().get(1)).orElseThrow();
    Tensor bias = graph.constant(filtered.inputs().get(2)).orElseThrow();
    boolean scales = binary.function() == Binary.Function.MUL;
    Tensor newFilter = scales ? scaled(filter, axis(filtered.op()), constants) : filter;
    Tensor newBias = scales ? scaled(bias, 0, constants) : shifted(bias, constants);
    if (!isFinite(newFilter) || !isFinite(newBias)) {
      return Optional.empty();
    }
    GraphEdit edit = new GraphEdit(graph).remove(node);
    Value filterValue =
        scales ? edit.constant(node.name() + "~filter", newFilter) : filtered.inputs().get(1);
    Value biasValue = edit.constant(node.name() + "~bias", newBias);
    return Optional.of(
        edit.replace(
            filtered,
            new Node(
                Activations.with(filtered.op(), binary.activation()),
                List.of(filtered.input(), filterValue, biasValue),
                node.outputs())));
  }

  /** Whether the node ends in a sum of products with constants, and in nothing else. */
  private static boolean takes(Graph graph, Node node) {
    return (node.op() instanceof Conv2d
            || node.op() instanceof DepthwiseConv2d
            || node.op() instanceof FullyConnected)
        && node.input().type().isFloat()
        && Activations.of(node.op()).filter(Activation.NONE::equals).isPresent()
        && ConvFilter.isConstant(graph, node)
        && graph.constant(node.inputs().get(1)).orElseThrow().type().isFloat();
  }

  /** The filter's axis of output channels. */
  private static int axis(Op op) {
    return op instanceof DepthwiseConv2d ? 3 : 0;
  }

  /** The constant's number for each channel; nothing where it differs along another axis. */
  private static Optional<float[]> byChannel(Tensor constant, Value output) {
    Shape shape = constant.shape();
    int channels = output.type().shape().rank() == 0 ? 1 : output.type().shape().dim(-1);
    int count = shape.rank() == 0 ? 1 : shape.dim(-1);
    if (shape.elements() != count || (count != 1 && count != channels)) {
      return Optional.empty();
    }
    float[] numbers = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      numbers[channel] = constant.floats()[channel % count];
    }
    return Optional.of(numbers);
  }

  private static Tensor scaled(Tensor tensor, int axis, float[] factors) {
    int inner = 1;
    for (int i = axis + 1; i < tensor.shape().rank(); i++) {
      inner *= tensor.shape().dim(i);
    }
    float[] results = tensor.floats().clone();
    for (int i = 0; i < results.length; i++) {
      results[i] *= factors[i / inner % factors.length];
    }
    return Tensor.ofFloats(tensor.type(), results);
  }

  private static Tensor shifted(Tensor bias, float[] constants) {
    float[] results = bias.floats().clone();
    for (int i = 0; i < results.length; i++) {
      results[i] += constants[i];
    }
    return Tensor.ofFloats(bias.type(), results);
  }

  private static boolean isFinite(Tensor tensor) {
    for (float value : tensor.floats()) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
