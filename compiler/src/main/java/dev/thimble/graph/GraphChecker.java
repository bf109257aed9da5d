package dev.thimble.graph;

import java.util.HashSet;
import java.util.Set;

/**
 * States what a well-formed graph is: every name is unique; every value is defined before it is
 * read; every node's op takes its inputs' types to its outputs' types; constants have their values'
 * types; there is at least one output; a state becomes a value that is defined. Runs after every
 * stage.
 */
public final class GraphChecker {
  private final Graph graph;
  private final Set<Value> defined = new HashSet<>();
  private final Set<String> names = new HashSet<>();

  private GraphChecker(Graph graph) {
    this.graph = graph;
  }

  /** Throws {@link GraphException} naming the first place where the graph is not well formed. */
  public static Graph check(Graph graph) {
    new GraphChecker(graph).run();
    return graph;
  }

  private void run() {
    graph.inputs().forEach(input -> define(input, "graph input"));
    graph
        .constants()
        .forEach((value, tensor) -> {
          define(value, "constant");
          require(
              tensor.type().equals(value.type()),
              "constant '"
                  + value.name()
                  + "' is declared "
                  + value.type()
                  + ": its data has type "
                  + tensor.type());
        });
    graph.states().forEach(state -> define(state.current(), "state"));
    graph.nodes().forEach(this::checkNode);
    require(!graph.outputs().isEmpty(), "graph '" + graph.name() + "' has no outputs");
    graph.outputs().forEach(output -> requireDefined(output, "graph output"));
    graph
        .states()
        .forEach(state -> requireDefined(state.next(), "state '" + state.current().name() + "'"));
    graph.origins().keySet().forEach(value -> requireDefined(value, "origin"));
  }

  private void checkNode(Node node) {
    node.inputs().forEach(input -> requireDefined(input, node.place()));
    try {
      node.op().check(node.inputTypes(), node.outputTypes());
    } catch (IllegalArgumentException e) {
      throw new GraphException(node.place() + ": " + e.getMessage());
    }
    node.outputs().forEach(output -> define(output, node.place()));
  }

  private void define(Value value, String place) {
    require(names.add(value.name()), place + ": '" + value.name() + "' is defined twice");
    defined.add(value);
  }

  private void requireDefined(Value value, String place) {
    if (!defined.contains(value)) {
      throw new GraphException(
          place + ": '" + value.name() + "' of type " + value.type() + " is not defined before it");
    }
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new GraphException(message);
    }
  }
}
