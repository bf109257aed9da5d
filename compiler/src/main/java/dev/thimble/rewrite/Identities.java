package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Activations;
import dev.thimble.op.Concat;
import dev.thimble.op.Expand;
import dev.thimble.op.Pad;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Quantize;
import dev.thimble.op.Reshape;
import dev.thimble.op.Reverse;
import dev.thimble.op.Size2d;
import dev.thimble.op.Slice;
import dev.thimble.op.Tile;
import dev.thimble.op.Transpose;
import dev.thimble.op.Unary;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Removes nodes that change nothing. A node stays where its output is a graph output and its input
 * is a graph input, a constant or another output: then it is the copy that the output needs.
 */
final class Identities {
  static final List<Rule> RULES =
      List.of(
          Rule.ofNode("reshape-to-same-shape", Identities::reshape),
          Rule.ofNode("pad-of-nothing", Identities::pad),
          Rule.ofNode("move-to-same-place", Identities::move),
          Rule.ofNode("pool-of-one-element", Identities::pool),
          Rule.ofNode("quantize-to-same-type", Identities::quantize),
          Rule.ofNode("clamp-without-effect", Identities::clamp));

  private Identities() {}

  /** Reshape(x) to the shape of x becomes x. */
  static Optional<GraphEdit> reshape(Graph graph, Node node, RewriteOptions options) {
    return node.op() instanceof Reshape ? removed(graph, node) : Optional.empty();
  }

  /** Pad(x) by nothing becomes x. */
  static Optional<GraphEdit> pad(Graph graph, Node node, RewriteOptions options) {
    return node.op() instanceof Pad ? removed(graph, node) : Optional.empty();
  }

  /** An op that moves every element of x to the place where it is becomes x. */
  static Optional<GraphEdit> move(Graph graph, Node node, RewriteOptions options) {
    boolean stays =
        node.op() instanceof Expand
            || node.op() instanceof Tile
            || (node.op() instanceof Concat && node.inputs().size() == 1)
            || (node.op() instanceof Reverse reverse && reverse.axes().isEmpty())
            || (node.op() instanceof Slice slice
                && slice.steps().stream().allMatch(step -> step > 0))
            || (node.op() instanceof Transpose transpose && isSorted(transpose.permutation()));
    return stays && node.input().type().equals(node.output().type())
        ? removed(graph, node)
        : Optional.empty();
  }

  private static boolean isSorted(List<Integer> axes) {
    return axes.stream().sorted().toList().equals(axes);
  }

  /**
   * Pool2d(x) of 1x1 windows at stride 1 becomes x, where its activation clamps nothing. An average
   * of floats is left alone, since a sum that starts at 0 turns -0 into 0.
   */
  static Optional<GraphEdit> pool(Graph graph, Node node, RewriteOptions options) {
    if (!(node.op() instanceof Pool2d pool)
        || !pool.kernel().equals(Size2d.ONE)
        || !pool.stride().equals(Size2d.ONE)) {
      return Optional.empty();
    }
    TensorType type = node.output().type();
    boolean exact =
        type.isFloat()
            ? pool.pooling() == Pool2d.Kind2d.MAX && pool.activation() == Activation.NONE
            : ValueTable.ofClamp(pool.activation(), type).isIdentity();
    return exact ? removed(graph, node) : Optional.empty();
  }

  /** Quantize(x) from int8 to the same scale and zero point becomes x; tried on all 256 values. */
  static Optional<GraphEdit> quantize(Graph graph, Node node, RewriteOptions options) {
    if (!(node.op() instanceof Quantize quantize) || !sameInt8(node)) {
      return Optional.empty();
    }
    TensorType type = node.output().type();
    return ValueTable.of(quantize, type, type, options.rounding()).isIdentity()
        ? removed(graph, node)
        : Optional.empty();
  }

  /**
   * Relu(x), where every stored value that x can have stays as it is, becomes x; so for relu6 and
   * the clamp to [-1, 1]. What x can have is all of int8, or what its producer's clamp leaves.
   */
  static Optional<GraphEdit> clamp(Graph graph, Node node, RewriteOptions options) {
    if (!(node.op() instanceof Unary unary)
        || unary.asActivation() == Activation.NONE
        || !sameInt8(node)) {
      return Optional.empty();
    }
    TensorType type = node.output().type();
    Activation before =
        graph
            .producer(node.input())
            .flatMap(producer -> Activations.of(producer.op()))
            .orElse(Activation.NONE);
    int min = before.quantizedMin(type);
    int max = before.quantizedMax(type);
    return ValueTable.of(unary, type, type, options.rounding()).isIdentity(min, max)
        ? removed(graph, node)
        : Optional.empty();
  }

  private static boolean sameInt8(Node node) {
    return node.input().type().dtype() == DType.INT8
        && ValueTable.describes(node.output().type())
        && node.input().type().equals(node.output().type());
  }

  /** The graph without the node, its input in its output's place, where that can be. */
  private static Optional<GraphEdit> removed(Graph graph, Node node) {
    Value input = node.input();
    GraphEdit edit = new GraphEdit(graph);
    return edit.merge(node.output(), input) ? Optional.of(edit.remove(node)) : Optional.empty();
  }
}
