package dev.thimble.kernel.dsp;

import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.Selection;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A filter and its requantisation as {@code dsp_gemm.h} reads them.
 *
 * @param steps the order of a filter's elements
 * @param quads the quads of channels of each group
 * @param singles the channels of each group that follow them
 * @param exact whether outputs are computed by the reference's steps
 * @param mends what the quads' halfwords lack
 * @param filter the packed words
 * @param requantization the packed words
 */
record DspFilters(
    FilterSteps steps,
    int quads,
    int singles,
    boolean exact,
    Mends mends,
    List<Integer> filter,
    List<Integer> requantization,
    ConvolutionQuantization quantization) {
  private static final int QUAD = 4;
  private static final int MAX_CHANNELS = 0xFFFF;
  private static final int ODD = 1;
  private static final int EXACT = 2;
  private static final int STEP = 4;
  private static final int MENDED = 8;

  /** The part of a filter's elements, in percent, that the words of mends may take in bytes. */
  private static final int MENDS_PERCENT = 10;

  /** The tables of a node; nothing where the kernels cannot take it. */
  static Optional<DspFilters> of(
      KernelRequest request, ConvolutionQuantization quantization, FilterSteps steps, int groups) {
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int[] bias = Selection.constant(request, 2, "bias").ints();
    Channels channels = new Channels(filter, bias, quantization, request.rounding());
    int perGroup = bias.length / groups;
    if (steps.whole() < 1 || perGroup > MAX_CHANNELS) {
      return Optional.empty();
    }
    boolean fast = channels.fast().stream().allMatch(Optional::isPresent);
    if (!fast && !channels.all.stream().allMatch(ChannelRequantization::isExact)) {
      return Optional.empty();
    }
    Mends mends = Mends.of(filter, channels.taps, groups == 1 ? perGroup : 0);
    boolean pairs = channels.pair(perGroup) && mayMend(mends, filter, channels.taps, groups);
    int quads = pairs ? perGroup / QUAD : 0;
    List<Integer> starts = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      int end = (group + 1) * perGroup;
      int channel = group * perGroup;
      for (; channel < end - perGroup + quads * QUAD; channel += QUAD) {
        channels.addQuad(channel, fast, starts);
      }
      for (; channel < end; channel++) {
        channels.addSingle(channel, fast, starts);
      }
    }
    DspFilters without =
        new DspFilters(
            steps,
            quads,
            perGroup - quads * QUAD,
            !fast,
            pairs ? mends : Mends.NONE,
            List.of(),
            starts,
            quantization);
    return Optional.of(without.reordered(steps, filter, groups));
  }

  /** Whether what the halfwords lack, if anything, can be listed without much flash. */
  private static boolean mayMend(Mends mends, int[] filter, int taps, int groups) {
    return groups == 1
        ? mends.isEmpty()
            || (mends.fits()
                && mends.words() * Integer.BYTES * 100 <= filter.length * MENDS_PERCENT + 1600)
        : Mends.of(filter, taps, filter.length / taps).isEmpty();
  }

  /** The same with the elements of a filter, [O][taps], in another order. */
  DspFilters reordered(FilterSteps order, int[] elements, int groups) {
    return with(order, order.places(elements.length / channels(groups)), elements, groups);
  }

  /** The same for pixels as they lie. */
  DspFilters direct(int[] elements) {
    int taps = elements.length / channels(1);
    int[] places = IntStream.range(0, taps).toArray();
    return mends.isEmpty() ? this : with(steps, places, elements, 1);
  }

  private int channels(int groups) {
    return (quads * QUAD + singles) * groups;
  }

  private DspFilters with(FilterSteps order, int[] places, int[] elements, int groups) {
    int perGroup = quads * QUAD + singles;
    int taps = elements.length / channels(groups);
    List<Integer> words = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      int end = (group + 1) * perGroup;
      int channel = group * perGroup;
      for (; channel < end - singles; channel += QUAD) {
        order.addQuad(elements, taps, channel, words);
        mends.addQuad(channel / QUAD, places, words);
      }
      for (; channel < end; channel++) {
        order.addSingle(elements, taps, channel, words);
      }
    }
    return new DspFilters(order, quads, singles, exact, mends, words, requantization, quantization);
  }

  /** The fields of {@code dsp_filters}. */
  void parameters(ParameterList list) {
    ParameterList inside = list.inside("filters");
    inside
        .table("filter", Parameter.Role.FILTER, DType.INT32, ints(filter))
        .table("requantize", Parameter.Role.BIAS_REQUANT, DType.INT32, ints(requantization))
        .int32("steps", steps.whole())
        .uint16("quads", quads)
        .uint16("singles", singles + (mends.isEmpty() ? 0 : QUAD * mends.words()))
        .int32("flags", flags())
        .int8("min", quantization.min())
        .int8("max", quantization.max())
        .int8("output_zero_point", quantization.outputZeroPoint());
  }

  private int flags() {
    return (steps.isOdd() ? ODD : 0)
        + (exact ? EXACT : 0)
        + steps.whole() % 2 * STEP
        + (mends.isEmpty() ? 0 : MENDED);
  }

  /** The file of a kernel, whose name is as given where nothing is mended. */
  String source(String plain) {
    String suffix = "_dsp";
    return plain.substring(0, plain.length() - suffix.length())
        + (mends.isEmpty() ? "" : "_mended")
        + suffix
        + ".c";
  }

  private static int[] ints(List<Integer> words) {
    return words.stream().mapToInt(Integer::intValue).toArray();
  }

  /** All channels of a filter [O][taps]. */
  private static final class Channels {
    final int taps;
    final List<ChannelRequantization> all = new ArrayList<>();
    private final int[] bias;
    private final Rounding rounding;
    private final List<Optional<ChannelRequantization.Fast>> fast = new ArrayList<>();

    Channels(int[] filter, int[] bias, ConvolutionQuantization quantization, Rounding rounding) {
      this.taps = filter.length / bias.length;
      this.rounding = rounding;
      int zeroPoint = quantization.inputZeroPoint();
      this.bias = FilterParameters.foldedBias(bias, filter, false, zeroPoint);
      all.addAll(ChannelRequantization.of(filter, bias, quantization));
    }

    /** For each channel the fast way, as far as the first that has none. */
    List<Optional<ChannelRequantization.Fast>> fast() {
      for (ChannelRequantization channel : all) {
        fast.add(channel.fast(rounding));
        if (fast.getLast().isEmpty()) {
          break;
        }
      }
      return fast;
    }

    /** Whether the sums of two channels can share words, wherever a quad begins. */
    boolean pair(int perGroup) {
      for (int channel = 0; channel < bias.length; channel++) {
        boolean second = channel % perGroup % 2 == 1;
        if (second && !all.get(channel).pairs()) {
          return false;
        }
      }
      return true;
    }

    private int start(int channel, boolean isFast) {
      return isFast
          ? bias[channel] + (int) (fast.get(channel).orElseThrow().offset() >> 8)
          : bias[channel];
    }

    private int fraction(int channel, boolean isFast) {
      return isFast ? (int) (fast.get(channel).orElseThrow().offset() & 0xFF) : 0;
    }

    private int multiplier(int channel, boolean isFast) {
      return isFast
          ? fast.get(channel).orElseThrow().multiplier()
          : all.get(channel).multiplier().multiplier();
    }

    void addQuad(int channel, boolean isFast, List<Integer> words) {
      for (int even = channel; even < channel + QUAD; even += 2) {
        int start = start(even, isFast);
        words.add(256 * start(even + 1, isFast) + fraction(even + 1, isFast) + start);
        words.add(start);
      }
      int x = fraction(channel, isFast) | fraction(channel + 2, isFast) << 16;
      for (int i = QUAD - 1; i >= 0 && !isFast; i--) {
        x = x << 8 | all.get(channel + i).shiftLessOne();
      }
      words.add(x);
      for (int i = 0; i < QUAD; i++) {
        words.add(multiplier(channel + i, isFast));
      }
    }

    void addSingle(int channel, boolean isFast, List<Integer> words) {
      words.add(start(channel, isFast));
      words.add(isFast ? fraction(channel, true) : all.get(channel).shiftLessOne());
      words.add(multiplier(channel, isFast));
    }
  }
}
