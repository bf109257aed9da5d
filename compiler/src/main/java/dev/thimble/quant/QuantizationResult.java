package dev.thimble.quant;

import dev.thimble.graph.Graph;
import java.util.List;

/**
 * A quantised network, and how it came about.
 *
 * @param source the float network that it was made of, value by value: channels may have been
 *     scaled
 * @param samples how many samples it was calibrated on
 * @param steps what was done, in words that options use, such as {@code bias-correction}
 * @param filters the formats of the filters that are quantised
 * @param int16 the activations that a search made int16, in the order in which it took them
 */
public record QuantizationResult(
    Graph source,
    Quantized network,
    long samples,
    List<String> steps,
    List<FilterFormat> filters,
    List<Int16Value> int16) {
  public QuantizationResult {
    filters = List.copyOf(filters);
    int16 = List.copyOf(int16);
    steps = List.copyOf(steps);
  }
}
