package dev.thimble.kernel.scalar;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.kernel.Selection;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Depthwise convolutions of one output channel for each input channel, for RISC-V. */
final class RiscvDepthwise {
  /** The pixels of a block of the kernel for any window. */
  private static final int PIXELS = 8;

  /** The same of the kernel for windows of 3 x 3. */
  private static final int PIXELS_3X3 = 16;

  private static final int TAPS = 9;
  private static final String FOLDER = "depthwise_conv2d";
  private static final String ANY = "depthwise_conv2d_s8_riscv";
  private static final String NINE = "depthwise_conv2d_3x3_s8_riscv";

  private RiscvDepthwise() {}

  static List<Candidate> candidates(DepthwiseConv2d op, KernelRequest request) {
    Sums sums = Sums.of(op, request);
    if (op.multiplier() != 1 || !sums.isFast()) {
      return List.of();
    }
    List<Candidate> candidates = new ArrayList<>();
    candidates.add(any(op, request));
    boolean nine = Selection.kernelSize(request.inputs().get(1)).equals(new Size2d(3, 3));
    if (nine && op.dilation().width() == 1 && op.stride().width() <= 2 && sums.foldsZeroPoint()) {
      candidates.add(nine(op, request, sums));
    }
    return candidates;
  }

  private static Candidate any(DepthwiseConv2d op, KernelRequest request) {
    Kernel portable = new PortableKernels().select(request);
    List<Parameter> parameters =
        portable.parameters().stream()
            .filter(p -> !p.field().equals("channel_multiplier"))
            .toList();
    int back = (PIXELS - 1) * op.stride().width();
    Kernel kernel = RiscvKernels.kernel(portable, FOLDER, ANY, parameters, 0, back);
    long outputs = request.output().elements();
    return new Candidate(
        kernel, RiscvCycles.depthwise(outputs, request.inputs().get(1).elements()));
  }

  private static Candidate nine(DepthwiseConv2d op, KernelRequest request, Sums sums) {
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int stride = op.stride().width();
    ParameterList list =
        new ParameterList()
            .table("filter", Parameter.Role.FILTER, DType.INT8, channelsFirst(filter))
            .table("bias", Parameter.Role.BIAS_REQUANT, DType.INT32, sums.bias());
    FilterParameters.requantizationOfAny(list, sums.quantization());
    list.int32("input_width", request.input().shape().dim(2))
        .int32("channels", request.input().shape().dim(3))
        .uint16("stride_width", stride)
        .uint16("dilation_height", op.dilation().height())
        .uint16("left", op.padding().left());
    FilterParameters.bounds(
        list, sums.quantization(), sums.quantization().min(), sums.quantization().max());
    FilterParameters.fraction(list, sums.quantization());
    Kernel portable = new PortableKernels().select(request);
    Kernel kernel =
        RiscvKernels.kernel(portable, FOLDER, NINE, list.toList(), 0, (PIXELS_3X3 - 1) * stride);
    long outputs = request.output().elements();
    int width = request.output().shape().dim(2);
    return new Candidate(kernel, RiscvCycles.depthwise3x3(outputs, width, stride));
  }

  /** [C][9] from [9][C]. */
  private static int[] channelsFirst(int[] filter) {
    int[] turned = new int[filter.length];
    int channels = filter.length / TAPS;
    for (int i = 0; i < filter.length; i++) {
      turned[i % channels * TAPS + i / channels] = filter[i];
    }
    return turned;
  }
}
