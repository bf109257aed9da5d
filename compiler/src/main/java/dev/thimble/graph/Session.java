package dev.thimble.graph;

import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Runs of a graph one after the other, by the ops' reference evaluation: each begins with the
 * states that the one before left. It is what an arena is to the generated program.
 */
public final class Session {
  private final Graph graph;
  private final Rounding rounding;
  private Map<Value, Tensor> states;

  /** A session whose first run begins with the states' initial contents. */
  public Session(Graph graph, Rounding rounding) {
    this.graph = graph;
    this.rounding = rounding;
    this.states = Evaluator.initial(graph);
  }

  /**
   * Every value of the graph in the next run, constants and states included. Throws {@link
   * IllegalArgumentException} when an input is missing or of another type.
   */
  public Map<Value, Tensor> values(Map<Value, Tensor> inputs) {
    Map<Value, Tensor> values = Evaluator.values(graph, inputs, states, rounding);
    Map<Value, Tensor> next = new LinkedHashMap<>();
    for (State state : graph.states()) {
      next.put(state.current(), Objects.requireNonNull(values.get(state.next())));
    }
    states = next;
    return values;
  }

  /**
   * The graph's outputs in the next run, both in the graph's order. Throws {@link
   * IllegalArgumentException} when the inputs are not of the graph's number and types.
   */
  public List<Tensor> outputs(List<Tensor> inputs) {
    Map<Value, Tensor> values = values(Evaluator.named(graph, inputs));
    return graph.outputs().stream().map(values::get).toList();
  }
}
