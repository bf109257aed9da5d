package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Cast;
import dev.thimble.op.Quantize;
import dev.thimble.op.Unary;
import dev.thimble.tensor.DType;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The floats that become integers. Where one lies next to a tie, as it often does where scales are
 * powers of two, its last bit decides over a step of the integer, which is compared exactly.
 */
final class RoundedFloats {
  private RoundedFloats() {}

  /** The nodes whose outputs are rounded to integers, by nodes of floats that follow them. */
  static Set<Node> feeding(Graph graph) {
    Set<Node> nodes = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Value> rounded = new HashSet<>();
    for (Node node : graph.nodes().reversed()) {
      boolean feeds = node.outputs().stream().anyMatch(rounded::contains);
      if (feeds) {
        nodes.add(node);
      }
      if (feeds || rounds(node)) {
        node.inputs().stream().filter(input -> input.type().isFloat()).forEach(rounded::add);
      }
    }
    return nodes;
  }

  private static boolean rounds(Node node) {
    if (node.op() instanceof Unary unary) {
      return unary.function() == Unary.Function.ROUND
          || unary.function() == Unary.Function.FLOOR
          || unary.function() == Unary.Function.CEIL;
    }
    DType dtype = node.outputs().getFirst().type().dtype();
    boolean integer = !dtype.isFloat() && dtype != DType.BOOL;
    return integer && (node.op() instanceof Cast || node.op() instanceof Quantize);
  }
}
