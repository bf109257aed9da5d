package dev.thimble.quant;

import java.util.List;

/**
 * A quantised network, and how it came about.
 *
 * @param samples how many samples it was calibrated on
 * @param steps what was done, in words that options use, such as {@code bias-correction}
 */
public record QuantizationResult(Quantized network, long samples, List<String> steps) {
  public QuantizationResult {
    steps = List.copyOf(steps);
  }
}
