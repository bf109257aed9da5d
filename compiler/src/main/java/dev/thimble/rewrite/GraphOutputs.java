package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.Node;
import dev.thimble.graph.Origin;
import dev.thimble.graph.State;
import dev.thimble.graph.Value;
import dev.thimble.op.Reshape;
import java.util.List;

/**
 * The last step before scheduling: gives every graph output, and what every state becomes, a place
 * of its own. A schedule may overwrite an input, and a constant lies in flash, so neither can be
 * where a result is read.
 */
public final class GraphOutputs {
  private GraphOutputs() {}

  /**
   * The graph with every output computed by a node and listed once. An input, a constant or a
   * repeated value among the outputs becomes a copy of it: a reshape to the same shape. The output
   * keeps its name and a constant is renamed; where an input or another output has the name
   * already, the copy's name is made of it. What a state becomes is then computed by a node, for no
   * other state and for no output. Run it after the rules.
   */
  public static Graph materialise(Graph graph) {
    Graph result = graph;
    for (int i = 0; i < graph.outputs().size(); i++) {
      result = materialise(result, i);
    }
    for (State state : graph.states()) {
      result = computed(result, state.current());
    }
    return GraphChecker.check(result);
  }

  private static Graph computed(Graph graph, Value current) {
    State state =
        graph.states().stream().filter(s -> s.current().equals(current)).findFirst().orElseThrow();
    Value next = state.next();
    boolean shared =
        graph.outputs().contains(next)
            || graph.states().stream().filter(s -> s.next().equals(next)).count() > 1;
    if (graph.producer(next).isPresent() && !shared) {
      return graph;
    }
    GraphEdit edit = new GraphEdit(graph);
    Value copy = new Value(edit.fresh(current.name() + "~next"), next.type());
    return edit.append(copy(next, copy))
        .next(current, copy)
        .origin(copy, graph.origin(next))
        .build();
  }

  private static Graph materialise(Graph graph, int index) {
    Value value = graph.outputs().get(index);
    if (graph.producer(value).isPresent() && graph.outputs().indexOf(value) == index) {
      return graph;
    }
    GraphEdit edit = new GraphEdit(graph);
    if (!graph.isConstant(value) || graph.outputs().indexOf(value) < index) {
      Value copy = new Value(edit.fresh(value.name() + "~output"), value.type());
      Origin origin = graph.origin(value);
      return edit.append(copy(copied(graph, value), copy))
          .output(index, copy)
          .origin(copy, origin)
          .build();
    }
    return constantCopied(graph, value, edit);
  }

  /** What a copy reads: the value itself, or what that is already a copy of. */
  private static Value copied(Graph graph, Value value) {
    return graph
        .producer(value)
        .filter(node -> node.op() instanceof Reshape && node.input().type().equals(value.type()))
        .map(Node::input)
        .orElse(value);
  }

  private static Graph constantCopied(Graph graph, Value value, GraphEdit edit) {
    String inner = edit.fresh(value.name() + "~constant");
    Graph renamed = edit.rename(value, inner).build();
    Value constant = new Value(inner, value.type());
    GraphEdit outer = new GraphEdit(renamed);
    for (int i = 0; i < graph.outputs().size(); i++) {
      if (graph.outputs().get(i).equals(value)) {
        outer.output(i, value);
      }
    }
    if (graph.origins().containsKey(value)) {
      outer.origin(value, graph.origin(value));
    }
    return outer.append(copy(constant, value)).build();
  }

  private static Node copy(Value from, Value to) {
    return new Node(new Reshape(from.type().shape()), List.of(from), to);
  }
}
