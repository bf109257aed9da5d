package dev.thimble.quant;

import dev.thimble.graph.Graph;
import java.util.List;

/**
 * A way to quantise a network, and what it loses.
 *
 * @param source the float network, whose scales and biases may have moved between filters
 * @param recipe how that is quantised
 * @param steps what was done, in words
 */
record Attempt(Graph source, Recipe recipe, List<String> steps, Losses loss) {
  Attempt {
    steps = List.copyOf(steps);
  }

  /** The quantised network. */
  Graph network() {
    return Quantizer.run(source, recipe).graph();
  }

  /** Whichever has the smaller error of scores; this where they are equal. */
  Attempt orNearer(Attempt other) {
    return other.loss.scores() < loss.scores() ? other : this;
  }
}
