package dev.thimble.op;

import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a quantised node with a filter and an int32 bias needs beside its elements: rules Q6 to Q8
 * of quantization.md. Its output is {@code clamp(outputZeroPoint + requantize(bias[o] + sum over w
 * * (x - inputZeroPoint), multipliers[o]), min, max)}, or with fractions of biases rule Q70's.
 *
 * @param multipliers one per output channel, also where the filter is quantised per tensor
 * @param fractions of the biases, one per output channel, in units of 2^-8; none where all biases
 *     are whole
 * @param min the smallest stored output, the activation's clamp included
 * @param max the largest stored output, the activation's clamp included
 */
public record ConvolutionQuantization(
    int inputZeroPoint,
    int outputZeroPoint,
    List<Multiplier> multipliers,
    List<Integer> fractions,
    int min,
    int max) {
  public ConvolutionQuantization {
    multipliers = List.copyOf(multipliers);
    fractions = List.copyOf(fractions);
  }

  /** How the sums of one channel are requantised. */
  public record Channel(Multiplier multiplier, int fraction) {
    /** The sum, of whole biases and products, as a number of the output's steps. */
    public int requantize(int sum, Rounding rounding) {
      return fraction == 0
          ? FixedPoint.requantize(sum, multiplier, rounding)
          : FixedPoint.requantize(sum, fraction, multiplier, rounding);
    }
  }

  /**
   * The multipliers of a node whose biases are whole. Throws {@link IllegalStateException} for
   * another one: what computes with multipliers alone would lose the fractions.
   */
  @Override
  public List<Multiplier> multipliers() {
    if (hasFractions()) {
      throw new IllegalStateException("the multipliers alone do not say what the fractions add");
    }
    return multipliers;
  }

  /** Whether a bias is not whole. */
  public boolean hasFractions() {
    return !fractions.isEmpty();
  }

  /** The number of output channels. */
  public int channels() {
    return multipliers.size();
  }

  /** One channel's multiplier and fraction. */
  public Channel channel(int channel) {
    return new Channel(multipliers.get(channel), fractions.isEmpty() ? 0 : fractions.get(channel));
  }

  /** The same with the fractions of these biases. */
  public ConvolutionQuantization with(Bias bias) {
    return new ConvolutionQuantization(
        inputZeroPoint,
        outputZeroPoint,
        multipliers,
        IntStream.of(bias.fractions()).boxed().toList(),
        min,
        max);
  }

  /** The same with results clamped to these bounds too. */
  public ConvolutionQuantization within(int lowest, int highest) {
    return new ConvolutionQuantization(
        inputZeroPoint,
        outputZeroPoint,
        multipliers,
        fractions,
        Math.clamp(min, lowest, highest),
        Math.clamp(max, lowest, highest));
  }

  /**
   * The constants of a {@link Conv2d} or {@link DepthwiseConv2d}; the output's last axis counts the
   * channels. Throws {@link IllegalArgumentException} when the scales give no multiplier.
   */
  public static ConvolutionQuantization of(
      TensorType input,
      TensorType filter,
      TensorType output,
      Activation activation,
      Rounding rounding) {
    double inputScale = input.scale();
    double outputScale = output.scale();
    int channels = output.shape().dim(-1);
    List<Multiplier> multipliers = new ArrayList<>(channels);
    for (int channel = 0; channel < channels; channel++) {
      double real = inputScale * (double) filter.scaleOf(channel) / outputScale;
      multipliers.add(FixedPoint.quantizeMultiplier(real, rounding));
    }
    return with(multipliers, input, output, activation);
  }

  /**
   * The constants of a {@link FullyConnected}. Where the filter has a single scale, the reference
   * multiplies the two scales in float32, unlike its convolutions: rule Q8.
   */
  public static ConvolutionQuantization ofFullyConnected(
      TensorType input,
      TensorType filter,
      TensorType output,
      Activation activation,
      Rounding rounding) {
    if (filter.quant() instanceof QuantParams.PerChannel p && p.scales().size() > 1) {
      return of(input, filter, output, activation, rounding);
    }
    return ofProduct(input, filter.scaleOf(0), output, activation, rounding);
  }

  /** The constants of a {@link MatMul}, whose second operand counts as the filter: rule Q8. */
  public static ConvolutionQuantization ofMatMul(
      TensorType first, TensorType second, TensorType output, Rounding rounding) {
    return ofProduct(first, second.scale(), output, Activation.NONE, rounding);
  }

  /** The scales' product is a float32. */
  private static ConvolutionQuantization ofProduct(
      TensorType input,
      float filterScale,
      TensorType output,
      Activation activation,
      Rounding rounding) {
    float product = input.scale() * filterScale;
    Multiplier multiplier =
        FixedPoint.quantizeMultiplier((double) product / (double) output.scale(), rounding);
    int channels = output.shape().dim(-1);
    return with(Collections.nCopies(channels, multiplier), input, output, activation);
  }

  private static ConvolutionQuantization with(
      List<Multiplier> multipliers, TensorType input, TensorType output, Activation activation) {
    return new ConvolutionQuantization(
        input.zeroPoint(),
        output.zeroPoint(),
        multipliers,
        List.of(),
        activation.quantizedMin(output),
        activation.quantizedMax(output));
  }

  /** Requires what rule Q61 asks of the multipliers of 64-bit sums. */
  void requireWide() {
    for (Multiplier multiplier : multipliers) {
      Checks.require(
          multiplier.shift() < 8,
          "a multiplier of 64-bit sums must be below 2^7, is " + multiplier);
    }
  }

  /** The stored output of a channel's 64-bit accumulator, its bias included: rule Q61. */
  public int applyWide(long acc, int channel) {
    int result = FixedPoint.requantizeWide(acc, multipliers.get(channel)) + outputZeroPoint;
    return Math.clamp(result, min, max);
  }

  /** The stored output of a channel's accumulator, its bias included, but for the fraction. */
  public int apply(int acc, int channel, Rounding rounding) {
    long result = (long) channel(channel).requantize(acc, rounding) + outputZeroPoint;
    return Math.clamp(result, min, max);
  }
}
