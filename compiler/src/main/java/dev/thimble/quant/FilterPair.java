package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two nodes with filters and biases of their own, of which the second alone reads what the first
 * computes, each output channel of the first as the input channel of the same index.
 */
record FilterPair(Node first, Node second) {
  /** All pairs of a network. */
  static List<FilterPair> of(Graph graph) {
    List<FilterPair> pairs = new ArrayList<>();
    for (Node first : graph.nodes()) {
      Optional<Node> second = graph.onlyReader(first.output());
      if (isFirst(graph, first) && second.isPresent() && isSecond(graph, first, second.get())) {
        pairs.add(new FilterPair(first, second.get()));
      }
    }
    return pairs;
  }

  private static boolean isFirst(Graph graph, Node node) {
    Optional<Activation> activation =
        switch (NodeRule.of(node)) {
          case NodeRule.Filtered f -> activation(node);
          case NodeRule.AsItIs a -> Optional.empty();
          case NodeRule.FixedType f -> Optional.empty();
          case NodeRule.OneType o -> Optional.empty();
          case NodeRule.Ordered o -> Optional.empty();
          case NodeRule.OwnRange o -> Optional.empty();
          case NodeRule.StaysFloat s -> Optional.empty();
        };
    return activation.filter(a -> a == Activation.NONE || a == Activation.RELU).isPresent()
        && ownsConstants(graph, node);
  }

  /** The activation of a node with a filter; nothing of any other. */
  static Optional<Activation> activation(Node node) {
    if (node.op() instanceof Conv2d conv) {
      return Optional.of(conv.activation());
    }
    if (node.op() instanceof DepthwiseConv2d depthwise) {
      return Optional.of(depthwise.activation());
    }
    return node.op() instanceof FullyConnected full
        ? Optional.of(full.activation())
        : Optional.empty();
  }

  /** Whether the second's input channels are the first's output channels, one for one. */
  private static boolean isSecond(Graph graph, Node first, Node second) {
    boolean each =
        (second.op() instanceof Conv2d conv && conv.groups() == 1)
            || (second.op() instanceof DepthwiseConv2d depthwise && depthwise.multiplier() == 1)
            || (second.op() instanceof FullyConnected
                && second.inputs().get(1).type().shape().dim(1)
                    == first.output().type().shape().dim(-1));
    return each
        && second.input().equals(first.output())
        && second.inputs().lastIndexOf(first.output()) == 0
        && ownsConstants(graph, second);
  }

  private static boolean ownsConstants(Graph graph, Node node) {
    for (int i = 1; i < 3; i++) {
      Value value = node.inputs().get(i);
      if (!graph.isConstant(value) || graph.readers(value).size() > 1 || graph.isOutput(value)) {
        return false;
      }
    }
    return node.inputs().get(1) != node.inputs().get(2);
  }
}
