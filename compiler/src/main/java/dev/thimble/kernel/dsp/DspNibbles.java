package dev.thimble.kernel.dsp;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.PackedFilter;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.Selection;
import dev.thimble.op.Conv2d;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.FullyConnected;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Convolutions of one group and matrix products with filters of at most 4 bits. */
final class DspNibbles {
  private static final int LANES = 4;
  private static final int OFFSET = 8;
  private static final int BITS = 4;
  private static final int MASK = (1 << BITS) - 1;
  private static final int MAX_TAPS = 0x7000;

  private final int[] filter;
  private final int channels;
  private final int taps;
  private final ConvolutionQuantization quantization;
  private final List<Optional<ChannelRequantization.Fast>> fast;
  private final int[] bias;

  private DspNibbles(KernelRequest request) {
    this.filter = Selection.constant(request, 1, "filter").ints();
    int[] given = FilterParameters.bias(request);
    this.channels = given.length;
    this.taps = filter.length / channels;
    this.quantization = FilterParameters.quantization(request);
    int zeroPoint = quantization.inputZeroPoint();
    this.bias = FilterParameters.foldedBias(given, filter, false, zeroPoint);
    this.fast = new ArrayList<>();
    for (ChannelRequantization channel : ChannelRequantization.of(filter, given, quantization)) {
      fast.add(channel.fast(request.rounding(), ChannelRequantization.FEW_SCALE_BITS));
    }
  }

  /** Whether a node's filter is one for these kernels. */
  private static boolean serves(KernelRequest request) {
    return PackedFilter.bits(request) <= BITS
        && request.output().dtype() == DType.INT8
        && taps(request) <= MAX_TAPS;
  }

  private static int taps(KernelRequest request) {
    Shape filter = request.inputs().get(1).shape();
    return filter.elements() / filter.dim(0);
  }

  /** Whether every channel whose bias has a fraction is fast: the slow way takes whole biases. */
  private boolean isExact() {
    return IntStream.range(0, channels)
        .allMatch(c -> fast.get(c).isPresent() || quantization.channel(c).fraction() == 0);
  }

  static List<Candidate> candidates(FullyConnected op, KernelRequest request) {
    if (!serves(request)) {
      return List.of();
    }
    DspNibbles nibbles = new DspNibbles(request);
    if (!nibbles.isExact()) {
      return List.of();
    }
    int rows = request.input().elements() / nibbles.taps;
    ParameterList list = new ParameterList();
    nibbles.addTo(list);
    list.int32("rows", rows).int32("depth", nibbles.taps);
    String name = "fully_connected_nibbles_s8_dsp";
    Kernel kernel =
        new Kernel(
            "fully_connected/" + name + ".c",
            name,
            new Form.Whole(),
            List.of(0),
            list.toList(),
            Integer.BYTES * nibbles.steps(),
            false);
    return List.of(new Candidate(kernel, rows * nibbles.one()));
  }

  static List<Candidate> candidates(Conv2d op, KernelRequest request) {
    if (!serves(request) || op.groups() > 1) {
      return List.of();
    }
    DspNibbles nibbles = new DspNibbles(request);
    if (!nibbles.isExact()) {
      return List.of();
    }
    DspConvolutions.Windows windows = DspConvolutions.Windows.of(op, request);
    return List.of(
        nibbles.convolution(op, request, windows, 2), nibbles.convolution(op, request, windows, 1));
  }

