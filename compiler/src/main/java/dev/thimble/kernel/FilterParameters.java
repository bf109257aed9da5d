package dev.thimble.kernel;

import dev.thimble.op.Bias;
import dev.thimble.op.Conv2d;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Multiplier;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The parameters that quantised nodes with a filter share. A filter is held as an OHWI array here:
 * {@code [O][taps]}, whatever the order in which a kernel stores it.
 */
public final class FilterParameters {
  private static final String FRACTION = "fraction";

  private FilterParameters() {}

  /**
   * The constants of a convolution, a depthwise one or a fully connected node, with the fractions
   * of its biases. Throws {@link KernelException} where those meet double rounding.
   */
  public static ConvolutionQuantization quantization(KernelRequest request) {
    TensorType in = request.input();
    TensorType filter = request.inputs().get(1);
    TensorType out = request.output();
    Rounding rounding = request.rounding();
    ConvolutionQuantization quantization =
        switch (request.op()) {
          case Conv2d op -> ConvolutionQuantization.of(in, filter, out, op.activation(), rounding);
          case DepthwiseConv2d op ->
              ConvolutionQuantization.of(in, filter, out, op.activation(), rounding);
          case FullyConnected op ->
              ConvolutionQuantization.ofFullyConnected(in, filter, out, op.activation(), rounding);
          default -> throw new IllegalArgumentException("no filter: " + request.op().kind());
        };
    Bias bias = Bias.of(given(request));
    if (bias.fractions().length > 0 && rounding == Rounding.DOUBLE) {
      throw new KernelException(
          request.op().kind()
              + ": its biases have fractions, which single rounding alone knows; choose it, or"
              + " import the network for double rounding");
    }
    return quantization.with(bias);
  }

  /**
   * The biases of a node that {@link #quantization} takes, without their fractions, which are in
   * what that returns.
   */
  public static int[] bias(KernelRequest request) {
    return Bias.of(given(request)).whole();
  }

  /** Whether a node has biases with fractions. */
  public static boolean hasFractions(KernelRequest request) {
    return request.inputs().size() > 2 && Bias.isFractional(request.inputs().get(2));
  }

  private static Tensor given(KernelRequest request) {
    return request
        .constants()
        .get(2)
        .orElseThrow(() ->
            new KernelException(
                request.op().kind()
                    + ": the bias is computed at run time; integer kernels take constants"));
  }

  /**
   * The last field of parameters whose kernels know fractions: the biases', in units of 2^-8, or
   * null. A program in which all are null does without the field.
   */
  public static void fraction(ParameterList list, ConvolutionQuantization quantization) {
    fraction(list, fractions(quantization));
  }

  /** The same of the channels that a kernel orders or selects in its own way. */
  public static void fraction(ParameterList list, int[] fractions) {
    if (Arrays.stream(fractions).anyMatch(fraction -> fraction != 0)) {
      list.table(FRACTION, Parameter.Role.BIAS_REQUANT, DType.UINT8, fractions);
    } else {
      list.absent(FRACTION);
    }
  }

  /**
   * The bits by which kernels must shift a channel's sums to the left to add the fraction of its
   * bias: as many as the node's fractions have, and at least so many. A shift of more than {@link
   * Bias#MAX_BITS} is none that kernels take.
   */
  public static int lift(ConvolutionQuantization quantization, int least) {
    int all = Arrays.stream(fractions(quantization)).reduce(0, (a, b) -> a | b);
    int bits = all == 0 ? 0 : Bias.MAX_BITS - Integer.numberOfTrailingZeros(all);
    return Math.max(bits, least);
  }

  private static int[] fractions(ConvolutionQuantization quantization) {
    return IntStream.range(0, quantization.channels())
        .map(channel -> quantization.channel(channel).fraction())
        .toArray();
  }

  /**
   * The last field of parameters whose tables hold fractions of biases in some way of their own: a
   * number that says so, or 0.
   */
  public static void fraction(ParameterList list, int kind) {
    list.int32(FRACTION, kind);
  }

  /** Whether a kernel's biases have fractions that it must know of. */
  static boolean hasFractions(List<Parameter> parameters) {
    return parameters.stream()
        .filter(FilterParameters::isFraction)
        .anyMatch(p -> !(p instanceof Parameter.Scalar s && s.literal().equals("0")));
  }

  /** Whether a field holds fractions of biases. */
  static boolean isFraction(Parameter parameter) {
    return parameter.field().equals(FRACTION) || parameter.field().endsWith("." + FRACTION);
  }

  /**
   * The bias less the input's zero point times the sum of each channel's filter, modulo 2^32: then
   * the products of stored elements and filter need no zero point.
   *
   * <p>Throws {@link KernelException} where a channel's sum of bias and products can leave int32,
   * which rule Q6 of quantization.md leaves undefined. The kernels sum modulo 2^32, so nothing is
   * asked of the partial sums and of the folded bias.
   *
   * @param filter [O][taps], or [taps][O] with {@code channelsLast}
   */
  public static int[] foldedBias(
      int[] bias, int[] filter, boolean channelsLast, int inputZeroPoint) {
    requireInt32(bias, filter, channelsLast, inputZeroPoint);
    int[] folded = bias.clone();
    int taps = filter.length / bias.length;
    for (int channel = 0; channel < bias.length; channel++) {
      for (int tap = 0; tap < taps; tap++) {
        folded[channel] -=
            inputZeroPoint
                * filter[channelsLast ? tap * bias.length + channel : channel * taps + tap];
      }
    }
    return folded;
  }

