package dev.thimble.quant;

import dev.thimble.graph.Graph;
import java.util.List;

/**
 * A network made of a float network, with int8 where its ops allow.
 *
 * @param inFloat the nodes that are still computed in float32
 */
public record Quantized(Graph graph, List<InFloat> inFloat) {
  public Quantized {
    inFloat = List.copyOf(inFloat);
  }

  /** A node that is computed in float32, and why. */
  public record InFloat(String node, String op, String reason) {}
}
