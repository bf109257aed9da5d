package dev.thimble.kernel.scalar;

import dev.thimble.kernel.Candidate;
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

/** Depthwise convolutions of one output channel for each input channel, for ARMv6-M. */
final class M0plusDepthwise {
  private static final String NAME = "depthwise_conv2d_s8_m0plus";
  private static final int REQUANT_WORDS = 3;

  private M0plusDepthwise() {}

  static List<Candidate> depthwise(DepthwiseConv2d op, KernelRequest request) {
    int[] filter = Selection.constant(request, 1, "filter").ints();
    Sums sums = Sums.of(op, request);
    if (op.multiplier() != 1 || !sums.isFast()) {
      return List.of();
    }
    int channels = sums.bias().length;
    Kernel kernel =
        new Kernel(
            "depthwise_conv2d/" + NAME + ".c",
            NAME,
            new PortableKernels().select(request).form(),
            List.of(0),
            parameters(op, request, filter, sums),
            // A sum, and a zero point for the taps outside of the map, of each channel.
            channels * 4 + (channels + 3) / 4 * 4,
            false);
    long pixels = request.output().elements() / channels;
    return List.of(
        new Candidate(kernel, M0plusCycles.depthwise(pixels, channels, filter.length / channels)));
  }

  private static List<Parameter> parameters(
      DepthwiseConv2d op, KernelRequest request, int[] filter, Sums sums) {
    Shape input = request.input().shape();
    Size2d kernel = Selection.kernelSize(request.inputs().get(1));
    boolean pointwise =
        kernel.equals(Size2d.ONE)
            && op.stride().equals(Size2d.ONE)
            && op.padding().equals(Padding2d.NONE);
    return new ParameterList()
        .table("filter", Parameter.Role.FILTER, DType.INT8, filter)
        .table("requant", Parameter.Role.BIAS_REQUANT, DType.INT32, requant(sums))
        .int32("input_width", pointwise ? Selection.product(input, 0, 3) : input.dim(2))
        .int32("channels", input.dim(3))
        .uint16("kernel_height", kernel.height())
        .uint16("kernel_width", kernel.width())
        .uint16("stride_width", op.stride().width())
        .uint16("dilation_height", op.dilation().height())
        .uint16("dilation_width", op.dilation().width())
        .uint16("left", op.padding().left())
        .int16("min", sums.quantization().min())
        .int16("max", sums.quantization().max())
        .int8("input_zero_point", sums.quantization().inputZeroPoint())
        .int8("output_zero_point", sums.quantization().outputZeroPoint())
        .toList();
  }

  /** For each channel the bias, the multiplier, and the right shift less one. */
  private static int[] requant(Sums sums) {
    int[] table = new int[sums.bias().length * REQUANT_WORDS];
    for (int channel = 0; channel < sums.bias().length; channel++) {
      int at = channel * REQUANT_WORDS;
      table[at] = sums.bias()[channel];
      table[at + 1] = sums.multiplier(channel).multiplier();
      table[at + 2] = -sums.multiplier(channel).shift() - 1;
    }
    return table;
  }
}
