package dev.thimble.graph;

import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A network: inputs, constants, states, nodes in an order in which they can run, and outputs. It
 * never changes; a rewrite makes another. {@link GraphChecker} states what a well-formed graph is.
 */
public final class Graph {
  private final String name;
  private final List<Value> inputs;
  private final Map<Value, Tensor> constants;
  private final List<State> states;
  private final List<Node> nodes;
  private final List<Value> outputs;
  private final Map<Value, Origin> origins;
  private final Map<Value, Node> producers = new HashMap<>();
  private final Map<Value, List<Node>> readers = new HashMap<>();
  private final Set<Value> kept = new HashSet<>();

  /** A graph without states. */
  public Graph(
      String name,
      List<Value> inputs,
      Map<Value, Tensor> constants,
      List<Node> nodes,
      List<Value> outputs,
      Map<Value, Origin> origins) {
    this(name, inputs, constants, List.of(), nodes, outputs, origins);
  }

  public Graph(
      String name,
      List<Value> inputs,
      Map<Value, Tensor> constants,
      List<State> states,
      List<Node> nodes,
      List<Value> outputs,
      Map<Value, Origin> origins) {
    this.name = name;
    this.inputs = List.copyOf(inputs);
    this.constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
    this.states = List.copyOf(states);
    this.nodes = List.copyOf(nodes);
    this.outputs = List.copyOf(outputs);
    this.origins = Collections.unmodifiableMap(new LinkedHashMap<>(origins));
    kept.addAll(outputs);
    states.forEach(state -> kept.add(state.next()));
    for (Node node : nodes) {
      node.outputs().forEach(output -> producers.put(output, node));
      node.inputs().stream()
          .distinct()
          .forEach(input -> readers.computeIfAbsent(input, v -> new ArrayList<>()).add(node));
    }
  }

  public String name() {
    return name;
  }

  public List<Value> inputs() {
    return inputs;
  }

  /** The constants, in a fixed order. */
  public Map<Value, Tensor> constants() {
    return constants;
  }

  /** What lasts from one run to the next, in a fixed order. */
  public List<State> states() {
    return states;
  }

  public List<Node> nodes() {
    return nodes;
  }

  public List<Value> outputs() {
    return outputs;
  }

  /** The values that are not simply the imported value of their own name. */
  public Map<Value, Origin> origins() {
    return origins;
  }

  /** What the value was in the network as imported. */
  public Origin origin(Value value) {
    return origins.getOrDefault(value, new Origin(value.name(), List.of()));
  }

  /** The constant's data, or nothing when the value is no constant. */
  public Optional<Tensor> constant(Value value) {
    return Optional.ofNullable(constants.get(value));
  }

  public boolean isConstant(Value value) {
    return constants.containsKey(value);
  }

  /** Whether the value is needed after the last node: as an output, or as what a state becomes. */
  public boolean isOutput(Value value) {
    return kept.contains(value);
  }

  /** The node that computes the value, or nothing for inputs, constants and states. */
  public Optional<Node> producer(Value value) {
    return Optional.ofNullable(producers.get(value));
  }

  /** The nodes that read the value, in order, each once. */
  public List<Node> readers(Value value) {
    return readers.getOrDefault(value, List.of());
  }

  /** The node that alone reads the value, unless {@link #isOutput} or it has other readers. */
  public Optional<Node> onlyReader(Value value) {
    List<Node> all = readers(value);
    return all.size() == 1 && !isOutput(value) ? Optional.of(all.getFirst()) : Optional.empty();
  }

  /** The sum of the nodes' multiply-accumulates. */
  public long macs() {
    return nodes.stream().mapToLong(Node::macs).sum();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Graph graph
        && name.equals(graph.name)
        && inputs.equals(graph.inputs)
        && constants.equals(graph.constants)
        && states.equals(graph.states)
        && nodes.equals(graph.nodes)
        && outputs.equals(graph.outputs)
        && origins.equals(graph.origins);
  }

  @Override
  public int hashCode() {
    return name.hashCode() * 31 + nodes.hashCode();
  }

  @Override
  public String toString() {
    return "Graph '" + name + "' of " + nodes.size() + " nodes";
  }
}
