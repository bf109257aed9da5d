package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import java.util.List;

/** A graph and the steps that compute it, in their order. */
public record Schedule(Graph graph, List<Step> steps) {
  public Schedule {
    steps = List.copyOf(steps);
  }
}
