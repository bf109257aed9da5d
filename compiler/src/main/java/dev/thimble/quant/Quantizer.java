package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes an int8 network of a float network: each op by its {@link NodeRule}. */
final class Quantizer {
  private final Graph graph;
  private final Recipe recipe;
  private final Map<Node, String> inFloat = new LinkedHashMap<>();

  private Quantizer(Graph graph, Recipe recipe) {
    this.graph = graph;
    this.recipe = recipe;
  }

  /** The quantised network; its values have the names of those that they stand for. */
  static Quantized run(Graph graph, Recipe recipe) {
    return new Quantizer(graph, recipe).run();
  }

  private Quantized run() {
    for (Node node : graph.nodes()) {
      if (recipe.activations().float32().contains(node.name())) {
        inFloat.put(node, "is asked to stay in float32");
      } else if (NodeRule.of(node) instanceof NodeRule.StaysFloat stays) {
        inFloat.put(node, stays.reason());
      } else if (NodeRule.of(node) instanceof NodeRule.Filtered && !isConstant(node)) {
        inFloat.put(node, "its filter and bias are no constants");
      }
    }
    leaveMoves();
    while (true) {
      int before = inFloat.size();
      ValueTypes types = new ValueTypes(graph, recipe, Set.copyOf(inFloat.keySet()));
      QuantizedGraph made = new QuantizedGraph(graph, recipe, types, inFloat.keySet());
      Graph quantized = made.build(inFloat);
      if (inFloat.size() == before) {
        return new Quantized(GraphChecker.check(quantized), reasons());
      }
      leaveMoves();
    }
  }

  private boolean isConstant(Node node) {
    return node.inputs().size() == 3
        && graph.isConstant(node.inputs().get(1))
        && graph.isConstant(node.inputs().get(2));
  }

  /** Nodes that only move what is computed in float, for nodes in float, stay in float too. */
  private void leaveMoves() {
    Set<Value> floats = new HashSet<>();
    for (Node node : graph.nodes()) {
      boolean moves = NodeRule.of(node) instanceof NodeRule.OneType;
      List<Value> moved =
          node.inputs().stream()
              .filter(value -> value.type().isFloat() && !graph.isConstant(value))
              .toList();
      boolean afterFloat = moves && !moved.isEmpty() && floats.containsAll(moved);
      if (inFloat.containsKey(node) || afterFloat) {
        inFloat.putIfAbsent(node, "moves what is computed in float32");
        floats.addAll(node.outputs());
      }
    }
  }

  private List<Quantized.InFloat> reasons() {
    List<Quantized.InFloat> reasons = new ArrayList<>();
    inFloat.forEach((node, reason) ->
        reasons.add(new Quantized.InFloat(node.name(), node.op().kind(), reason)));
    return reasons;
  }
}
