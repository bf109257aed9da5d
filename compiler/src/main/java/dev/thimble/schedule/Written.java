package dev.thimble.schedule;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;

/** What a byte of the arena holds, as {@link PlanValidator} marks it in the shadow. */
sealed interface Written {
  /** A row of a value. */
  record Row(Value value, int row) implements Written {
    @Override
    public String toString() {
      return "row " + row + " of '" + value.name() + "'";
    }
  }

  /** A kernel's working memory. */
  record Scratch(Node node) implements Written {
    @Override
    public String toString() {
      return "scratch of " + node.place();
    }
  }

  /** The copy of a step's weights. */
  record Weights(int step) implements Written {
    @Override
    public String toString() {
      return "weights of step " + step;
    }
  }
}
