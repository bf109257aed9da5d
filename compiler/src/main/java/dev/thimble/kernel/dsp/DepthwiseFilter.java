package dev.thimble.kernel.dsp;

import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.Selection;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The filter of a depthwise convolution whose sums are multiplied by 256, as weights become the
 * high bytes of halfwords.
 *
 * @param filter [taps][C]
 * @param requantization for each channel a multiplier and the sum's start; the multiplier is -1 - i
 *     for the i-th channel that has no fast way
 * @param exact for each of those channels the reference's multiplier and shift
 * @param fractions for each of those channels the fraction of its bias
 */
record DepthwiseFilter(
    int[] filter,
    List<Integer> requantization,
    List<Integer> exact,
    List<Integer> fractions,
    ConvolutionQuantization quantization) {
  /** The order in which 3 x 3 windows take the taps. */
  private static final int[] ORDER3 = {0, 1, 3, 4, 2, 6, 5, 7, 8};

  private static final int SCALE_BITS = 8;

  /** Words of four channels' weights of 4 bits, of which the last is half empty. */
  private static final int FEW_WORDS = 5;

  /** Nothing where 256 times a sum could leave int32. */
  static Optional<DepthwiseFilter> of(KernelRequest request, ConvolutionQuantization quantization) {
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int[] bias = FilterParameters.bias(request);
    int zeroPoint = quantization.inputZeroPoint();
    int[] folded = FilterParameters.foldedBias(bias, filter, true, zeroPoint);
    List<Integer> words = new ArrayList<>();
    List<Integer> exact = new ArrayList<>();
    List<Integer> fractions = new ArrayList<>();
    for (int channel = 0; channel < bias.length; channel++) {
      ChannelRequantization way =
          channel(filter, bias[channel], bias.length, channel, quantization);
      Optional<ChannelRequantization.Fast> fast = way.fast(request.rounding());
      if (fast.isEmpty() && !way.pairs()) {
        return Optional.empty();
      }
      int start = folded[channel] << SCALE_BITS;
      if (fast.isPresent()) {
        words.add(fast.get().multiplier());
        words.add(start + (int) fast.get().offset());
      } else {
        words.add(-1 - exact.size() / 2);
        words.add(start);
        exact.add(way.multiplier().multiplier());
        exact.add(way.multiplier().shift());
        fractions.add(way.fraction());
      }
    }
    return Optional.of(new DepthwiseFilter(filter, words, exact, fractions, quantization));
  }

  /**
   * The requantisation of a filter of few bits whose weights are multiplied by 16; nothing where
   * some channel has no fast way.
   */
  static Optional<DepthwiseFilter> ofFewBits(
      KernelRequest request, ConvolutionQuantization quantization) {
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int[] bias = FilterParameters.bias(request);
    int[] folded = FilterParameters.foldedBias(bias, filter, true, quantization.inputZeroPoint());
    List<Integer> words = new ArrayList<>();
    for (int channel = 0; channel < bias.length; channel++) {
      ChannelRequantization way =
          channel(filter, bias[channel], bias.length, channel, quantization);
      Optional<ChannelRequantization.Fast> fast =
          way.fast(request.rounding(), ChannelRequantization.FEW_SCALE_BITS);
      if (fast.isEmpty()) {
        return Optional.empty();
      }
      words.add(fast.get().multiplier());
      int start = folded[channel] << ChannelRequantization.FEW_SCALE_BITS;
      words.add(start + (int) fast.get().offset());
    }
    return Optional.of(new DepthwiseFilter(filter, words, List.of(), List.of(), quantization));
  }

  private static ChannelRequantization channel(
      int[] filter, int bias, int channels, int channel, ConvolutionQuantization quantization) {
    long least = bias;
    long greatest = bias;
    for (int at = channel; at < filter.length; at += channels) {
      long one = (long) filter[at] * (Byte.MIN_VALUE - quantization.inputZeroPoint());
      long other = (long) filter[at] * (Byte.MAX_VALUE - quantization.inputZeroPoint());
      least += Math.min(one, other);
      greatest += Math.max(one, other);
    }
    return new ChannelRequantization(
        quantization.channel(channel),
        quantization.outputZeroPoint(),
        quantization.min(),
        quantization.max(),
        least,
        greatest);
  }

  /** The first fields of kernels for 3 x 3 windows. */
  void three(ParameterList list) {
    int channels = requantization.size() / 2;
    int[] ordered = new int[filter.length];
    for (int i = 0; i < ordered.length; i++) {
      int tap = ORDER3[i % ORDER3.length];
      ordered[i] = filter[tap * channels + i / ORDER3.length];
    }
    list.table("filter", Parameter.Role.FILTER, DType.INT8, ordered);
    requantization(list);
  }

  /**
   * As {@link #three}, of weights of 4 bits: of each four channels, the last of which may be among
   * the four before, five words. Eight weights lie in the halves of a word's bytes, the first four
   * in the lower ones.
   */
  void threeOfFewBits(ParameterList list) {
    int channels = requantization.size() / 2;
    int[] bytes = new int[(channels + 3) / 4 * FEW_WORDS * Integer.BYTES];
    for (int group = 0; 4 * group < channels; group++) {
      int first = Math.min(4 * group, channels - 4);
      for (int i = 0; i < 4 * ORDER3.length; i++) {
        int weight = filter[ORDER3[i % ORDER3.length] * channels + first + i / ORDER3.length];
        int at = (group * FEW_WORDS + i / 8) * Integer.BYTES + i % 4;
        bytes[at] |= (weight & 0xF) << (i % 8 / 4 * 4);
      }
    }
    int[] words = new int[bytes.length / Integer.BYTES];
    for (int i = 0; i < bytes.length; i++) {
      words[i / Integer.BYTES] |= bytes[i] << (i % Integer.BYTES * Byte.SIZE);
    }
    list.table("filter", Parameter.Role.FILTER, DType.INT32, words);
    requantization(list);
  }

  /** The first fields of kernels for any windows. */
  void any(ParameterList list) {
    int channels = requantization.size() / 2;
    int taps = filter.length / channels;
    byte[] bytes = new byte[(filter.length + 3) / 4 * 4];
    int at = 0;
    int channel = 0;
    for (; channel + 4 <= channels; channel += 4) {
      for (int tap = 0; tap < taps; tap += 2) {
        int two = Math.min(2, taps - tap);
        for (int i = 0; i < 4 * two; i++) {
          int lane = two == 2 ? i / 4 * 2 + i % 2 : i;
          int step = two == 2 ? i / 2 % 2 : 0;
          bytes[at++] = (byte) filter[(tap + step) * channels + channel + lane];
        }
      }
    }
    for (; channel < channels; channel++) {
      for (int tap = 0; tap < taps; tap++) {
        bytes[at++] = (byte) filter[tap * channels + channel];
      }
    }
    IntBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    int[] table = new int[words.remaining()];
    words.get(table);
    list.table("filter", Parameter.Role.FILTER, DType.INT32, table);
    requantization(list);
  }

  private void requantization(ParameterList list) {
    list.table("requantize", Parameter.Role.BIAS_REQUANT, DType.INT32, ints(requantization));
    if (exact.isEmpty()) {
      list.absent("exact");
    } else {
      list.table("exact", Parameter.Role.BIAS_REQUANT, DType.INT32, ints(exact));
    }
  }

  /** The last field. */
  void addFractions(ParameterList list) {
    FilterParameters.fraction(list, ints(fractions));
  }

  private static int[] ints(List<Integer> words) {
    return words.stream().mapToInt(Integer::intValue).toArray();
  }
}
