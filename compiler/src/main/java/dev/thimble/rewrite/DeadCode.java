package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Origin;
import dev.thimble.graph.State;
import dev.thimble.graph.Value;
import dev.thimble.tensor.Tensor;
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
   * A graph with nodes, constants and states that no output needs becomes the graph without them;
   * graph inputs stay. A state is needed if a needed node reads it, and then so is what it becomes.
   * Counts nodes, constants and states.
   */
  static Optional<Rewrite> remove(Graph graph) {
    Set<Value> needed = needed(graph);
    List<Node> nodes =
        graph.nodes().stream()
            .filter(n -> n.outputs().stream().anyMatch(needed::contains))
            .toList();
    List<State> states =
        graph.states().stream().filter(state -> needed.contains(state.current())).toList();
    Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
    constants.keySet().retainAll(needed);
    int count =
        graph.nodes().size()
            - nodes.size()
            + graph.constants().size()
            - constants.size()
            + graph.states().size()
            - states.size();
    if (count == 0) {
      return Optional.empty();
    }
    Set<Value> defined = new HashSet<>(graph.inputs());
    defined.addAll(constants.keySet());
    states.forEach(state -> defined.add(state.current()));
    nodes.forEach(node -> defined.addAll(node.outputs()));
    Map<Value, Origin> origins = new LinkedHashMap<>(graph.origins());
    origins.keySet().retainAll(defined);
    return Optional.of(
        new Rewrite(
            new Graph(
                graph.name(), graph.inputs(), constants, states, nodes, graph.outputs(), origins),
            count));
  }

  private static Set<Value> needed(Graph graph) {
    Set<Value> needed = new HashSet<>(graph.outputs());
    int before;
    do {
      before = needed.size();
      for (Node node : graph.nodes().reversed()) {
        if (node.outputs().stream().anyMatch(needed::contains)) {
          needed.addAll(node.inputs());
        }
      }
      graph.states().stream()
          .filter(state -> needed.contains(state.current()))
          .toList()
          .forEach(state -> needed.add(state.next()));
    } while (needed.size() != before);
    return needed;
  }
}
