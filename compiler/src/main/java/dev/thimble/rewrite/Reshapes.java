package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Reshape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Removes reshapes that the next node makes needless. */
final class Reshapes {
  static final List<Rule> RULES =
      List.of(
          Rule.ofNode("reshape-of-reshape", Reshapes::merge),
          Rule.ofNode("reshape-before-fully-connected", Reshapes::beforeFullyConnected));

  private Reshapes() {}

  /** Reshape(Reshape(x)) becomes Reshape(x). */
  static Optional<GraphEdit> merge(Graph graph, Node node, RewriteOptions options) {
    return node.op() instanceof Reshape ? pastReshape(graph, node) : Optional.empty();
  }

  /**
   * FullyConnected(Reshape(x)) becomes FullyConnected(x), unless the output keeps its input's axes:
   * a fully connected node reads rows whatever the shape is.
   */
  static Optional<GraphEdit> beforeFullyConnected(Graph graph, Node node, RewriteOptions options) {
    return node.op() instanceof FullyConnected connected && !connected.keepAxes()
        ? pastReshape(graph, node)
        : Optional.empty();
  }

  private static Optional<GraphEdit> pastReshape(Graph graph, Node node) {
    return graph
        .producer(node.input())
        .filter(before -> before.op() instanceof Reshape)
        .map(before -> {
          List<Value> inputs = new ArrayList<>(node.inputs());
          inputs.set(0, before.input());
          return new GraphEdit(graph).replace(node, new Node(node.op(), inputs, node.outputs()));
        });
  }
}
