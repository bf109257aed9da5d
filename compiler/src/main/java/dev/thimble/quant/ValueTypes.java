package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Pad;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The quantised type of each float value. Values that nodes only move are of one type: that of all
 * values that enter, taken together. Each value has a type as int8 and one as int16, and is stored
 * as one of the two: as int16 where any value of its group is asked to be.
 */
final class ValueTypes {
  private final Graph graph;
  private final Recipe recipe;
  private final Set<Node> inFloat;
  private final Map<Value, Value> parents = new HashMap<>();
  private final Map<Value, NodeRule.FixedType> fixed = new HashMap<>();
  private final Map<Value, NodeRule.FixedType> fixedWide = new HashMap<>();
  private final Map<Value, TensorType> narrow = new HashMap<>();
  private final Map<Value, TensorType> wide = new HashMap<>();
  private final Set<Value> int16 = new HashSet<>();

  /** The types, where these nodes stay in float32. */
  ValueTypes(Graph graph, Recipe recipe, Set<Node> inFloat) {
    this.graph = graph;
    this.recipe = recipe;
    this.inFloat = inFloat;
    for (Node node : graph.nodes()) {
      join(node);
    }
    groups().values().forEach(this::decide);
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
      case NodeRule.FixedType type -> {
        fixed.put(node.output(), type);
        NodeRule.wide(node).ifPresent(wider -> fixedWide.put(node.output(), wider));
      }
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

  /** Gives the values of a group their types. */
  private void decide(List<Value> group) {
    List<Value> sources = group.stream().filter(value -> !isMoved(value)).toList();
    Optional<Range> constants = constants(group);
    decide(group, sources, constants, recipe.ranges(), fixed, false);
    decide(group, sources, constants, recipe.extremes(), fixedWide, true);
    if (group.stream().anyMatch(value -> recipe.activations().isInt16(value.name()))) {
      int16.addAll(group);
    }
  }

  private void decide(
      List<Value> group,
      List<Value> sources,
      Optional<Range> constants,
      Map<Value, Range> ranges,
      Map<Value, NodeRule.FixedType> given,
      boolean wider) {
    List<Value> fixedSources = sources.stream().filter(given::containsKey).toList();
    boolean oneFixed =
        fixedSources.size() == sources.size()
            && fixedSources.stream().map(given::get).distinct().count() == 1;
    for (Value value : group) {
      TensorType type;
      if (oneFixed && constants.isEmpty()) {
        type = Objects.requireNonNull(given.get(sources.getFirst())).type(value.type().shape());
      } else {
        List<Range> all =
            new ArrayList<>(
                sources.stream().map(v -> Objects.requireNonNull(ranges.get(v))).toList());
        constants.ifPresent(all::add);
        Range range = all.stream().reduce(Range::and).orElseThrow();
        type = wider ? range.int16(value.type().shape()) : range.int8(value.type().shape());
      }
      (wider ? wide : narrow).put(value, type);
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

  private boolean isMoved(Value value) {
    return graph
        .producer(value)
        .filter(node -> !inFloat.contains(node) && NodeRule.of(node) instanceof NodeRule.OneType)
        .isPresent();
  }

  /** The values that are of one type, by the first of them that is not moved. */
  Map<Value, List<Value>> groups() {
    Map<Value, List<Value>> groups = new LinkedHashMap<>();
    for (Value value : recipe.ranges().keySet()) {
      groups.computeIfAbsent(root(value), v -> new ArrayList<>()).add(value);
    }
    Map<Value, List<Value>> named = new LinkedHashMap<>();
    groups
        .values()
        .forEach(group -> {
          Value first =
              group.stream().filter(v -> !isMoved(v)).findFirst().orElse(group.getFirst());
          named.put(first, group);
        });
    return named;
  }

  /** Whether a value is stored as int16. */
  boolean isInt16(Value value) {
    return int16.contains(value);
  }

  /** Whether a node computes with int16: where it takes or gives any. */
  boolean isInt16(Node node) {
    return Stream.concat(node.inputs().stream(), node.outputs().stream()).anyMatch(this::isInt16);
  }

  /**
   * The type that a node gives its output, and that a moving node takes its operands in, of
   * elements of int16 or of int8.
   */
  TensorType of(Value value, boolean wider) {
    return Objects.requireNonNull((wider ? wide : narrow).get(value));
  }

  /** The type in which a value is computed: of the arithmetic, where that fixes it. */
  TensorType computed(Value value, boolean wider) {
    NodeRule.FixedType type = (wider ? fixedWide : fixed).get(value);
    return type == null ? of(value, wider) : type.type(value.type().shape());
  }
}
