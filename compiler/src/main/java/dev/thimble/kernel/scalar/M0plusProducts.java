package dev.thimble.kernel.scalar;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.kernel.Selection;
import dev.thimble.op.Conv2d;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import java.util.List;

/** Convolutions and matrix products for ARMv6-M, two output channels by three pixels at once. */
final class M0plusProducts {
  private static final int PIXELS = 3;
  private static final int WORD = 4;
  private static final int REQUANT_WORDS = 6;

  private M0plusProducts() {}

  static List<Candidate> conv2d(Conv2d op, KernelRequest request) {
    Shape input = request.input().shape();
    Size2d kernel = Selection.kernelSize(request.inputs().get(1));
    ConvolutionQuantization quantization =
        ConvolutionQuantization.of(
            request.input(),
            request.inputs().get(1),
            request.output(),
            op.activation(),
            request.rounding());
    boolean pointwise =
        kernel.equals(Size2d.ONE)
            && op.stride().equals(Size2d.ONE)
            && op.padding().equals(Padding2d.NONE);
    int width = pointwise ? Selection.product(input, 0, 3) : input.dim(2);
    Window window =
        new Window(
            width, input.dim(3), kernel, op.stride().width(), op.dilation(), op.padding().left());
    return candidates("conv2d", request, quantization, window);
  }

  static List<Candidate> fullyConnected(FullyConnected op, KernelRequest request) {
    ConvolutionQuantization quantization =
        ConvolutionQuantization.ofFullyConnected(
            request.input(),
            request.inputs().get(1),
            request.output(),
            op.activation(),
            request.rounding());
    int depth = request.inputs().get(1).shape().dim(1);
    int rows = request.input().elements() / depth;
    Window window = new Window(rows, depth, Size2d.ONE, 1, Size2d.ONE, 0);
    return candidates("fully_connected", request, quantization, window);
  }

  /** The window of an output pixel; see {@code conv2d_s8_m0plus_params}. */
  private record Window(
      int inputWidth, int channels, Size2d kernel, int strideWidth, Size2d dilation, int left) {
    int taps() {
      return kernel.height() * kernel.width() * channels;
    }
  }

  private static List<Candidate> candidates(
      String folder, KernelRequest request, ConvolutionQuantization quantization, Window window) {
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int[] bias = Selection.constant(request, 2, "bias").ints();
    Sums sums = Sums.of(quantization, bias, filter, false);
    if (!sums.isFast() || !pairs(filter, window.taps())) {
      return List.of();
    }
    int pixels = request.output().elements() / bias.length;
    Candidate single = candidate(folder, request, sums, window, 1);
    return pixels == 1
        ? List.of(single)
        : List.of(single, candidate(folder, request, sums, window, PIXELS));
  }

  private static Candidate candidate(
      String folder, KernelRequest request, Sums sums, Window window, int block) {
    String name = folder + "_s8_m0plus";
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int filters = sums.bias().length;
    int words = (window.taps() + 1) / 2;
    ParameterList list = new ParameterList();
    list.table("filter", Parameter.Role.FILTER, DType.INT32, packed(filter, window.taps()))
        .table("requant", Parameter.Role.BIAS_REQUANT, DType.INT32, requant(sums))
        .int32("input_width", window.inputWidth())
        .int32("channels", window.channels())
        .int32("filters", filters)
        .int32("words", words)
        .uint16("kernel_height", window.kernel().height())
        .uint16("kernel_width", window.kernel().width())
        .uint16("stride_width", window.strideWidth())
        .uint16("dilation_height", window.dilation().height())
        .uint16("dilation_width", window.dilation().width())
        .uint16("left", window.left())
        .int16("min", sums.quantization().min())
        .int16("max", sums.quantization().max())
        .int8("input_zero_point", sums.quantization().inputZeroPoint())
        .int8("output_zero_point", sums.quantization().outputZeroPoint())
        .int32("block", block);
    Form form = new PortableKernels().select(request).form();
    Kernel kernel =
        new Kernel(
            folder + "/" + name + ".c",
            name,
            form,
            List.of(0),
            list.toList(),
            block * words * 2 * WORD,
            false);
    int pixels = request.output().elements() / filters;
    return new Candidate(kernel, M0plusCycles.product(pixels, filters, window.taps(), block));
  }

  /** Whether each two channels' filters fit the halfwords of a pair: -128 * 256 - 1 does not. */
  private static boolean pairs(int[] filter, int taps) {
    for (int i = 0; i + taps < filter.length; i++) {
      if (i / taps % 2 == 0 && filter[i + taps] * 256 + filter[i] < Short.MIN_VALUE) {
        return false;
      }
    }
    return true;
  }

  /** [O / 2][K / 2] words of two halfwords w[0] + 256 * w[1], from [O][K], both rounded up. */
  private static int[] packed(int[] filter, int taps) {
    int filters = filter.length / taps;
    int words = (taps + 1) / 2;
    int[] packed = new int[(filters + 1) / 2 * words];
    for (int o = 0; o < filters; o++) {
      for (int k = 0; k < taps; k++) {
        int one = o % 2 == 0 ? filter[o * taps + k] : filter[o * taps + k] * 256;
        int at = o / 2 * words + k / 2;
        int other = packed[at] >> 16;
        int low = packed[at] & 0xFFFF;
        if (k % 2 == 0) {
          low = low + one & 0xFFFF;
        } else {
          other += one;
        }
        packed[at] = other << 16 | low;
      }
    }
    return packed;
  }

  private static int[] requant(Sums sums) {
    int filters = sums.bias().length;
    int[] table = new int[(filters + 1) / 2 * REQUANT_WORDS];
    for (int o = 0; o < filters; o++) {
      int pair = o / 2 * REQUANT_WORDS;
      if (o % 2 == 0) {
        table[pair] = sums.bias()[o];
        table[pair + 1] = sums.bias()[o];
      } else {
        table[pair + 1] += 256 * sums.bias()[o];
      }
      table[pair + 2 + o % 2 * 2] = sums.multiplier(o).multiplier();
      table[pair + 3 + o % 2 * 2] = -sums.multiplier(o).shift() - 1;
    }
    return table;
  }
}
