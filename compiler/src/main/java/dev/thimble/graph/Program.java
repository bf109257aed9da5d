package dev.thimble.graph;

import java.util.List;

/**
 * A model: its graphs, of which the first is the entry point. Further graphs will hold the bodies
 * of control flow.
 */
public record Program(String name, List<Graph> graphs) {
  public Program {
    graphs = List.copyOf(graphs);
    if (graphs.isEmpty()) {
      throw new IllegalArgumentException("a program needs at least one graph");
    }
  }

  public Graph entry() {
    return graphs.getFirst();
  }
}
