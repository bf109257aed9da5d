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
  public static final QuantizeSettings DEFAULTS = of(Calibrator.AUTO, Quality.BALANCED);

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

  /** The settings where nothing else in particular is asked for. */
  public static QuantizeSettings of(Calibrator calibrator, Quality quality) {
    return new QuantizeSettings(
        calibrator,
        quality,
        WeightFormat.INT8,
        Map.of(),
        Optional.empty(),
        false,
        ActivationTypes.INT8,
        OptionalDouble.empty(),
        Methods.DEFAULTS,
        Found.NOTHING);
  }

  /** With all filters of a format, but some of another one, by the name of their node. */
  public QuantizeSettings withFilters(WeightFormat all, Map<String, WeightFormat> some) {
    return new QuantizeSettings(
        calibrator, quality, all, some, mixed, floatIo, activations, int16, methods, found);
  }

  /** With the formats of all filters searched for within limits, if there are any. */
  public QuantizeSettings withMixed(Optional<MixedLimits> limits) {
    return new QuantizeSettings(
        calibrator, quality, format, formats, limits, floatIo, activations, int16, methods, found);
  }

  /** With inputs and outputs that stay float32, or do not. */
  public QuantizeSettings withFloatIo(boolean stays) {
    return new QuantizeSettings(
        calibrator, quality, format, formats, mixed, stays, activations, int16, methods, found);
  }

  /** With activations that are not int8. */
  public QuantizeSettings withActivations(ActivationTypes types) {
    return new QuantizeSettings(
        calibrator, quality, format, formats, mixed, floatIo, types, int16, methods, found);
  }

  /** With further activations of int16, of at most so many percent of all bytes, if any. */
  public QuantizeSettings withInt16(OptionalDouble percent) {
    return new QuantizeSettings(
        calibrator, quality, format, formats, mixed, floatIo, activations, percent, methods, found);
  }

  /** With other ways of losing less. */
  public QuantizeSettings withMethods(Methods tried) {
    return new QuantizeSettings(
        calibrator, quality, format, formats, mixed, floatIo, activations, int16, tried, found);
  }

  /** With what searches have found. */
  public QuantizeSettings withFound(Found before) {
    return new QuantizeSettings(
        calibrator, quality, format, formats, mixed, floatIo, activations, int16, methods, before);
  }
}
