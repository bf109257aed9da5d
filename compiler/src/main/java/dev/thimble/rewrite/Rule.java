package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import java.util.Optional;

/**
 * A named rewrite. Its name stands in reports. Exact: every value that is in both graphs, directly
 * or by its origin, is the same in both for every input.
 */
public sealed interface Rule {
  String name();

  /** A rule that looks at one node and its surroundings. */
  record OfNode(String name, NodeStep step) implements Rule {}

  /** A rule that looks at the whole graph. */
  record OfGraph(String name, GraphStep step) implements Rule {}

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
    return new OfNode(name, step);
  }

  /** A rule on the whole graph. */
  static Rule ofGraph(String name, GraphStep step) {
    return new OfGraph(name, step);
  }
}
