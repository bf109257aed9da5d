package dev.thimble.quant;

import dev.thimble.op.Binary;
import dev.thimble.tensor.DType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** Tells in words why a value loses what it loses, and what mends it. */
final class LossWords {
  /** A part of the noise that makes something its cause. */
  private static final double MOST = 0.5;

  /** How many times the median channel the largest one must be to stand out. */
  private static final double OUTLIER = 8;

  /** How many times the numbers' own span a range must be to be called mostly dead. */
  private static final double DEAD = 4;

  /** The part of the numbers that may lie outside of what is then called alive. */
  private static final double OUTSIDE = 0.001;

  private static final int MEANINGFUL_CHANNELS = 4;

  private final boolean here;
  private final Set<String> done;

  private LossWords(boolean here, Set<String> done) {
    this.here = here;
    this.done = done;
  }

  /** A cause, in figures, and the remedy. */
  record Verdict(LossCause cause, String reason, String remedy) {}

  /** For a network that was quantised here: what was done already is no remedy. */
  static LossWords of(QuantizationResult result) {
    return new LossWords(true, Set.copyOf(result.steps()));
  }

  /** For a network that was quantised elsewhere. */
  static LossWords ofElsewhere() {
    return new LossWords(false, Set.of());
  }

  Verdict verdict(DiagnosedValue value, LossSums sums) {
    if (sums.exact()) {
      return new Verdict(LossCause.NONE, "nothing is lost here", "");
    }
    boolean fixed =
        value.origin().filter(n -> NodeRule.of(n) instanceof NodeRule.FixedType).isPresent();
    if (fixed) {
      return new Verdict(
          LossCause.FIXED_SCALE,
          words("steps of %.4g are what the arithmetic gives", value.stored().type().scale()),
          value.stored().type().dtype() == DType.INT8 ? "none in int8" : "none");
    }
    if (sums.clippedPart() > MOST) {
      return saturation(value, sums);
    }
    if (sums.filterPart() > MOST) {
      return filter(value, sums);
    }
    return range(value, sums);
  }

  private Verdict saturation(DiagnosedValue value, LossSums sums) {
    boolean add = value.node().filter(n -> n.op() instanceof Binary).isPresent();
    String reason =
        words(
            "%s%.3g %% of the elements lie beyond %.4g to %.4g: samples reach from %.4g to %.4g",
            add ? "the " + value.op() + " saturates: " : "",
            100 * sums.clipped(),
            Diagnosis.low(value.stored()),
            Diagnosis.high(value.stored()),
            sums.low(),
            sums.high());
    String remedy =
        done.contains("ranges by min-max")
            ? "--calibrate with samples that reach as far as these"
            : "--calibrator min-max, or --calibrate with samples that reach as far as these";
    return new Verdict(LossCause.SATURATION, reason, elsewhere(remedy));
  }

  private Verdict filter(DiagnosedValue value, LossSums sums) {
    String reason = words("%.0f %% of the noise is the filter's rounding", 100 * sums.filterPart());
    if (sums.shiftedPart() > MOST) {
      return new Verdict(
          LossCause.SHIFTED,
          reason + words(", most of which is the same in all samples"),
          elsewhere(unless("bias correction", "--bias-correction on", int16(value))));
    }
    return new Verdict(
        LossCause.FILTER,
        reason,
        elsewhere(unless("rounding search", "--quality best", precision(value, "float32"))));
  }

  private Verdict range(DiagnosedValue value, LossSums sums) {
    float[] channels = sums.largest();
    float[] sorted = channels.clone();
    Arrays.sort(sorted);
    float median = sorted[sorted.length / 2];
    float most = sorted[sorted.length - 1];
    if (channels.length >= MEANINGFUL_CHANNELS && most > OUTLIER * median) {
      int channel = 0;
      while (channels[channel] < most) {
        channel++;
      }
      return new Verdict(
          LossCause.OUTLIER_CHANNEL,
          words(
              "channel %d reaches %.4g, the median channel %.4g: that has %.1f of 256 steps",
              channel, most, median, median / value.stored().type().scale()),
          elsewhere(unless("equalization", "--equalize on", int16(value))));
    }
    Range alive = sums.without(OUTSIDE);
    double span = Diagnosis.high(value.stored()) - Diagnosis.low(value.stored());
    double used = (double) alive.max() - alive.min();
    if (span > DEAD * used) {
      boolean few = sums.high() - sums.low() > DEAD * used;
      return new Verdict(
          LossCause.DEAD_RANGE,
          words(
              "%.1f %% of the range, %.4g to %.4g, holds nearly all numbers",
              100 * used / span, alive.min(), alive.max()),
          elsewhere(few ? "--calibrator mse or percentile" : int16(value)));
    }
    return new Verdict(
        LossCause.STEPS,
        words("steps of %.4g; nothing stands out", value.stored().type().scale()),
        value.stored().type().dtype() == DType.INT8 ? int16(value) : "");
  }

  /** The option that gives a value more bits. */
  private static String int16(DiagnosedValue value) {
    return precision(value, "int16");
  }

  /** A remedy, or another one where the first is taken already. */
  private String unless(String step, String remedy, String next) {
    return done.contains(step) ? next : remedy;
  }

  private String elsewhere(String remedy) {
    return here ? remedy : "quantise the float network here: " + remedy;
  }

  private static String words(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  /** The option that gives a value's node another precision, as a shell takes it. */
  private static String precision(DiagnosedValue value, String precision) {
    String asked = value.real().name() + "=" + precision;
    boolean plain = asked.matches("[A-Za-z0-9_./:=-]+");
    return "--precision " + (plain ? asked : "'" + asked + "'");
  }
}
