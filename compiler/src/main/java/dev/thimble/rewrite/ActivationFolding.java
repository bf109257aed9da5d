package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.op.Activation;
import dev.thimble.op.Activations;
import dev.thimble.op.Unary;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Lets the node before a clamp do the clamping. */
final class ActivationFolding {
  static final List<Rule> RULES =
      List.of(
          Rule.ofNode("activation-folding", ActivationFolding::fold),
          Rule.ofNode("activation-simplified", ActivationFolding::simplify));

  private ActivationFolding() {}

  /**
   * Relu(conv(x)) becomes conv(x) with that activation; so for every clamp after every op that has
   * an activation and no other reader. Where it has an activation already, both together must be
   * one. Quantised, the clamp's scale and zero point must be the same on both sides and all 256
   * stored values must come out as the activation's bounds say.
   */
  static Optional<GraphEdit> fold(Graph graph, Node node, RewriteOptions options) {
    if (!(node.op() instanceof Unary unary)
        || unary.asActivation() == Activation.NONE
        || !node.input().type().equals(node.output().type())
        || !(node.input().type().isFloat() || ValueTable.describes(node.input().type()))
        || graph.onlyReader(node.input()).isEmpty()) {
      return Optional.empty();
    }
    TensorType type = node.output().type();
    if (!type.isFloat()
        && !ValueTable.of(unary, type, type, options.rounding())
            .equals(ValueTable.ofClamp(unary.asActivation(), type))) {
      return Optional.empty();
    }
    Optional<Node> producer = graph.producer(node.input());
    return producer
        .flatMap(before -> Activations.of(before.op()))
        .flatMap(first -> both(first, unary.asActivation(), type))
        .map(activation -> folded(graph, producer.orElseThrow(), node, activation));
  }

  private static GraphEdit folded(Graph graph, Node producer, Node clamp, Activation activation) {
    return new GraphEdit(graph)
        .remove(clamp)
        .replace(
            producer,
            new Node(
                Activations.with(producer.op(), activation), producer.inputs(), clamp.outputs()));
  }

  /** op(x) with an activation whose bounds are those of a simpler one becomes op(x) with that. */
  static Optional<GraphEdit> simplify(Graph graph, Node node, RewriteOptions options) {
    TensorType type = node.output().type();
    Optional<Activation> activation = Activations.of(node.op());
    if (activation.isEmpty() || !ValueTable.describes(type)) {
      return Optional.empty();
    }
    Activation simplest = both(activation.get(), Activation.NONE, type).orElseThrow();
    return simplest == activation.get()
        ? Optional.empty()
        : Optional.of(
            new GraphEdit(graph)
                .replace(
                    node,
                    new Node(
                        Activations.with(node.op(), simplest), node.inputs(), node.outputs())));
  }

  /** The first activation that clamps as these two in turn, if there is one. */
  private static Optional<Activation> both(Activation a, Activation b, TensorType type) {
    if (type.isFloat()) {
      float min = Math.max(a.min(), b.min());
      float max = Math.min(a.max(), b.max());
      return Arrays.stream(Activation.values())
          .filter(each -> each.min() == min && each.max() == max)
          .findFirst();
    }
    int min = Math.max(a.quantizedMin(type), b.quantizedMin(type));
    int max = Math.min(a.quantizedMax(type), b.quantizedMax(type));
    return Arrays.stream(Activation.values())
        .filter(each -> each.quantizedMin(type) == min && each.quantizedMax(type) == max)
        .findFirst();
  }
}
