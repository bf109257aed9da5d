package dev.thimble.quant;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

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
 * @param found what the two searches found before, and need not search for again
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
    Methods methods,
    Found found) {
  /** The settings where nothing in particular is asked for. */
  public static final QuantizeSettings DEFAULTS =
      new QuantizeSettings(Calibrator.AUTO, Quality.BALANCED, false);

  /**
   * What searches have found.
   *
   * @param formats of filters, by the name of their node; empty where they are to be searched for
   * @param int16 the activations; likewise
   */
  public record Found(Map<String, WeightFormat> formats, Set<String> int16) {
    /** Nothing. */
    public static final Found NOTHING = new Found(Map.of(), Set.of());

    public Found {
      formats = new LinkedHashMap<>(formats);
      int16 = new LinkedHashSet<>(int16);
    }
  }

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

  /** The settings of which nothing has been found. */
  public QuantizeSettings(
      Calibrator calibrator,
      Quality quality,
      WeightFormat format,
      Map<String, WeightFormat> formats,
      Optional<MixedLimits> mixed,
      boolean floatIo,
      ActivationTypes activations,
      OptionalDouble int16,
      Methods methods) {
    this(
        calibrator,
        quality,
        format,
        formats,
        mixed,
        floatIo,
        activations,
        int16,
        methods,
        Found.NOTHING);
  }
}
