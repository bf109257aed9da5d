package dev.thimble.quant;

import org.jspecify.annotations.Nullable;

/** What samples show of the errors of one quantised value. */
final class LossSums {
  private final Histogram histogram = new Histogram();
  private final float[] largest;
  private final double[] shift;
  private double low;
  private double high;
  private double squares;
  private double noise;
  private double clippedNoise;
  private double filterNoise;
  private double laterSquares;
  private double laterNoise;
  private long clipped;
  private long count;
  private final NetworkLoss.Sums outputs = new NetworkLoss.Sums();

  LossSums(int channels) {
    largest = new float[channels];
    shift = new double[channels];
  }

  /**
   * Takes in a sample's elements.
   *
   * @param exact what is computed of the stored operands with real numbers
   * @param stored what is stored of it
   * @param filter the same as {@code exact} with the rounded filter; null where there is none
   */
  void addAlone(
      float[] exact, float[] stored, float @Nullable [] filter, double lowest, double highest) {
    float magnitude = 0;
    for (int i = 0; i < exact.length; i++) {
      double error = stored[i] - (double) exact[i];
      boolean beyond = exact[i] < lowest || exact[i] > highest;
      int channel = i % largest.length;
      largest[channel] = Math.max(largest[channel], Math.abs(exact[i]));
      magnitude = Math.max(magnitude, Math.abs(exact[i]));
      shift[channel] += error;
      low = Math.min(low, exact[i]);
      high = Math.max(high, exact[i]);
      squares += (double) exact[i] * exact[i];
      noise += error * error;
      clipped += beyond ? 1 : 0;
      clippedNoise += beyond ? error * error : 0;
      if (filter != null) {
        filterNoise += Math.pow(filter[i] - (double) exact[i], 2);
      }
    }
    histogram.add(exact, magnitude);
    count += exact.length;
  }

  /** Takes in a sample's elements as the float network and the quantised one compute them. */
  void addAccumulated(float[] real, float[] found) {
    for (int i = 0; i < real.length; i++) {
      laterSquares += (double) real[i] * real[i];
      laterNoise += Math.pow(found[i] - (double) real[i], 2);
    }
  }

  /** What the outputs lose when only this value is quantised. */
  NetworkLoss.Sums outputs() {
    return outputs;
  }

  /** Takes in what another has. */
  void add(LossSums other) {
    for (int i = 0; i < largest.length; i++) {
      largest[i] = Math.max(largest[i], other.largest[i]);
      shift[i] += other.shift[i];
    }
    histogram.add(other.histogram);
    low = Math.min(low, other.low);
    high = Math.max(high, other.high);
    squares += other.squares;
    noise += other.noise;
    clippedNoise += other.clippedNoise;
    filterNoise += other.filterNoise;
    laterSquares += other.laterSquares;
    laterNoise += other.laterNoise;
    clipped += other.clipped;
    count += other.count;
    outputs.add(other.outputs);
  }

  @Nullable Double snr() {
    return decibels(squares, noise);
  }

  @Nullable Double accumulatedSnr() {
    return decibels(laterSquares, laterNoise);
  }

  /** A ratio of squares in decibels; null without noise. */
  static @Nullable Double decibels(double squares, double noise) {
    if (noise == 0) {
      return null;
    }
    // A signal of zeros has no ratio; what is then lost counts as all.
    return squares == 0 ? -100.0 : Math.max(-100, 10 * Math.log10(squares / noise));
  }

  double clipped() {
    return count == 0 ? 0 : clipped / (double) count;
  }

  boolean exact() {
    return noise == 0;
  }

  /** The part of the noise that numbers beyond the range make. */
  double clippedPart() {
    return clippedNoise / noise;
  }

  /** The part of the noise that the rounded filter makes. */
  double filterPart() {
    return filterNoise / noise;
  }

  /** The part of the noise that is the channels' mean error. */
  double shiftedPart() {
    double sum = 0;
    double each = count / (double) shift.length;
    for (double total : shift) {
      sum += total * total / each;
    }
    return sum / noise;
  }

  float[] largest() {
    return largest.clone();
  }

  double low() {
    return low;
  }

  double high() {
    return high;
  }

  /** The range that holds all but this part of the numbers. */
  Range without(double part) {
    return Clipping.percentile(histogram, new Range((float) low, (float) high), part);
  }
}
