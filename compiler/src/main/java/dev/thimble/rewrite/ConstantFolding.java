package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Reshape;
import dev.thimble.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** Computes at compile time what depends on constants only. */
final class ConstantFolding {
  static final List<Rule> RULES = List.of(Rule.ofNode("constant-folding", ConstantFolding::fold));

  private ConstantFolding() {}

  /**
   * op(constant, …) becomes a constant. Not where the result takes more flash than its inputs by
   * more than {@link RewriteOptions#growthLimit()}, and not for a reshape that computes a graph
   * output: an output has to be written by some node, and that is the cheapest.
   */
  static Optional<GraphEdit> fold(Graph graph, Node node, RewriteOptions options) {
    if (node.inputs().isEmpty()
        || !node.inputs().stream().allMatch(graph::isConstant)
        || (node.op() instanceof Reshape && graph.isOutput(node.output()))
        || !fits(node, options)) {
      return Optional.empty();
    }
    List<Tensor> inputs = node.inputs().stream().map(graph.constants()::get).toList();
    List<Tensor> results = node.op().evaluate(inputs, node.outputTypes(), options.rounding());
    GraphEdit edit = new GraphEdit(graph).remove(node);
    for (int i = 0; i < results.size(); i++) {
      edit.constant(node.outputs().get(i), results.get(i));
    }
    return Optional.of(edit);
  }

  private static boolean fits(Node node, RewriteOptions options) {
    return bytes(node.outputs()) - bytes(node.inputs()) <= options.growthLimit();
  }

  private static long bytes(List<Value> values) {
    return values.stream().mapToLong(value -> value.type().bytes()).sum();
  }
}
