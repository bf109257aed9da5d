package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import java.util.Optional;

/**
 * A named rewrite. Its name stands in reports. Every value that is in both graphs, directly or by
 * its origin, is the same in both for every input: bit for bit, unless the rule says that it is of
 * real numbers; then floats may differ by how they are rounded.
 */
public sealed interface Rule {
  String name();

  /** Whether surviving floats keep every bit. */
  boolean exact();

  /** A rule that looks at one node and its surroundings. */
  record OfNode(String name, NodeStep step, boolean exact) implements Rule {}

  /** A rule that looks at the whole graph. */
  record OfGraph(String name, GraphStep step) implements Rule {
    @Override
    public boolean exact() {
      return true;
    }
  }

  /**
   * The change to a graph around one of its nodes, or nothing where the rule does not apply. It
   * must replace or remove the node, and depend on nothing but that node and nodes that share a
   * value with a node that it replaces: the engine makes changes that are apart from each other at
   * once.
   */
  @FunctionalInterface
  interface NodeStep {
    Optional<GraphEdit> apply(Graph graph, Node node, RewriteOptions options);
  }

  /** The rewrite of a whole graph, or nothing where there is nothing left to do. */
  @FunctionalInterface
  interface GraphStep {
    Optional<Rewrite> apply(Graph graph, RewriteOptions options);
  }

  /** A rule on single nodes. */
  static Rule ofNode(String name, NodeStep step) {
    return new OfNode(name, step, true);
  }

  /** A rule on single nodes that holds for real numbers, and for floats but for their rounding. */
  static Rule ofReals(String name, NodeStep step) {
    return new OfNode(name, step, false);
  }

  /** A rule on the whole graph. */
  static Rule ofGraph(String name, GraphStep step) {
    return new OfGraph(name, step);
  }
}
