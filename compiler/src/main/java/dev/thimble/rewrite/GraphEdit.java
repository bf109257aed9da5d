package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Origin;
import dev.thimble.graph.State;
import dev.thimble.graph.Value;
import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Changes to a graph, collected and then made at once. Nodes may be given in any order: the new
 * graph's nodes stand where those that they replace stood, moved up only where a reader needs them.
 * Constants and values that nothing reads any more stay until {@link DeadCode} removes them.
 */
public final class GraphEdit {
  private final Graph graph;
  private final Map<Value, Tensor> added = new LinkedHashMap<>();
  private final Map<Value, Origin> newOrigins = new LinkedHashMap<>();
  private final Set<Value> lostOrigins = new HashSet<>();
  private final Map<Integer, Value> newOutputs = new HashMap<>();
  private final Map<Value, Value> newNext = new HashMap<>();
  private final Map<Node, List<Node>> replacements = new IdentityHashMap<>();
  private final List<Node> appended = new ArrayList<>();
  private final Map<Value, Value> readInstead = new HashMap<>();
  private final Map<Value, Value> renamed = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  public GraphEdit(Graph graph) {
    this.graph = graph;
  }

  /** Puts these nodes in a node's place; a value that none of them computes must find no reader. */
  public GraphEdit replace(Node old, Node... nodes) {
    replacements.put(old, List.of(nodes));
    return this;
  }

  public GraphEdit remove(Node node) {
    return replace(node);
  }

  /** Adds a node behind all others. */
  public GraphEdit append(Node node) {
    appended.add(node);
    return this;
  }

  /** Adds a constant under a name that is free or becomes free by this edit. */
  public GraphEdit constant(Value value, Tensor data) {
    added.put(value, data);
    return this;
  }

  /** Adds a constant under a fresh name made of this one. */
  public Value constant(String base, Tensor data) {
    Value value = new Value(fresh(base), data.type());
    added.put(value, data);
    return value;
  }

  public GraphEdit origin(Value value, Origin origin) {
    newOrigins.put(value, origin);
    return this;
  }

  /** Replaces the graph's output at this index. */
  public GraphEdit output(int index, Value value) {
    newOutputs.put(index, value);
    return this;
  }

  /** Replaces what the state of this current value becomes. */
  public GraphEdit next(Value current, Value value) {
    newNext.put(current, value);
    return this;
  }

  /** Makes every reader of one value read another, which need not have the same type. */
  public GraphEdit readInstead(Value of, Value other) {
    readInstead.put(of, other);
    return this;
  }

  /**
   * Gives a value another name wherever it stands: as input, constant, node output, read or graph
   * output. Its origin keeps what it was.
   */
  public GraphEdit rename(Value value, String name) {
    Value changed = new Value(name, value.type());
    renamed.put(value, changed);
    lostOrigins.add(value);
    newOrigins.put(changed, graph.origin(value));
    return this;
  }

  /**
   * Makes {@code kept} stand for {@code equal}, a value that is always the same; the caller removes
   * the node that computed it. Where {@code equal} is a graph output, its name goes to {@code
   * kept}. Returns false, and changes nothing, where that cannot be: {@code kept} has a name of its
   * own to keep, as an input, a constant or an output, or is of another type.
   */
  public boolean merge(Value equal, Value kept) {
    if (!equal.type().equals(kept.type())) {
      return false;
    }
    if (!isOutput(equal)) {
      readInstead(equal, kept);
      return true;
    }
    if (isOutput(kept) || graph.producer(kept).isEmpty() || renamed.containsKey(kept)) {
      return false;
    }
    renamed.put(kept, equal);
    lostOrigins.add(kept);
    return true;
  }

  private boolean isOutput(Value value) {
    return graph.isOutput(value) || graph.isOutput(named(value));
  }

  /** A name that no value of the graph has and no origin names. */
  public String fresh(String base) {
    if (taken.isEmpty()) {
      graph.inputs().forEach(value -> taken.add(value.name()));
      graph.states().forEach(state -> taken.add(state.current().name()));
      graph.constants().keySet().forEach(value -> taken.add(value.name()));
      added.keySet().forEach(value -> taken.add(value.name()));
      graph.nodes().forEach(node -> node.outputs().forEach(value -> taken.add(value.name())));
      graph.origins().values().forEach(origin -> taken.add(origin.source()));
    }
    String name = base;
    for (int i = 2; !taken.add(name); i++) {
      name = base + i;
    }
    return name;
  }

