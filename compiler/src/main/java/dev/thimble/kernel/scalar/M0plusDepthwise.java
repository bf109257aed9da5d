package dev.thimble.kernel.scalar;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.kernel.Selection;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Depthwise convolutions of one output channel for each input channel, for ARMv6-M. */
final class M0plusDepthwise {
  private static final String NAME = "depthwise_conv2d_s8_m0plus";
  private static final int REQUANT_WORDS = 3;

  /** The words that a channel's constants take apart. */
  private static final int CONSTANTS = 3;

  /** Sums and their distances stay within int32 below this. */
  private static final long MAX_BOUND = 1L << 29;

  /** How many pixels share the work on a channel's filter. */
  private static final int[] BLOCKS = {16, 8, 4, 1};

  private M0plusDepthwise() {}

  static List<Candidate> depthwise(DepthwiseConv2d op, KernelRequest request) {
    int[] filter = Selection.constant(request, 1, "filter").ints();
    Sums sums = Sums.of(op, request);
    if (op.multiplier() != 1 || sums.bound() >= MAX_BOUND) {
      return List.of();
    }
    // The kernel for other than nine taps takes dips only.
    Optional<M0plusRequantization> found =
        filter.length == 9 * sums.bias().length
            ? M0plusRequantization.of(sums, filter, true, request.rounding())
            : M0plusRequantization.of(sums, filter, true, request.rounding(), true);
    if (found.isEmpty()) {
      return List.of();
    }
    int width = request.output().shape().dim(2);
    return IntStream.of(BLOCKS)
        .map(block -> Math.min(block, width))
        .distinct()
        .mapToObj(block -> candidate(op, request, sums, found.get(), block))
        .toList();
  }

  private static Candidate candidate(
      DepthwiseConv2d op,
      KernelRequest request,
      Sums sums,
      M0plusRequantization requantization,
      int block) {
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int channels = sums.bias().length;
    int taps = filter.length / channels;
    Kernel kernel =
        new Kernel(
            "depthwise_conv2d/" + NAME + ".c",
            NAME,
            form(op, request, block),
            List.of(0),
            parameters(op, request, filter, sums, requantization, block),
            // A pixel of zero points, a channel's filter and constants, and the taps' addresses.
            (channels + 3) / 4 * 4 + (taps * (1 + block) + CONSTANTS) * 4,
            false);
    long pixels = request.output().elements() / channels;
    return new Candidate(kernel, M0plusCycles.depthwise(pixels, channels, taps, block));
  }

  /** The portable kernel's, whose first column is read until the block's last channel. */
  private static Form form(DepthwiseConv2d op, KernelRequest request, int block) {
    Form form = new PortableKernels().select(request).form();
    if (!(form instanceof Form.Tile tile)) {
      return form;
    }
    return M3Products.reaching(tile, (block - 1) * op.stride().width());
  }

  private static List<Parameter> parameters(
      DepthwiseConv2d op,
      KernelRequest request,
      int[] filter,
      Sums sums,
      M0plusRequantization requantization,
      int block) {
    Shape input = request.input().shape();
    Size2d kernel = Selection.kernelSize(request.inputs().get(1));
    boolean pointwise =
        kernel.equals(Size2d.ONE)
            && op.stride().equals(Size2d.ONE)
            && op.padding().equals(Padding2d.NONE);
    return new ParameterList()
        .table("filter", Parameter.Role.FILTER, DType.INT8, filter)
        .table("requant", Parameter.Role.BIAS_REQUANT, DType.INT32, requant(requantization))
        .int32("input_width", pointwise ? Selection.product(input, 0, 3) : input.dim(2))
        .int32("channels", input.dim(3))
        .uint16("kernel_height", kernel.height())
        .uint16("kernel_width", kernel.width())
        .uint16("stride_width", op.stride().width())
        .uint16("dilation_height", op.dilation().height())
        .uint16("dilation_width", op.dilation().width())
        .uint16("left", op.padding().left())
        .uint16("range_shift", requantization.rangeShift())
        .uint16("offset_shift", requantization.offsetShift())
        .int32("zero", requantization.zero())
        .int16("min", sums.quantization().min())
        .int16("max", sums.quantization().max())
        .int8("input_zero_point", sums.quantization().inputZeroPoint())
        .uint16("block", block)
        .toList();
  }

  private static int[] requant(M0plusRequantization requantization) {
    int[][] words = requantization.words();
    boolean dips = requantization.dips().isPresent();
    int size = dips ? REQUANT_WORDS + 1 : REQUANT_WORDS;
    int[] table = new int[words.length * size];
    for (int channel = 0; channel < words.length; channel++) {
      System.arraycopy(words[channel], 0, table, channel * size, REQUANT_WORDS);
      if (dips) {
        table[channel * size + REQUANT_WORDS] = requantization.dips().get()[channel];
      }
    }
    return table;
  }
}
