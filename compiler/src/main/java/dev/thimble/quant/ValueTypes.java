package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Pad;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The int8 type of each float value. Values that nodes only move are of one type: that of all
 * values that enter, taken together.
 */
final class ValueTypes {
  private final Graph graph;
  private final Map<Value, Range> ranges;
  private final Set<Node> inFloat;
  private final Map<Value, Value> parents = new HashMap<>();
  private final Map<Value, NodeRule.FixedType> fixed = new HashMap<>();
  private final Map<Value, TensorType> types = new HashMap<>();

  /** The types, where these nodes stay in float32. */
  ValueTypes(Graph graph, Map<Value, Range> ranges, Set<Node> inFloat) {
    this.graph = graph;
    this.ranges = ranges;
    this.inFloat = inFloat;
    for (Node node : graph.nodes()) {
      join(node);
    }
    Map<Value, List<Value>> groups = new LinkedHashMap<>();
    for (Value value : ranges.keySet()) {
      groups.computeIfAbsent(root(value), v -> new ArrayList<>()).add(value);
    }
    groups.values().forEach(this::decide);
  }

  private void join(Node node) {
    if (inFloat.contains(node)) {
      return;
    }
    switch (NodeRule.of(node)) {
      case NodeRule.OneType one -> {
        Stream.concat(node.inputs().stream(), node.outputs().stream())
            .filter(value -> value.type().isFloat())
            .forEach(value -> parents.put(root(value), root(node.output())));
      }
      case NodeRule.FixedType type -> fixed.put(node.output(), type);
      case NodeRule.OwnRange own -> {}
      case NodeRule.Filtered filtered -> {}
      case NodeRule.Ordered ordered -> {}
      case NodeRule.AsItIs as -> {}
      case NodeRule.StaysFloat stays -> {}
    }
  }

  private Value root(Value value) {
    Value at = value;
    for (Value next = parents.get(at); next != null && !next.equals(at); next = parents.get(at)) {
      at = next;
    }
    return at;
  }

  /** Gives the values of a group their type. */
  private void decide(List<Value> group) {
    List<Value> sources = group.stream().filter(value -> !isMoved(value)).toList();
    List<Value> fixedSources = sources.stream().filter(fixed::containsKey).toList();
    boolean oneFixed =
        fixedSources.size() == sources.size()
            && fixedSources.stream().map(fixed::get).distinct().count() == 1;
    Optional<Range> constants = constants(group);
    for (Value value : group) {
      TensorType type;
      if (oneFixed && constants.isEmpty()) {
        type = Objects.requireNonNull(fixed.get(sources.getFirst())).type(value.type().shape());
      } else {
        List<Range> all = new ArrayList<>(sources.stream().map(this::range).toList());
        constants.ifPresent(all::add);
        type = all.stream().reduce(Range::and).orElseThrow().int8(value.type().shape());
      }
      types.put(value, type);
    }
  }

  /** The range of the constants and borders that are moved together with values of a group. */
  private Optional<Range> constants(List<Value> group) {
    List<Range> all = new ArrayList<>();
    for (Value value : group) {
      if (isMoved(value)) {
        Node node = graph.producer(value).orElseThrow();
        if (node.op() instanceof Pad pad && pad.value() != 0 && Double.isFinite(pad.value())) {
          all.add(new Range((float) pad.value(), (float) pad.value()));
        }
        for (Value input : node.inputs()) {
          graph
              .constant(input)
              .filter(data -> data.type().isFloat())
              .ifPresent(data -> all.add(StoredNumbers.range(data)));
        }
      }
    }
    return all.stream().reduce(Range::and);
  }

  private Range range(Value value) {
    return Objects.requireNonNull(ranges.get(value));
  }

  private boolean isMoved(Value value) {
    return graph
        .producer(value)
        .filter(node -> !inFloat.contains(node) && NodeRule.of(node) instanceof NodeRule.OneType)
        .isPresent();
  }

  /** The type that a node gives its output, and that a moving node takes its operands in. */
  TensorType of(Value value) {
    return Objects.requireNonNull(types.get(value));
  }

  /** The type in which a value is computed: of the arithmetic, where that fixes it. */
  TensorType computed(Value value) {
    NodeRule.FixedType type = fixed.get(value);
    return type == null ? of(value) : type.type(value.type().shape());
  }
}
