package dev.thimble.graph;

import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs a graph by its ops' reference evaluation. */
public final class Evaluator {
  private Evaluator() {}

  /**
   * Every value of the graph, constants and states included, for these inputs, when states hold
   * what they begin with. Throws {@link IllegalArgumentException} when an input is missing or of
   * another type.
   */
  public static Map<Value, Tensor> values(
      Graph graph, Map<Value, Tensor> inputs, Rounding rounding) {
    return values(graph, inputs, initial(graph), rounding);
  }

  /** What the states hold before the first run. */
  static Map<Value, Tensor> initial(Graph graph) {
    Map<Value, Tensor> initial = new LinkedHashMap<>();
    graph.states().forEach(state -> initial.put(state.current(), state.initial()));
    return initial;
  }

  /** {@link #values(Graph, Map, Rounding)} when states hold what is given. */
  static Map<Value, Tensor> values(
      Graph graph, Map<Value, Tensor> inputs, Map<Value, Tensor> states, Rounding rounding) {
    Map<Value, Tensor> values = new LinkedHashMap<>(graph.constants());
    values.putAll(states);
    for (Value input : graph.inputs()) {
      Tensor tensor = inputs.get(input);
      if (tensor == null || !tensor.type().equals(input.type())) {
        throw new IllegalArgumentException(
            "input '"
                + input.name()
                + "' needs "
                + input.type()
                + ", was given "
                + (tensor == null ? "nothing" : tensor.type()));
      }
      values.put(input, tensor);
    }
    for (Node node : graph.nodes()) {
      List<Tensor> arguments = node.inputs().stream().map(values::get).toList();
      List<Tensor> results = node.op().evaluate(arguments, node.outputTypes(), rounding);
      for (int i = 0; i < results.size(); i++) {
        values.put(node.outputs().get(i), results.get(i));
      }
    }
    return values;
  }

  /**
   * The graph's outputs for these inputs, both in the graph's order, when states hold what they
   * begin with. Throws {@link IllegalArgumentException} when the inputs are not of the graph's
   * number and types.
   */
  public static List<Tensor> outputs(Graph graph, List<Tensor> inputs, Rounding rounding) {
    return new Session(graph, rounding).outputs(inputs);
  }

  /** The inputs by their values; throws where there are too many or too few. */
  static Map<Value, Tensor> named(Graph graph, List<Tensor> inputs) {
    if (inputs.size() != graph.inputs().size()) {
      throw new IllegalArgumentException(
          graph + " needs " + graph.inputs().size() + " inputs, was given " + inputs.size());
    }
    Map<Value, Tensor> named = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      named.put(graph.inputs().get(i), inputs.get(i));
    }
    return named;
  }
}
