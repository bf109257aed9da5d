package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Origin;
import dev.thimble.graph.Value;
import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Removes what no output needs. */
final class DeadCode {
  static final List<Rule> RULES =
      List.of(Rule.ofGraph("dead-code", (graph, options) -> remove(graph)));

  private DeadCode() {}

  /** The graph without what no output needs. */
  static Graph removed(Graph graph) {
    return remove(graph).map(Rewrite::graph).orElse(graph);
  }

  /**
   * A graph with nodes and constants that no output needs becomes the graph without them; graph
   * inputs stay. Counts nodes and constants.
   */
  static Optional<Rewrite> remove(Graph graph) {
    Set<Value> needed = new HashSet<>(graph.outputs());
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes().reversed()) {
      if (node.outputs().stream().anyMatch(needed::contains)) {
        needed.addAll(node.inputs());
        nodes.addFirst(node);
      }
    }
    Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
    constants.keySet().retainAll(needed);
    int count = graph.nodes().size() - nodes.size() + graph.constants().size() - constants.size();
    if (count == 0) {
      return Optional.empty();
    }
    Set<Value> defined = new HashSet<>(graph.inputs());
    defined.addAll(constants.keySet());
    nodes.forEach(node -> defined.addAll(node.outputs()));
    Map<Value, Origin> origins = new LinkedHashMap<>(graph.origins());
    origins.keySet().retainAll(defined);
    return Optional.of(
        new Rewrite(
            new Graph(graph.name(), graph.inputs(), constants, nodes, graph.outputs(), origins),
            count));
  }
}
