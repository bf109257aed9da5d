package dev.thimble.quant;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a float network is to be quantised.
 *
 * @param calibrator how the ranges of activations are chosen
 * @param quality how much work goes into losing less
 * @param format of filters
 * @param formats of filters that have another one, by the name of their node
 * @param mixed if present, the formats of all filters are searched for within these limits
 * @param floatIo whether inputs and outputs stay float32
 * @param activations which are not int8
 * @param int16 if present, further activations are made int16 that gain most, of at most so many
 *     percent of all activations' bytes
 * @param methods which ways of losing less are tried
 */
public record QuantizeSettings(
    Calibrator calibrator,
    Quality quality,
    WeightFormat format,
    Map<String, WeightFormat> formats,
    Optional<MixedLimits> mixed,
    boolean floatIo,
    ActivationTypes activations,
    OptionalDouble int16,
    Methods methods) {
  /** The settings where nothing in particular is asked for. */
  public static final QuantizeSettings DEFAULTS =
      new QuantizeSettings(Calibrator.AUTO, Quality.BALANCED, false);

  public QuantizeSettings {
    formats = new LinkedHashMap<>(formats);
  }

  /** The settings with int8 filters, and the methods that the quality says. */
  public QuantizeSettings(Calibrator calibrator, Quality quality, boolean floatIo) {
    this(calibrator, quality, floatIo, Methods.DEFAULTS);
  }

  /** The settings with int8 filters. */
  public QuantizeSettings(
      Calibrator calibrator, Quality quality, boolean floatIo, Methods methods) {
    this(calibrator, quality, WeightFormat.INT8, Map.of(), Optional.empty(), floatIo, methods);
  }

  /** The settings with int8 activations. */
  public QuantizeSettings(
      Calibrator calibrator,
      Quality quality,
      WeightFormat format,
      Map<String, WeightFormat> formats,
      Optional<MixedLimits> mixed,
      boolean floatIo,
      Methods methods) {
    this(
        calibrator,
        quality,
        format,
        formats,
        mixed,
        floatIo,
        ActivationTypes.INT8,
        OptionalDouble.empty(),
        methods);
  }
}
