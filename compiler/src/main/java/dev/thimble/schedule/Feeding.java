package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Value;
import dev.thimble.tensor.Shape;

/** How a graph's input arrives row by row. */
final class Feeding {
  private Feeding() {}

  /**
   * The rows of the graph's input: the steps of the outermost axis behind the batch whose extent is
   * above 1. Throws {@link IllegalArgumentException} unless the graph has one input, of one batch
   * entry, and no states: each inference that is fed begins anew.
   */
  static Step.Fed of(Graph graph) {
    if (graph.inputs().size() != 1) {
      throw new IllegalArgumentException(
          "the network has "
              + graph.inputs().size()
              + " inputs; --feed rows takes networks of one input");
    }
    if (!graph.states().isEmpty()) {
      throw new IllegalArgumentException(
          "the network keeps state from run to run; --feed rows takes networks without state");
    }
    Value input = graph.inputs().getFirst();
    Shape shape = input.type().shape();
    if (shape.rank() > 1 && shape.dim(0) != 1) {
      throw new IllegalArgumentException(
          "input '"
              + input.name()
              + "' is "
              + shape
              + "; --feed rows takes networks whose first axis is a batch of one entry");
    }
    int rows = 1;
    for (int axis = Math.min(1, shape.rank() - 1); axis < shape.rank() && rows == 1; axis++) {
      rows = shape.rank() == 0 ? 1 : shape.dim(axis);
    }
    return new Step.Fed(input, rows, Math.toIntExact(input.type().bytes() / rows), false);
  }
}
