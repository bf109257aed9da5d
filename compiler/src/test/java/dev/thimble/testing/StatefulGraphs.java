package dev.thimble.testing;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.Node;
import dev.thimble.graph.State;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Quantize;
import dev.thimble.op.Reshape;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Puts states into networks: values of earlier runs that are added to values of this one. */
public final class StatefulGraphs {
  private final Graph graph;
  private final SplittableRandom random;
  private final List<Node> nodes;
  private final List<State> states = new ArrayList<>();

  private StatefulGraphs(Graph graph, long seed) {
    this.graph = graph;
    this.random = new SplittableRandom(seed);
    this.nodes = new ArrayList<>(graph.nodes());
  }

  /**
   * The network with one to three states. Each is read by one node or two, and becomes some value
   * of its shape: what it is added to, the sum, another state, a value made before or after, an
   * input or an output.
   */
  public static Graph of(Graph graph, long seed) {
    StatefulGraphs made = new StatefulGraphs(graph, seed);
    int count = made.random.nextInt(1, 4);
    for (int i = 0; i < count; i++) {
      made.add("state" + i);
    }
    return GraphChecker.check(
        new Graph(
            graph.name() + "_stateful",
            graph.inputs(),
            graph.constants(),
            made.states,
            made.nodes,
            graph.outputs(),
            Map.of()));
  }

  /** Adds the state to what a node computes, for all readers of that. */
  private void add(String name) {
    int at = random.nextInt(nodes.size());
    Node node = nodes.get(at);
    Value sum = node.output();
    if (!sum.type().isFloat() && !sum.type().isQuantized()) {
      return;
    }
    Value summand = new Value(name + "_summand", sum.type());
    Value current = new Value(name, sum.type());
    nodes.set(at, new Node(node.op(), node.inputs(), summand));
    Binary add = new Binary(Binary.Function.ADD, Activation.NONE);
    List<Value> operands =
        random.nextBoolean() ? List.of(summand, current) : List.of(current, summand);
    nodes.add(at + 1, new Node(add, operands, sum));
    Value next = typed(name, some(sum), sum.type());
    states.add(new State(current, next, RandomGraphs.tensor(sum.type(), random)));
  }

  /** A value of this one's shape, which may be itself. */
  private Value some(Value like) {
    List<Value> values = new ArrayList<>(graph.inputs());
    states.forEach(state -> values.add(state.current()));
    nodes.forEach(node -> values.add(node.output()));
    values.removeIf(value ->
        !value.type().shape().equals(like.type().shape())
            || value.type().isQuantized() != like.type().isQuantized()
            || value.type().isFloat() != like.type().isFloat());
    return values.get(random.nextInt(values.size()));
  }

  /** The value in this type, by a node at the end where it has another. */
  private Value typed(String name, Value value, TensorType type) {
    if (value.type().equals(type) && random.nextInt(3) > 0) {
      return value;
    }
    Value copy = new Value(name + "_next", type);
    nodes.add(
        value.type().equals(type)
            ? new Node(new Reshape(type.shape()), List.of(value), copy)
            : new Node(new Quantize(), List.of(value), copy));
    return copy;
  }
}
