package dev.thimble.cli;

import dev.thimble.Quantization;
import dev.thimble.importer.ImportedModel;
import dev.thimble.quant.WeightFormat;
import java.util.List;

/** What may not be asked of a network that is not quantised here. */
final class Uncalibrated {
  private Uncalibrated() {}

  /** Refuses a precision that the model does not have already. */
  static void requirePrecision(ImportedModel model, Precision asked, String text) {
    boolean quantized = Quantization.isQuantized(model);
    boolean other =
        asked.format() != WeightFormat.INT8 || asked == Precision.MIXED || asked == Precision.INT16;
    String name = "'" + model.program().name() + "'";
    if (other && quantized) {
      throw new IllegalArgumentException(
          name
              + " is quantised already; give the float network, and samples, for --precision "
              + text);
    }
    if ((asked == Precision.INT8 || other) && !quantized) {
      throw new IllegalArgumentException(
          name
              + " is a float network; add --calibrate DATA with samples of its input"
              + " (or --calibrate random, to see memory and time only)");
    }
    if (asked == Precision.FLOAT32 && quantized) {
      throw new IllegalArgumentException(
          name + " is quantised; give the float network for --precision float32");
    }
  }

  /** Refuses options that say how to quantise. */
  static void requireNone(ImportedModel model, List<String> options) {
    if (options.isEmpty()) {
      return;
    }
    String option = options.getFirst();
    throw new IllegalArgumentException(
        option
            + " is for networks that --calibrate quantises; "
            + (Quantization.isQuantized(model)
                ? "this one is quantised already"
                : "add --calibrate DATA with samples of its input, or leave " + option + " away"));
  }
}