  /** The graph with all changes made, as what a rule on the whole graph returns. */
  public Rewrite rewrite(int count) {
    return new Rewrite(build(), count);
  }

  /** This edit if a condition holds, else nothing. */
  public Optional<GraphEdit> onlyIf(boolean condition) {
    return condition ? Optional.of(this) : Optional.empty();
  }

  /** Adds the changes of another edit of the same graph, which must be apart from this one's. */
  void add(GraphEdit other) {
    replacements.putAll(other.replacements);
    appended.addAll(other.appended);
    readInstead.putAll(other.readInstead);
    renamed.putAll(other.renamed);
    added.putAll(other.added);
    newOrigins.putAll(other.newOrigins);
    lostOrigins.addAll(other.lostOrigins);
    newOutputs.putAll(other.newOutputs);
    newNext.putAll(other.newNext);
  }

  /** The nodes that this edit replaces or removes and all nodes that share a value with one. */
  Set<Node> surroundings() {
    Set<Node> nodes = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Node node : replacements.keySet()) {
      nodes.add(node);
      node.inputs().forEach(value -> addUsers(value, nodes));
      node.outputs().forEach(value -> addUsers(value, nodes));
    }
    return nodes;
  }

  /** The producer and readers of a value; readers of one constant have nothing to do together. */
  private void addUsers(Value value, Set<Node> nodes) {
    if (!graph.isConstant(value)) {
      graph.producer(value).ifPresent(nodes::add);
      nodes.addAll(graph.readers(value));
    }
  }

  /** The graph with all changes made. It is not checked. */
  public Graph build() {
    Map<Value, Tensor> newConstants = namedConstants();
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      List<Node> replacement = replacements.get(node);
      if (replacement == null) {
        nodes.add(resolved(node));
      } else {
        replacement.forEach(each -> nodes.add(resolved(each)));
      }
    }
    appended.forEach(node -> nodes.add(resolved(node)));
    List<Node> ordered = NodeOrder.readable(nodes);
    return new Graph(
        graph.name(),
        graph.inputs().stream().map(this::named).toList(),
        newConstants,
        states(),
        ordered,
        outputs(),
        originsOf(newConstants, ordered));
  }

  private Map<Value, Tensor> namedConstants() {
    if (renamed.isEmpty() && added.isEmpty()) {
      return graph.constants();
    }
    Map<Value, Tensor> result = new LinkedHashMap<>();
    graph.constants().forEach((value, data) -> result.put(named(value), data));
    result.putAll(added);
    return result;
  }

  private List<Value> outputs() {
    List<Value> outputs = new ArrayList<>(graph.outputs());
    newOutputs.forEach(outputs::set);
    return outputs.stream().map(this::read).toList();
  }

  private List<State> states() {
    return graph.states().stream()
        .map(state -> {
          Value next = newNext.getOrDefault(state.current(), state.next());
          return new State(named(state.current()), read(next), state.initial());
        })
        .toList();
  }

  private Map<Value, Origin> originsOf(Map<Value, Tensor> newConstants, List<Node> ordered) {
    Map<Value, Origin> result = new LinkedHashMap<>(graph.origins());
    result.keySet().removeAll(lostOrigins);
    result.putAll(newOrigins);
    if (!result.isEmpty()) {
      Set<Value> defined = new HashSet<>(newConstants.keySet());
      graph.inputs().forEach(input -> defined.add(named(input)));
      graph.states().forEach(state -> defined.add(named(state.current())));
      ordered.forEach(node -> defined.addAll(node.outputs()));
      result.keySet().retainAll(defined);
    }
    return result;
  }

  private Node resolved(Node node) {
    if (readInstead.isEmpty() && renamed.isEmpty()) {
      return node;
    }
    List<Value> read = node.inputs().stream().map(this::read).toList();
    List<Value> written = node.outputs().stream().map(this::named).toList();
    return read.equals(node.inputs()) && written.equals(node.outputs())
        ? node
        : new Node(node.op(), read, written);
  }

  private Value read(Value value) {
    Value at = value;
    for (Value next = readInstead.get(at); next != null; next = readInstead.get(at)) {
      at = next;
    }
    return named(at);
  }

  private Value named(Value value) {
    return renamed.getOrDefault(value, value);
  }
}
