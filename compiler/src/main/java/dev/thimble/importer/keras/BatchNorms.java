package dev.thimble.importer.keras;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Op;
import dev.thimble.op.Reshape;
import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Folds a product and a sum along channels, as batch normalization leaves them, into the filter and
 * the bias of the node before, where nothing else reads what lies between. Filters and biases are
 * scaled in double precision and rounded once.
 */
final class BatchNorms {
  private final Graph graph;
  private final Map<Value, Tensor> constants;
  private final Map<Node, Node> replaced = new HashMap<>();
  private final Set<Node> dropped = new HashSet<>();

  private BatchNorms(Graph graph) {
    this.graph = graph;
    this.constants = new LinkedHashMap<>(graph.constants());
  }

  /** The graph with what can be folded folded, and without constants that nothing reads. */
  static Graph folded(Graph graph) {
    return new BatchNorms(graph).fold();
  }

  private Graph fold() {
    for (Node node : graph.nodes()) {
      foldInto(node);
    }
    List<Node> nodes = new ArrayList<>();
    Set<Value> read = new HashSet<>(graph.outputs());
    for (Node node : graph.nodes()) {
      if (!dropped.contains(node)) {
        Node kept = replaced.getOrDefault(node, node);
        nodes.add(kept);
        read.addAll(kept.inputs());
      }
    }
    constants.keySet().retainAll(read);
    return new Graph(
        graph.name(), graph.inputs(), constants, nodes, graph.outputs(), graph.origins());
  }

  /** Folds what follows a node with a filter; one reshape that keeps channels may lie between. */
  private void foldInto(Node node) {
    int channelAxis = channelAxis(node.op());
    if (channelAxis < 0 || !isOwn(node.inputs().get(1)) || !isOwn(node.inputs().get(2))) {
      return;
    }
    int channels = node.inputs().get(2).type().elements();
    Optional<Node> next = graph.onlyReader(node.output());
    Optional<Node> reshape =
        next.filter(reader -> reader.op() instanceof Reshape)
            .filter(reader -> reader.output().type().shape().dim(-1) == channels);
    if (reshape.isPresent()) {
      next = graph.onlyReader(reshape.get().output());
    }
    Optional<Node> product = next.filter(reader -> isAlong(reader, Binary.Function.MUL, channels));
    Optional<Node> sum =
        product
            .flatMap(reader -> graph.onlyReader(reader.output()))
            .filter(reader -> isAlong(reader, Binary.Function.ADD, channels));
    if (sum.isEmpty()) {
      return;
    }
    scale(node, channelAxis, vector(product.get()), vector(sum.get()));
    dropped.add(product.get());
    dropped.add(sum.get());
    Value output = sum.get().output();
    if (reshape.isPresent()) {
      Node moved = reshape.get();
      replaced.put(moved, new Node(moved.op(), moved.inputs(), output));
    } else {
      replaced.put(node, new Node(node.op(), node.inputs(), output));
    }
  }

  /** The axis of the filter that counts output channels; -1 for nodes that take no factor. */
  private static int channelAxis(Op op) {
    return switch (op) {
      case Conv2d conv when conv.activation() == Activation.NONE -> 0;
      case DepthwiseConv2d depthwise when depthwise.activation() == Activation.NONE -> 3;
      case FullyConnected dense when dense.activation() == Activation.NONE -> 0;
      default -> -1;
    };
  }

  private boolean isOwn(Value constant) {
    return graph.isConstant(constant)
        && constant.type().isFloat()
        && graph.onlyReader(constant).isPresent();
  }

  /** Whether a node combines a value with a vector along its last axis, and nothing else. */
  private boolean isAlong(Node node, Binary.Function function, int channels) {
    if (!(node.op() instanceof Binary binary)
        || binary.function() != function
        || binary.activation() != Activation.NONE) {
      return false;
    }
    Value vector = node.inputs().get(1);
    return graph.isConstant(vector)
        && !graph.isConstant(node.input())
        && node.output().type().shape().equals(node.input().type().shape())
        && vector.type().isFloat()
        && vector.type().elements() == channels
        && vector.type().shape().rank() > 0
        && vector.type().shape().dim(-1) == channels;
  }

  private float[] vector(Node node) {
    return graph.constant(node.inputs().get(1)).orElseThrow().floats();
  }

  private void scale(Node node, int channelAxis, float[] factors, float[] summands) {
    Value filter = node.inputs().get(1);
    float[] weights = graph.constant(filter).orElseThrow().floats().clone();
    int inner = channelAxis == 0 ? weights.length / factors.length : 1;
    for (int i = 0; i < weights.length; i++) {
      int channel = i / inner % factors.length;
      weights[i] = (float) ((double) weights[i] * factors[channel]);
    }
    constants.put(filter, Tensor.ofFloats(filter.type(), weights));
    Value bias = node.inputs().get(2);
    float[] biases = graph.constant(bias).orElseThrow().floats().clone();
    for (int channel = 0; channel < biases.length; channel++) {
      biases[channel] = (float) ((double) biases[channel] * factors[channel] + summands[channel]);
    }
    constants.put(bias, Tensor.ofFloats(bias.type(), biases));
  }
}
