package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Op;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Computes and stores the same thing once. */
final class CommonSubexpressions {
  static final List<Rule> RULES =
      List.of(
          Rule.ofGraph("common-constants", CommonSubexpressions::constants),
          Rule.ofGraph("common-nodes", CommonSubexpressions::nodes));

  private record Computation(Op op, List<Value> inputs, List<TensorType> outputs) {}

  private CommonSubexpressions() {}

  /**
   * Two constants of the same type and data become one. Counts the constants that lose all their
   * readers; those that are graph outputs stay.
   */
  static Optional<Rewrite> constants(Graph graph, RewriteOptions options) {
    Map<Tensor, Value> first = new HashMap<>();
    GraphEdit edit = new GraphEdit(graph);
    int count = 0;
    for (Map.Entry<Value, Tensor> constant : graph.constants().entrySet()) {
      Value value = constant.getKey();
      Value same = first.putIfAbsent(constant.getValue(), value);
      if (same != null && !graph.isOutput(value) && !graph.readers(value).isEmpty()) {
        edit.readInstead(value, same);
        count++;
      }
    }
    return count == 0 ? Optional.empty() : Optional.of(edit.rewrite(count));
  }

  /**
   * Two nodes of equal op, inputs and output types become the first. Counts the nodes removed. Two
   * nodes that both compute a graph output stay.
   */
  static Optional<Rewrite> nodes(Graph graph, RewriteOptions options) {
    Map<Computation, Node> first = new HashMap<>();
    Map<Value, Value> canonical = new HashMap<>();
    GraphEdit edit = new GraphEdit(graph);
    int count = 0;
    for (Node node : graph.nodes()) {
      List<Value> inputs =
          node.inputs().stream().map(input -> canonical.getOrDefault(input, input)).toList();
      Node same = first.putIfAbsent(new Computation(node.op(), inputs, node.outputTypes()), node);
      if (same != null && node.outputs().size() == 1 && edit.merge(node.output(), same.output())) {
        edit.remove(node);
        canonical.put(node.output(), same.output());
        count++;
      }
    }
    return count == 0 ? Optional.empty() : Optional.of(edit.rewrite(count));
  }
}
