package dev.thimble.kernel;

import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.TransposedConv2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Portable kernels of transposed convolutions. */
final class TransposedKernels {
  private TransposedKernels() {}

  static Kernel transposed(TransposedConv2d op, KernelRequest request) {
    boolean int16 = request.output().dtype() == DType.INT16;
    String name =
        "transposed_conv2d_" + (int16 ? "s16" : Selection.suffix(request, request.output()));
    ParameterList list = new ParameterList();
    List<Integer> operands = new ArrayList<>(List.of(0));
    if (request.output().isFloat()) {
      Selection.packed(request, 1, "filter", Parameter.Role.FILTER, list, operands);
      Selection.packed(request, 2, "bias", Parameter.Role.BIAS_REQUANT, list, operands);
      places(op, request, list.inside("places"));
      list.float32("min", op.activation().min()).float32("max", op.activation().max());
    } else if (int16) {
      int16(op, request, list);
    } else {
      integers(op, request, list);
    }
    return new Kernel(
        Selection.source("transposed_conv2d", name),
        name,
        new Form.Whole(),
        operands,
        list.toList(),
        0,
        false);
  }

  private static void integers(TransposedConv2d op, KernelRequest request, ParameterList list) {
    ConvolutionQuantization quantization =
        ConvolutionQuantization.of(
            request.input(),
            request.inputs().get(1),
            request.output(),
            op.activation(),
            request.rounding());
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int[] bias = Selection.constant(request, 2, "bias").ints();
    FilterParameters.requireInt32(bias, filter, quantization.inputZeroPoint());
    list.table("filter", Parameter.Role.FILTER, DType.INT8, filter)
        .table("bias", Parameter.Role.BIAS_REQUANT, DType.INT32, bias);
    FilterParameters.requantization(list, quantization);
    places(op, request, list.inside("places"));
    FilterParameters.bounds(list, quantization, quantization.min(), quantization.max());
  }

  private static void int16(TransposedConv2d op, KernelRequest request, ParameterList list) {
    int[] filter = Selection.constant(request, 1, "filter").ints();
    long[] bias = Selection.constant(request, 2, "bias").longs();
    boolean wide = request.inputs().get(2).dtype() == DType.INT64;
    if (!wide) {
      FilterParameters.requireInt32(bias, filter, Short.MIN_VALUE, Short.MAX_VALUE);
    }
    ConvolutionQuantization quantization =
        ConvolutionQuantization.of(
            request.input(),
            request.inputs().get(1),
            request.output(),
            op.activation(),
            request.rounding());
    list.table("filter", Parameter.Role.FILTER, DType.INT8, filter);
    FilterParameters.wideBias(list, bias);
    FilterParameters.requantization(list, quantization);
    places(op, request, list.inside("places"));
    list.int16("min", quantization.min())
        .int16("max", quantization.max())
        .flag("per_channel", FilterParameters.perChannel(quantization))
        .flag("wide", wide);
  }

  private static void places(TransposedConv2d op, KernelRequest request, ParameterList list) {
    Shape input = request.input().shape();
    Shape filter = request.inputs().get(1).shape();
    Shape output = request.output().shape();
    list.int32("batch", input.dim(0))
        .int32("input_height", input.dim(1))
        .int32("input_width", input.dim(2))
        .int32("output_height", output.dim(1))
        .int32("output_width", output.dim(2))
        .int32("channels", input.dim(3))
        .int32("depth", filter.dim(3))
        .int32("group_filters", filter.dim(0) / op.groups())
        .int32("filters", filter.dim(0))
        .uint16("kernel_height", filter.dim(1))
        .uint16("kernel_width", filter.dim(2))
        .uint16("stride_height", op.stride().height())
        .uint16("stride_width", op.stride().width())
        .uint16("dilation_height", op.dilation().height())
        .uint16("dilation_width", op.dilation().width())
        .uint16("top", op.padding().top())
        .uint16("left", op.padding().left());
  }
}
