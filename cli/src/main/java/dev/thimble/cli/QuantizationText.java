package dev.thimble.cli;

import dev.thimble.Quantization;
import dev.thimble.quant.QuantizationResult;
import dev.thimble.quant.Quantized;
import dev.thimble.quant.WeightFormat;
import java.io.PrintStream;
import java.util.List;

/** What the command line says of a network that was quantised. */
final class QuantizationText {
  private QuantizationText() {}

  /**
   * Tells how a network was quantised.
   *
   * @param ofFilters whether filters alone are stored with few bits
   * @param searched whether activations of int16 were searched for
   */
  static void print(
      PrintStream to, Quantization quantization, boolean ofFilters, boolean searched) {
    QuantizationResult result = quantization.result();
    List<Quantized.InFloat> inFloat = result.network().inFloat();
    String kept = ofFilters ? " nodes keep float32 filters:" : " nodes stay in float32:";
    to.println(
        done(quantization, ofFilters) + (inFloat.isEmpty() ? "" : "; " + inFloat.size() + kept));
    inFloat.forEach(n -> to.println("  " + n.node() + " (" + n.op() + "): " + n.reason()));
    if (ofFilters || result.filters().stream().anyMatch(f -> f.format() != WeightFormat.INT8)) {
      FilterRows.print(to, result.filters());
    }
    if (searched) {
      Int16Rows.print(to, result.int16());
    }
  }

  private static String done(Quantization quantization, boolean ofFilters) {
    QuantizationResult result = quantization.result();
    String steps = String.join(", ", result.steps());
    if (ofFilters) {
      return result.filters().isEmpty()
          ? "no node has a filter that can be stored with few bits"
          : "all is computed in float32, " + steps;
    }
    return Quantization.isQuantized(quantization.model())
        ? "quantised after " + result.samples() + " samples: " + steps
        : "nothing was quantised: no node takes int8 in the place of float32";
  }
}
