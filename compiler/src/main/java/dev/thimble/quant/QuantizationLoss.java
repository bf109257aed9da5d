package dev.thimble.quant;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a quantised network loses what.
 *
 * @param samples how many samples it was measured on
 * @param outputSnrDb the outputs' signal-to-noise ratio against float; before a softmax or sigmoid
 *     at the end. Null where nothing is lost
 * @param nodes the quantised values, worst first: by what each alone costs the outputs
 * @param order the names of the values in the order in which the network computes them
 */
public record QuantizationLoss(
    long samples, @Nullable Double outputSnrDb, List<NodeLoss> nodes, List<String> order) {
  public QuantizationLoss {
    nodes = List.copyOf(nodes);
    order = List.copyOf(order);
  }
}
