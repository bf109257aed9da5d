package dev.thimble.quant;

/**
 * How a float network is to be quantised.
 *
 * @param calibrator how the ranges of activations are chosen
 * @param quality how much work goes into losing less
 * @param floatIo whether inputs and outputs stay float32
 * @param methods which ways of losing less are tried
 */
public record QuantizeSettings(
    Calibrator calibrator, Quality quality, boolean floatIo, Methods methods) {
  /** The settings where nothing in particular is asked for. */
  public static final QuantizeSettings DEFAULTS =
      new QuantizeSettings(Calibrator.AUTO, Quality.BALANCED, false);

  /** Settings with the methods that the quality says. */
  public QuantizeSettings(Calibrator calibrator, Quality quality, boolean floatIo) {
    this(calibrator, quality, floatIo, Methods.DEFAULTS);
  }
}
