package dev.thimble.rewrite;

import dev.thimble.graph.Graph;

/** The graph after a rule on the whole graph, and what it changed, as its documentation counts. */
public record Rewrite(Graph graph, int count) {
  public Rewrite {
    if (count < 1) {
      throw new IllegalArgumentException("a rewrite changes something, count was " + count);
    }
  }
}
