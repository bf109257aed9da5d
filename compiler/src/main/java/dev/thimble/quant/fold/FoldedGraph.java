package dev.thimble.quant.fold;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.State;
import dev.thimble.graph.Value;
import dev.thimble.op.Op;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A network in the making: nodes, constants and names. */
final class FoldedGraph {
  private final Graph source;
  private final List<Value> inputs = new ArrayList<>();
  private final Map<Value, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Value, Node> producers = new HashMap<>();
  private final Set<String> names = new HashSet<>();

  /** A network that will have some of the source's values. */
  FoldedGraph(Graph source) {
    this.source = source;
    source.inputs().forEach(value -> names.add(value.name()));
    source.states().forEach(state -> names.add(state.current().name()));
    source.constants().keySet().forEach(value -> names.add(value.name()));
    source.nodes().forEach(node -> node.outputs().forEach(value -> names.add(value.name())));
  }

  void input(Value value) {
    inputs.add(value);
  }

  /** A name that no value has. */
  String fresh(String base) {
    String name = base;
    for (int i = 2; !names.add(name); i++) {
      name = base + i;
    }
    return name;
  }

  /** A constant under a fresh name made of this one. */
  Value constant(String base, Tensor data) {
    Value value = new Value(fresh(base), data.type());
    constants.put(value, data);
    return value;
  }

  /** A constant of the source. */
  Value constant(Value value) {
    constants.put(value, source.constant(value).orElseThrow());
    return value;
  }

  /**
   * Adds a node. Throws {@link IllegalArgumentException} where its op does not take these types.
   */
  Value add(Op op, List<Value> operands, Value output) {
    add(new Node(op, operands, output));
    return output;
  }

  /** Adds a node; throws as {@link #add(Op, List, Value)}. */
  void add(Node node) {
    node.op().check(node.inputTypes(), node.outputTypes());
    nodes.add(node);
    node.outputs().forEach(output -> producers.put(output, node));
  }

  /** Adds a node whose output has a fresh name made of this one. */
  Value add(Op op, List<Value> operands, String base, TensorType type) {
    return add(op, operands, new Value(fresh(base), type));
  }

  /** The node that computes a value of this network. */
  Optional<Node> producer(Value value) {
    return Optional.ofNullable(producers.get(value));
  }

  /** How many nodes there are. */
  int size() {
    return nodes.size();
  }

  /** Takes back the nodes from this number on. */
  void cut(int size) {
    while (nodes.size() > size) {
      nodes.removeLast().outputs().forEach(producers::remove);
    }
  }

  /** The network with these outputs, without what they do not need. */
  Graph build(List<Value> outputs, List<State> states) {
    Set<Value> needed = new HashSet<>(outputs);
    Deque<Value> open = new ArrayDeque<>(outputs);
    states.forEach(state -> open.add(state.next()));
    Set<Node> live = Collections.newSetFromMap(new IdentityHashMap<>());
    while (!open.isEmpty()) {
      Node node = producers.get(open.pop());
      if (node != null && live.add(node)) {
        for (Value input : node.inputs()) {
          needed.add(input);
          open.push(input);
        }
      }
    }
    states.forEach(state -> needed.add(state.next()));
    Map<Value, Tensor> used = new LinkedHashMap<>(constants);
    used.keySet().retainAll(needed);
    return new Graph(
        source.name(),
        inputs,
        used,
        states,
        nodes.stream().filter(live::contains).toList(),
        outputs,
        Map.of());
  }
}
