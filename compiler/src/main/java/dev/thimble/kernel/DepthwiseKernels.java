package dev.thimble.kernel;

import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.OptionalInt;

/** Portable kernels of depthwise convolutions. */
final class DepthwiseKernels {
  private static final int LANES = 4;

  private DepthwiseKernels() {}

  static Kernel depthwise(DepthwiseConv2d op, KernelRequest request) {
    int bits = PackedFilter.bits(request);
    if (bits < Byte.SIZE) {
      return packed(op, request, bits);
    }
    String name = "depthwise_conv2d_" + Selection.suffix(request, request.output());
    ParameterList list = new ParameterList();
    if (request.output().isFloat()) {
      floats(list, op, request);
    } else {
      ints(list, op, request, Selection.constant(request, 1, "filter").ints());
    }
    return new Kernel(
        Selection.source("depthwise_conv2d", name),
        name,
        tile(op, request, 1),
        List.of(0),
        list.toList(),
        0,
        false);
  }

  /** The kernel of a filter whose elements are packed in so many bits. */
  private static Kernel packed(DepthwiseConv2d op, KernelRequest request, int bits) {
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int channels = request.output().shape().dim(3);
    int taps = filter.length / channels;
    int lanes = op.multiplier() == 1 ? LANES : 1;
    int[] ordered = ordered(filter, channels, lanes);
    ParameterList list = new ParameterList();
    ints(list, op, request, PackedFilter.packed(ordered, bits));
    list.uint16("bits", bits);
    String name = "depthwise_conv2d_packed_s8";
    return new Kernel(
        Selection.source("depthwise_conv2d", name),
        name,
        tile(op, request, PackedFilter.PIXELS),
        List.of(0),
        list.toList(),
        taps * LANES,
        false);
  }

  /** [C / lanes][taps][lanes], then [C % lanes][taps], from [taps][C]. */
  private static int[] ordered(int[] filter, int channels, int lanes) {
    int[] ordered = new int[filter.length];
    int at = 0;
    for (int channel = 0; channel < channels; ) {
      int block = channels - channel < lanes ? 1 : lanes;
      for (int tap = 0; tap < filter.length / channels; tap++) {
        for (int lane = 0; lane < block; lane++) {
          ordered[at++] = filter[tap * channels + channel + lane];
        }
      }
      channel += block;
    }
    return ordered;
  }

  /** The form of a kernel that computes so many pixels at a time. */
  private static Form.Tile tile(DepthwiseConv2d op, KernelRequest request, int pixels) {
    Size2d kernel = Selection.kernelSize(request.inputs().get(1));
    int span = (kernel.height() - 1) * op.dilation().height() + 1;
    boolean padded = op.padding().top() > 0 || op.padding().bottom() > 0;
    // A null row would do, were it not that a single row could be mistaken for a broadcast one.
    OptionalInt outside =
        span == 1 && padded
            ? OptionalInt.of(request.input().isFloat() ? 0 : request.input().zeroPoint())
            : OptionalInt.empty();
    return Selection.pixels(
        request,
        new Form.RowWindow(span, op.stride().height(), op.padding().top()),
        op.stride().width(),
        op.padding().left() + (pixels - 1) * op.stride().width(),
        outside,
        pointwise(op, kernel));
  }

  private static void floats(ParameterList list, DepthwiseConv2d op, KernelRequest request) {
    list.table("filter", Parameter.Role.FILTER, Selection.constant(request, 1, "filter").floats())
        .table(
            "bias", Parameter.Role.BIAS_REQUANT, Selection.constant(request, 2, "bias").floats());
    extents(list, op, request);
    list.float32("min", op.activation().min()).float32("max", op.activation().max());
    window(list, op, request);
  }

  private static void ints(
      ParameterList list, DepthwiseConv2d op, KernelRequest request, int[] stored) {
    ConvolutionQuantization quantization = FilterParameters.quantization(request);
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int[] bias = FilterParameters.bias(request);
    list.table("filter", Parameter.Role.FILTER, DType.INT8, stored)
        .table(
            "bias",
            Parameter.Role.BIAS_REQUANT,
            DType.INT32,
            FilterParameters.foldedBias(bias, filter, true, quantization.inputZeroPoint()));
    FilterParameters.requantizationOfAny(list, quantization);
    extents(list, op, request);
    window(list, op, request);
    FilterParameters.bounds(list, quantization, quantization.min(), quantization.max());
    FilterParameters.fraction(list, quantization);
  }

  private static void extents(ParameterList list, DepthwiseConv2d op, KernelRequest request) {
    TensorType input = request.input();
    boolean pointwise = pointwise(op, Selection.kernelSize(request.inputs().get(1)));
    // A pointwise kernel may run over all rows and batch entries as one long row.
    list.int32(
            "input_width",
            pointwise ? Selection.product(input.shape(), 0, 3) : input.shape().dim(2))
        .int32("channels", input.shape().dim(3));
  }

  private static boolean pointwise(DepthwiseConv2d op, Size2d kernel) {
    return kernel.equals(Size2d.ONE)
        && op.stride().equals(Size2d.ONE)
        && op.padding().equals(Padding2d.NONE);
  }

  private static void window(ParameterList list, DepthwiseConv2d op, KernelRequest request) {
    Size2d kernel = Selection.kernelSize(request.inputs().get(1));
    list.uint16("channel_multiplier", op.multiplier())
        .uint16("kernel_height", kernel.height())
        .uint16("kernel_width", kernel.width())
        .uint16("stride_width", op.stride().width())
        .uint16("dilation_height", op.dilation().height())
        .uint16("dilation_width", op.dilation().width())
        .uint16("left", op.padding().left());
  }
}
