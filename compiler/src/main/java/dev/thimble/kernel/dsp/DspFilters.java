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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A filter and its requantisation as {@code dsp_gemm.h} reads them. Channels come in quads, whose
 * sums are computed two to a register; the rest of a group's channels are computed one by one.
 *
 * @param steps the order of a filter's elements
 * @param quads how many quads of channels each group has
 * @param singles how many channels of each group follow them
 * @param way how sums become outputs
 * @param mends corrections of quads whose weights overflow a halfword
 * @param filter the packed words
 * @param requantization the packed words
 */
record DspFilters(
    FilterSteps steps,
    int quads,
    int singles,
    Way way,
    Mends mends,
    List<Integer> filter,
    List<Integer> requantization,
    ConvolutionQuantization quantization) {
  private static final int QUAD = 4;
  private static final int MAX_CHANNELS = 0xFFFF;
  private static final int ODD = 1;
  private static final int EXACT = 2;
  private static final int STEP = 4;
  private static final int FRACTION = 8;
  private static final int MENDED = 16;

  /** The part of a filter's elements, in percent, that the words of mends may take in bytes. */
  private static final int MENDS_PERCENT = 10;

  /**
   * Where biases have fractions, a sum takes 24 bits of its word and the fraction the byte above
   * them. This is added to the sum, so that none is negative: a sign would reach into the fraction.
   */
  private static final int LIFT = 1 << 23;

  private static final int FRACTION_SHIFT = 24;
  private static final int FRACTION_BITS = 7;

  /** How sums become outputs. */
  enum Way {
    /** By a multiplier and an offset that were proved to give the reference's for every sum. */
    FAST,
    /** By the reference's steps. */
    EXACT,
    /** By the reference's steps, with fractions of biases. */
    FRACTIONS
  }

  /** The tables of a node; nothing where the kernels cannot take it. */
  static Optional<DspFilters> of(
      KernelRequest request, ConvolutionQuantization quantization, FilterSteps steps, int groups) {
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int[] bias = FilterParameters.bias(request);
    Channels channels = new Channels(filter, bias, quantization, request.rounding());
    int perGroup = bias.length / groups;
    if (steps.whole() < 1 || perGroup > MAX_CHANNELS) {
      return Optional.empty();
    }
    boolean fast = channels.fast().stream().allMatch(Optional::isPresent);
    boolean fractions = !fast && quantization.hasFractions();
    if (!fast && !channels.areExact(fractions)) {
      return Optional.empty();
    }
    channels.way = fast ? Way.FAST : fractions ? Way.FRACTIONS : Way.EXACT;
    Mends mends = Mends.of(filter, channels.taps, groups == 1 ? perGroup : 0);
    // A sum that is still to be corrected could leave the 24 bits below a fraction.
    boolean mayMend = channels.way != Way.FRACTIONS || mends.isEmpty();
    boolean pairs =
        channels.pair(perGroup) && mayMend && mayMend(mends, filter, channels.taps, groups);
    int quads = pairs ? perGroup / QUAD : 0;
    DspFilters without =
        new DspFilters(
            steps,
            quads,
            perGroup - quads * QUAD,
            channels.way,
            pairs ? mends : Mends.NONE,
            List.of(),
            channels.words(quads, perGroup),
            quantization);
    return Optional.of(without.reordered(steps, filter, groups));
  }

  /** Whether the quads need no corrections, or few: only filters of one group may have any. */
  private static boolean mayMend(Mends mends, int[] filter, int taps, int groups) {
    return groups == 1
        ? mends.isEmpty()
            || (mends.fits()
                && mends.words() * Integer.BYTES * 100 <= filter.length * MENDS_PERCENT + 1600)
        : IntStream.range(0, groups)
            .allMatch(group -> groupMends(filter, taps, groups, group).isEmpty());
  }

  /** The corrections of one group, whose quads begin at its first channel. */
  private static Mends groupMends(int[] filter, int taps, int groups, int group) {
    int length = filter.length / groups;
    int[] own = Arrays.copyOfRange(filter, group * length, (group + 1) * length);
    return Mends.of(own, taps, length / taps);
  }

  /** The same with the elements of a filter, [O][taps], in another order. */
  DspFilters reordered(FilterSteps order, int[] elements, int groups) {
    return with(order, order.places(elements.length / channels(groups)), elements, groups);
  }

  /** The same for kernels that read pixels of int8 where they lie, instead of columns of int16. */
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
    return new DspFilters(order, quads, singles, way, mends, words, requantization, quantization);
  }

  /** Whether outputs are computed by the constants that were found for each channel. */
  boolean isFast() {
    return way == Way.FAST;
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
    FilterParameters.fraction(inside, way == Way.FRACTIONS ? FRACTION : 0);
  }

  private int flags() {
    return (steps.isOdd() ? ODD : 0)
        + (isFast() ? 0 : EXACT)
        + steps.whole() % 2 * STEP
        + (mends.isEmpty() ? 0 : MENDED);
  }

  /** The file of a kernel; one with {@code mended} in its name where sums are corrected. */
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
    private Way way = Way.EXACT;

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

    /** Whether the reference's steps can be taken of all channels. */
    boolean areExact(boolean fractions) {
      return all.stream()
          .allMatch(each -> fractions ? each.isExactWithFraction(rounding) : each.isExact());
    }

    /** What the sum of an odd channel of a pair starts from, before it is multiplied by 256. */
    private int start(int channel) {
      return way == Way.FAST
          ? bias[channel] + (int) (fast.get(channel).orElseThrow().offset() >> 8)
          : bias[channel];
    }

    /** What the sum of any other channel starts from. */
    private int evenStart(int channel) {
      return way == Way.FRACTIONS
          ? bias[channel] + LIFT + (all.get(channel).fraction() << FRACTION_SHIFT)
          : start(channel);
    }

    /** What is added to 256 times a sum. */
    private int fraction(int channel) {
      return switch (way) {
        case FAST -> (int) (fast.get(channel).orElseThrow().offset() & 0xFF);
        case EXACT -> 0;
        case FRACTIONS -> all.get(channel).fraction();
      };
    }

    private int multiplier(int channel) {
      return way == Way.FAST
          ? fast.get(channel).orElseThrow().multiplier()
          : all.get(channel).multiplier().multiplier();
    }

    private int shift(int channel) {
      int shift = all.get(channel).shiftLessOne();
      return way == Way.FRACTIONS ? shift + FRACTION_BITS : shift;
    }

    /** The words of all channels, of which each group has quads first. */
    List<Integer> words(int quads, int perGroup) {
      List<Integer> words = new ArrayList<>();
      for (int first = 0; first < bias.length; first += perGroup) {
        int channel = first;
        for (; channel < first + quads * QUAD; channel += QUAD) {
          addQuad(channel, words);
        }
        for (; channel < first + perGroup; channel++) {
          addSingle(channel, words);
        }
      }
      return words;
    }

    private void addQuad(int channel, List<Integer> words) {
      for (int even = channel; even < channel + QUAD; even += 2) {
        int start = evenStart(even);
        words.add(256 * start(even + 1) + fraction(even + 1) + start);
        words.add(start);
      }
      int x = 0;
      if (way == Way.FAST) {
        x = fraction(channel) | fraction(channel + 2) << 16;
      }
      for (int i = QUAD - 1; i >= 0 && way != Way.FAST; i--) {
        x = x << 8 | shift(channel + i);
      }
      words.add(x);
      for (int i = 0; i < QUAD; i++) {
        words.add(multiplier(channel + i));
      }
    }

    private void addSingle(int channel, List<Integer> words) {
      words.add(evenStart(channel));
      words.add(way == Way.FAST ? fraction(channel) : shift(channel));
      words.add(multiplier(channel));
    }
  }
}
