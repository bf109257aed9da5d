package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Dequantize;
import dev.thimble.op.Quantize;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Removes detours through float. A network's own float inputs and outputs stay as they are: they
 * are its interface.
 */
final class QuantizePairs {
  static final List<Rule> RULES =
      List.of(Rule.ofNode("quantize-of-dequantize", QuantizePairs::join));

  private QuantizePairs() {}

  /**
   * Quantize(Dequantize(x)) becomes x where it gives all 256 stored values back, else Quantize(x)
   * where that gives the same for all 256. It often does not: the float path rounds the scaled
   * value once, the integer path multiplies by a rounded 31-bit multiplier, and ties may part them.
   */
  static Optional<GraphEdit> join(Graph graph, Node node, RewriteOptions options) {
    if (!(node.op() instanceof Quantize quantize)) {
      return Optional.empty();
    }
    Optional<Node> before =
        graph.producer(node.input()).filter(each -> each.op() instanceof Dequantize);
    if (before.isEmpty()) {
      return Optional.empty();
    }
    Value source = before.get().input();
    TensorType from = source.type();
    TensorType to = node.output().type();
    if (!ValueTable.describes(from) || !ValueTable.describes(to)) {
      return Optional.empty();
    }
    ValueTable detour =
        ValueTable.of(
            new Dequantize(), quantize, from, node.input().type(), to, options.rounding());
    GraphEdit edit = new GraphEdit(graph);
    if (detour.isIdentity() && edit.merge(node.output(), source)) {
      return Optional.of(edit.remove(node));
    }
    return edit.replace(node, new Node(quantize, List.of(source), node.outputs()))
        .onlyIf(detour.equals(ValueTable.of(quantize, from, to, options.rounding())));
  }
}
