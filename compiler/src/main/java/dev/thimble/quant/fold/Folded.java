package dev.thimble.quant.fold;

import dev.thimble.graph.Graph;
import dev.thimble.quant.Quantized;
import java.util.List;

/**
 * A network whose quantised parts are integers.
 *
 * @param graph the network; its inputs and outputs have the names and element types of the source's
 * @param nodes how many float nodes of the source became integer nodes; 0 where the graph is the
 *     source itself
 * @param inFloat what is still computed in float32, and why
 */
public record Folded(Graph graph, int nodes, List<Quantized.InFloat> inFloat) {
  public Folded {
    inFloat = List.copyOf(inFloat);
  }
}
