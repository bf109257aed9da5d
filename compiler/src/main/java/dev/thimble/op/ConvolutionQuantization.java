package dev.thimble.op;

import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a quantised node with a filter and an int32 bias needs beside its elements: rules Q6 to Q8
 * of quantization.md. Its output is {@code clamp(outputZeroPoint + requantize(bias[o] + sum over w
 * * (x - inputZeroPoint), multipliers[o]), min, max)}.
 *
 * @param multipliers one per output channel, also where the filter is quantised per tensor
 * @param min the smallest stored output, the activation's clamp included
 * @param max the largest stored output, the activation's clamp included
 */
public record ConvolutionQuantization(
    int inputZeroPoint, int outputZeroPoint, List<Multiplier> multipliers, int min, int max) {
  public ConvolutionQuantization {
    multipliers = List.copyOf(multipliers);
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

  /** The stored output of a channel's accumulator, its bias included. */
  public int apply(int acc, int channel, Rounding rounding) {
    int result = FixedPoint.requantize(acc, multipliers.get(channel), rounding) + outputZeroPoint;
    return Math.clamp(result, min, max);
  }
}