  private Candidate convolution(
      Conv2d op, KernelRequest request, DspConvolutions.Windows windows, int pixels) {
    boolean gathered = windows.run() % LANES > 0;
    int buffer = gathered ? 2 * steps() : windows.padded() ? windows.run() : 0;
    ParameterList list = new ParameterList();
    addTo(list);
    Shape input = request.input().shape();
    list.int32("input_width", windows.pointwise() ? Selection.product(input, 0, 3) : input.dim(2))
        .int32("channels", input.dim(3))
        .int32("run", windows.run())
        .uint16("runs", windows.runs())
        .uint16("run_width", windows.run() / windows.depth())
        .uint16("kernel_height", windows.kernel().height())
        .uint16("stride_width", op.stride().width())
        .uint16("dilation_height", op.dilation().height())
        .uint16("dilation_width", op.dilation().width())
        .uint16("left", op.padding().left())
        .uint16("buffer", buffer)
        .uint16("pixels", pixels)
        .flag("gathered", gathered)
        .int8("input_zero_point", quantization.inputZeroPoint());
    // Both buffers end in zeros, also where one pixel is computed at a time.
    int scratch = pixels * Integer.BYTES * steps() + (gathered ? 2 : pixels) * buffer;
    String name = "conv2d_nibbles_s8_dsp";
    Kernel kernel =
        new Kernel(
            "conv2d/" + name + ".c",
            name,
            DspConvolutions.form(op, request, windows),
            List.of(0),
            list.toList(),
            scratch,
            false);
    Shape out = request.output().shape();
    long rows = (long) out.dim(0) * out.dim(1);
    long pairs = pixels == 2 ? out.dim(2) / 2 : 0;
    long runs = 40L * windows.kernel().height() * windows.runs() + (gathered ? 2L * taps : 0);
    long row = pairs * (pair() + 2 * runs) + (out.dim(2) - 2 * pairs) * (one() + runs);
    return new Candidate(kernel, rows * row);
  }

  /** Steps of two elements, filled up to whole fours. */
  private int steps() {
    return (taps + LANES - 1) / LANES * 2;
  }

  private int quads() {
    return (channels + LANES - 1) / LANES;
  }

  private long pair() {
    return 220 + 10L * steps() + quads() * (steps() * 17L + 80) + slowQuads() * 700L;
  }

  private long one() {
    return 160 + 6L * steps() + quads() * (steps() * 9L + 65) + slowQuads() * 450L;
  }

  /** The quads that are requantised in C. */
  private long slowQuads() {
    return IntStream.range(0, quads())
        .filter(quad -> LANES * (quad + 1) > channels || !isFast(LANES * quad))
        .count();
  }

  private boolean isFast(int channel) {
    return fast.subList(channel, channel + LANES).stream().allMatch(Optional::isPresent);
  }

  /** The fields of {@code dsp_nibbles}. */
  private void addTo(ParameterList list) {
    int[] words = new int[2 * LANES * quads()];
    List<Integer> exact = new ArrayList<>();
    for (int channel = 0; channel < channels; channel++) {
      Optional<ChannelRequantization.Fast> way = fast.get(channel);
      int at = channel / LANES * 2 * LANES + channel % LANES;
      if (way.isPresent()) {
        int start = bias[channel] << ChannelRequantization.FEW_SCALE_BITS;
        words[at] = start + (int) way.get().offset();
        words[at + LANES] = way.get().multiplier();
      } else {
        words[at] = bias[channel];
        words[at + LANES] = -1 - exact.size() / 2;
        exact.add(quantization.channel(channel).multiplier().multiplier());
        exact.add(quantization.channel(channel).multiplier().shift());
      }
    }
    list.inside("filters")
        .table("filter", Parameter.Role.FILTER, DType.INT32, words())
        .table("requantize", Parameter.Role.BIAS_REQUANT, DType.INT32, words);
    if (exact.isEmpty()) {
      list.inside("filters").absent("exact");
    } else {
      list.inside("filters").table("exact", Parameter.Role.BIAS_REQUANT, DType.INT32, ints(exact));
    }
    list.inside("filters")
        .int32("steps", steps())
        .int32("channels", channels)
        .int8("min", quantization.min())
        .int8("max", quantization.max())
        .int8("output_zero_point", quantization.outputZeroPoint());
  }

  private static int[] ints(List<Integer> words) {
    return words.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Of each quad a word for each step: of four elements (0, 2), then (1, 3). */
  private int[] words() {
    int[] words = new int[quads() * steps()];
    for (int i = 0; i < words.length; i++) {
      int channel = i / steps() * LANES;
      int step = i % steps();
      int tap = step / 2 * LANES + step % 2;
      for (int lane = 0; lane < LANES; lane++) {
        words[i] |= number(channel + lane, tap, lane) << (BITS * lane);
        words[i] |= number(channel + lane, tap + 2, lane) << (BITS * lane + Short.SIZE);
      }
    }
    return words;
  }

  /** The highest lane's numbers are the elements themselves, those of the others 8 more. */
  private int number(int channel, int tap, int lane) {
    boolean there = channel < channels && tap < taps;
    int element = there ? filter[channel * taps + tap] : 0;
    return lane == LANES - 1 ? element & MASK : OFFSET + element;
  }
}