  /**
   * Throws {@link KernelException} where a sum of bias and products, [O][taps], can leave int32.
   */
  static void requireInt32(int[] bias, int[] filter, int inputZeroPoint) {
    requireInt32(bias, filter, false, inputZeroPoint);
  }

  private static void requireInt32(
      int[] bias, int[] filter, boolean channelsLast, int inputZeroPoint) {
    int taps = filter.length / bias.length;
    for (int channel = 0; channel < bias.length; channel++) {
      long least = bias[channel];
      long greatest = bias[channel];
      for (int tap = 0; tap < taps; tap++) {
        int w = filter[channelsLast ? tap * bias.length + channel : channel * taps + tap];
        long one = (long) w * (Byte.MIN_VALUE - inputZeroPoint);
        long other = (long) w * (Byte.MAX_VALUE - inputZeroPoint);
        least += Math.min(one, other);
        greatest += Math.max(one, other);
      }
      requireInt32(channel, least, greatest);
    }
  }

  /**
   * Throws {@link KernelException} where a sum of bias and products, [O][taps], of activations
   * between these bounds, which have both signs, can leave int32.
   */
  static void requireInt32(long[] bias, int[] filter, int min, int max) {
    int taps = filter.length / bias.length;
    for (int channel = 0; channel < bias.length; channel++) {
      long least = bias[channel];
      long greatest = bias[channel];
      for (int tap = 0; tap < taps; tap++) {
        long w = filter[channel * taps + tap];
        least += Math.min(w * min, w * max);
        greatest += Math.max(w * min, w * max);
      }
      requireInt32(channel, least, greatest);
    }
  }

  /**
   * The tables bias and bias_high, halves of 64-bit numbers; the upper halves only where they are
   * more than the lower ones' signs, since generated tables have elements of 32 bits at most.
   */
  public static void wideBias(ParameterList list, long[] bias) {
    int[] low = Arrays.stream(bias).mapToInt(b -> (int) b).toArray();
    list.table("bias", Parameter.Role.BIAS_REQUANT, DType.INT32, low);
    if (Arrays.stream(bias).allMatch(b -> b == (int) b)) {
      list.absent("bias_high");
    } else {
      int[] high = Arrays.stream(bias).mapToInt(b -> (int) (b >> 32)).toArray();
      list.table("bias_high", Parameter.Role.BIAS_REQUANT, DType.INT32, high);
    }
  }

  private static void requireInt32(int channel, long least, long greatest) {
    if (least < Integer.MIN_VALUE || greatest > Integer.MAX_VALUE) {
      throw new KernelException(
          "the sums of output channel "
              + channel
              + " reach from "
              + least
              + " to "
              + greatest
              + ", beyond int32; quantise with a bias and filter of smaller stored numbers");
    }
  }

  /**
   * The tables multiplier and shift, of a single entry where all channels agree, of kernels that
   * take whole biases only.
   */
  public static void requantization(ParameterList list, ConvolutionQuantization quantization) {
    requantization(list, quantization, quantization.multipliers());
  }

  /** The same of kernels that take {@link #fraction} too. */
  public static void requantizationOfAny(ParameterList list, ConvolutionQuantization quantization) {
    requantization(list, quantization, multipliers(quantization));
  }

  private static void requantization(
      ParameterList list, ConvolutionQuantization quantization, List<Multiplier> all) {
    List<Multiplier> entries = all;
    if (!perChannel(quantization)) {
      entries = entries.subList(0, 1);
    }
    list.table(
        "multiplier",
        Parameter.Role.BIAS_REQUANT,
        DType.INT32,
        entries.stream().mapToInt(Multiplier::multiplier).toArray());
    list.table(
        "shift",
        Parameter.Role.BIAS_REQUANT,
        DType.INT8,
        entries.stream().mapToInt(Multiplier::shift).toArray());
  }

  /** Whether the channels' multipliers differ. */
  public static boolean perChannel(ConvolutionQuantization quantization) {
    return multipliers(quantization).stream().distinct().count() > 1;
  }

  /** The multipliers; the fractions are a field of their own. */
  private static List<Multiplier> multipliers(ConvolutionQuantization quantization) {
    return IntStream.range(0, quantization.channels())
        .mapToObj(channel -> quantization.channel(channel).multiplier())
        .toList();
  }

  /** The last fields: the bounds, less the output's zero point, the zero points and a flag. */
  public static void bounds(
      ParameterList list, ConvolutionQuantization quantization, int min, int max) {
    list.int16("min", min - quantization.outputZeroPoint())
        .int16("max", max - quantization.outputZeroPoint())
        .int8("input_zero_point", quantization.inputZeroPoint())
        .int8("output_zero_point", quantization.outputZeroPoint())
        .flag("per_channel", perChannel(quantization));
  }
}
