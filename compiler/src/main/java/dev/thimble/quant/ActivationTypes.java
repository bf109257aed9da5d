package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which activations of a quantised network have other elements than int8. Names are those of nodes
 * or of the network's inputs.
 *
 * @param allInt16 whether all are int16 that are not named otherwise
 * @param int16 whose outputs are int16
 * @param int8 whose outputs are int8 though all others are int16
 * @param float32 the nodes that are computed in float32
 */
public record ActivationTypes(
    boolean allInt16, Set<String> int16, Set<String> int8, Set<String> float32) {
  /** All are int8. */
  public static final ActivationTypes INT8 =
      new ActivationTypes(false, Set.of(), Set.of(), Set.of());

  public ActivationTypes {
    int16 = new LinkedHashSet<>(int16);
    int8 = new LinkedHashSet<>(int8);
    float32 = new LinkedHashSet<>(float32);
  }

  /** Whether an activation is int16, if it is no part of a group that is moved together. */
  boolean isInt16(String name) {
    return int16.contains(name) || (allInt16 && !int8.contains(name));
  }

  boolean anyInt16() {
    return allInt16 || !int16.isEmpty();
  }

  /** The same with further activations of int16. */
  ActivationTypes withInt16(Set<String> more) {
    Set<String> all = new LinkedHashSet<>(int16);
    all.addAll(more);
    return new ActivationTypes(allInt16, all, int8, float32);
  }

  /** The same with int8 in the place of int16. */
  ActivationTypes narrow() {
    return new ActivationTypes(false, Set.of(), Set.of(), float32);
  }

  /** Throws {@link IllegalArgumentException} where a name is none of the network's. */
  void requireNames(Graph graph) {
    List<String> nodes = graph.nodes().stream().map(Node::name).toList();
    List<String> values = new ArrayList<>(graph.inputs().stream().map(Value::name).toList());
    values.addAll(nodes);
    Stream.concat(int16.stream(), int8.stream())
        .filter(name -> !values.contains(name))
        .findFirst()
        .ifPresent(name -> refuse(name, values));
    float32.stream()
        .filter(name -> !nodes.contains(name))
        .findFirst()
        .ifPresent(name -> refuse(name, nodes));
  }

  /** Throws {@link IllegalArgumentException} where a filter is named that is none. */
  static void requireFilters(Graph graph, Set<String> names) {
    List<String> filtered =
        graph.nodes().stream()
            .filter(node -> NodeRule.of(node) instanceof NodeRule.Filtered)
            .map(Node::name)
            .toList();
    List<String> nodes = graph.nodes().stream().map(Node::name).toList();
    for (String name : names) {
      if (!nodes.contains(name)) {
        refuse(name, nodes);
      }
      if (!filtered.contains(name)) {
        throw new IllegalArgumentException(
            "node '" + name + "' has no filter; these have one: " + quoted(filtered));
      }
    }
  }

  private static void refuse(String name, List<String> known) {
    throw new IllegalArgumentException(
        "there is no node '" + name + "' to give a precision; there are: " + quoted(known));
  }

  private static String quoted(List<String> names) {
    return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
  }
}
