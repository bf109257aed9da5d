package dev.thimble.quant;

/**
 * How a float network is to be quantised.
 *
 * @param calibrator how the ranges of activations are chosen
 * @param quality how much work goes into losing less
 * @param floatIo whether inputs and outputs stay float32
 */
public record QuantizeSettings(Calibrator calibrator, Quality quality, boolean floatIo) {
  /** The settings where nothing in particular is asked for. */
  public static final QuantizeSettings DEFAULTS =
      new QuantizeSettings(Calibrator.AUTO, Quality.BALANCED, false);
}
