package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import java.util.List;
import java.util.Optional;

/** A graph and the steps that compute it, in their order. */
public record Schedule(Graph graph, List<Step> steps) {
  public Schedule {
    steps = List.copyOf(steps);
  }

  /** The graph input that arrives row by row, if one does: the first step receives it. */
  public Optional<Step.Fed> fed() {
    return !steps.isEmpty() && steps.getFirst() instanceof Step.Stream stream
        ? stream.fed()
        : Optional.empty();
  }
}
