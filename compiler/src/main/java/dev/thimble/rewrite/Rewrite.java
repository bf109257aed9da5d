package dev.thimble.rewrite;

import dev.thimble.graph.Graph;

/**
 * The graph after a rule applied, and how many times it did: 1 for a rule on one node; the things
 * changed, as the rule's documentation counts them, for a rule on the whole graph.
 */
public record Rewrite(Graph graph, int count) {
  public Rewrite {
    if (count < 1) {
      throw new IllegalArgumentException("a rewrite changes something, count was " + count);
    }
  }
}
