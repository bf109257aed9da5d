package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Origin;
import dev.thimble.graph.Value;
import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
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
  private final Map<Value, Origin> origins;
  private final List<Value> inputs;
  private final List<Value> outputs;
  private final Map<Node, List<Node>> replacements = new IdentityHashMap<>();
  private final List<Node> appended = new ArrayList<>();
  private final Map<Value, Value> readInstead = new HashMap<>();
  private final Map<Value, Value> renamed = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  public GraphEdit(Graph graph) {
    this.graph = graph;
    this.origins = new LinkedHashMap<>(graph.origins());
    this.inputs = new ArrayList<>(graph.inputs());
    this.outputs = new ArrayList<>(graph.outputs());
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
    origins.put(value, origin);
    return this;
  }

  /** Replaces the graph's output at this index. */
  public GraphEdit output(int index, Value value) {
    outputs.set(index, value);
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
    Origin origin = origins.remove(value);
    if (origin == null) {
      origin = new Origin(value.name(), List.of());
    }
    origins.put(changed, origin);
    return this;
  }

  /**
   * Makes {@code kept} stand for {@code equal}, a value that is always the same; the caller removes
   * the node that computed it. Where {@code equal} is a graph output, its name goes to {@code kept}.
   * Returns false, and changes nothing, where that cannot be: {@code kept} has a name of its own to
   * keep, as an input, a constant or an output, or is of another type.
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
    origins.remove(kept);
    return true;
  }

  private boolean isOutput(Value value) {
    return outputs.contains(value) || outputs.contains(renamed.getOrDefault(value, value));
  }

  /** A name that no value of the graph has and no origin names. */
  public String fresh(String base) {
    if (taken.isEmpty()) {
      inputs.forEach(value -> taken.add(value.name()));
      graph.constants().keySet().forEach(value -> taken.add(value.name()));
      added.keySet().forEach(value -> taken.add(value.name()));
      graph.nodes().forEach(node -> node.outputs().forEach(value -> taken.add(value.name())));
      origins.values().forEach(origin -> taken.add(origin.source()));
    }
    String name = base;
    for (int i = 2; !taken.add(name); i++) {
      name = base + i;
    }
    return name;
  }

  /** The graph with all changes made, as the result of one application of a rule. */
  public Rewrite rewrite() {
    return new Rewrite(build(), 1);
  }

  public Rewrite rewrite(int count) {
    return new Rewrite(build(), count);
  }

  /** Where there is a rewrite only if a condition holds. */
  public Optional<Rewrite> rewriteIf(boolean condition) {
    return condition ? Optional.of(rewrite()) : Optional.empty();
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
        inputs.stream().map(this::named).toList(),
        newConstants,
        ordered,
        outputs.stream().map(this::read).toList(),
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

  private Map<Value, Origin> originsOf(Map<Value, Tensor> newConstants, List<Node> ordered) {
    if (origins.isEmpty()) {
      return origins;
    }
    Set<Value> defined = new HashSet<>(newConstants.keySet());
    inputs.forEach(input -> defined.add(named(input)));
    ordered.forEach(node -> defined.addAll(node.outputs()));
    Map<Value, Origin> result = new LinkedHashMap<>(origins);
    result.keySet().retainAll(defined);
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
