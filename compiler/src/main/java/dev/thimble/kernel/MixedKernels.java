package dev.thimble.kernel;

import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.MixedConv2d;
import dev.thimble.op.Multiplier;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.List;

/** Portable kernels of convolutions whose activations and filter are of different kinds. */
final class MixedKernels {
  /** The bits of an element of a packed filter for floats. */
  private static final int NIBBLE = 4;

  private MixedKernels() {}

  static Kernel mixed(MixedConv2d op, KernelRequest request) {
    if (op.scaling().isDynamic()) {
      return dynamic(op, request);
    }
    if (op.scaling() == MixedConv2d.Scaling.WEIGHTS) {
      return weights(op, request);
    }
    return request.input().dtype() == DType.INT16
        ? tile("mixed_conv2d_s16", op, request, int16(op, request))
        : tile("mixed_conv2d_s8", op, request, int8(op, request));
  }

  private static Kernel tile(
      String name, MixedConv2d op, KernelRequest request, ParameterList list) {
    return new Kernel(
        Selection.source("mixed_conv2d", name),
        name,
        MixedWindow.form(op, request, op.padding().left(), false),
        List.of(0),
        list.toList(),
        0,
        false);
  }

  private static ParameterList int8(MixedConv2d op, KernelRequest request) {
    TensorType type = request.inputs().get(1);
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int[] bias = Selection.constant(request, 2, "bias").ints();
    // A uint8 is stored as the int8 that is 128 less, and so is its zero point.
    int shift = type.dtype() == DType.UINT8 ? 128 : 0;
    int[] stored = Arrays.stream(filter).map(w -> w - shift).toArray();
    int[] centred = Arrays.stream(filter).map(w -> w - type.zeroPoint()).toArray();
    ConvolutionQuantization quantization =
        op.quantization(request.inputs(), request.output(), request.rounding());
    FilterParameters.requireInt32(bias, centred, quantization.inputZeroPoint());
    ParameterList list =
        new ParameterList()
            .table("filter", Parameter.Role.FILTER, DType.INT8, stored)
            .table("bias", Parameter.Role.BIAS_REQUANT, DType.INT32, bias);
    window(op, request, list.inside("window"));
    Multiplier multiplier = quantization.multipliers().getFirst();
    return list.int32("multiplier", multiplier.multiplier())
        .int16("min", quantization.min() - quantization.outputZeroPoint())
        .int16("max", quantization.max() - quantization.outputZeroPoint())
        .int8("shift", multiplier.shift())
        .int8("input_zero_point", quantization.inputZeroPoint())
        .int8("filter_zero_point", type.zeroPoint() - shift)
        .int8("output_zero_point", quantization.outputZeroPoint());
  }

  private static ParameterList int16(MixedConv2d op, KernelRequest request) {
    int[] filter = Selection.constant(request, 1, "filter").ints();
    long[] bias = Selection.constant(request, 2, "bias").longs();
    boolean wide = request.inputs().get(2).dtype() == DType.INT64;
    if (!wide) {
      FilterParameters.requireInt32(bias, filter, Short.MIN_VALUE, Short.MAX_VALUE);
    }
    ConvolutionQuantization quantization =
        op.quantization(request.inputs(), request.output(), request.rounding());
    ParameterList list =
        new ParameterList().table("filter", Parameter.Role.FILTER, DType.INT8, filter);
    FilterParameters.wideBias(list, bias);
    FilterParameters.requantization(list, quantization);
    window(op, request, list.inside("window"));
    return list.int16("min", quantization.min())
        .int16("max", quantization.max())
        .flag("per_channel", FilterParameters.perChannel(quantization))
        .flag("wide", wide);
  }

  /** Filters of few bits are packed, two elements in a byte. */
  private static Kernel weights(MixedConv2d op, KernelRequest request) {
    TensorType type = request.inputs().get(1);
    Tensor filter = Selection.constant(request, 1, "filter");
    boolean few = PackedFilter.bits(filter) <= NIBBLE;
    float[] scales = new float[type.shape().dim(0)];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = type.scaleOf(i);
    }
    ParameterList list =
        new ParameterList()
            .table(
                "filter",
                Parameter.Role.FILTER,
                DType.INT8,
                few ? PackedFilter.packed(filter.ints(), NIBBLE) : filter.ints())
            .table("scale", Parameter.Role.BIAS_REQUANT, scales)
            .table(
                "bias",
                Parameter.Role.BIAS_REQUANT,
                Selection.constant(request, 2, "bias").floats());
    window(op, request, list.inside("window"));
    list.float32("min", op.activation().min()).float32("max", op.activation().max());
    return tile(few ? "mixed_conv2d_f32_w4" : "mixed_conv2d_f32_w8", op, request, list);
  }

  private static Kernel dynamic(MixedConv2d op, KernelRequest request) {
    TensorType type = request.inputs().get(1);
    Shape input = request.input().shape();
    boolean perChannel = type.quant() instanceof QuantParams.PerChannel;
    float[] scales = new float[perChannel ? type.shape().dim(0) : 1];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = type.scaleOf(i);
    }
    ParameterList list =
        new ParameterList()
            .table(
                "filter",
                Parameter.Role.FILTER,
                DType.INT8,
                Selection.constant(request, 1, "filter").ints())
            .table("scale", Parameter.Role.BIAS_REQUANT, scales)
            .table(
                "bias",
                Parameter.Role.BIAS_REQUANT,
                Selection.constant(request, 2, "bias").floats());
    window(op, request, list.inside("window"));
    int entry = input.elements() / input.dim(0);
    requireSums(Selection.constant(request, 1, "filter").ints(), type.shape().dim(0));
    list.int32("batch", input.dim(0))
        .int32("input_height", input.dim(1))
        .int32("output_height", request.output().shape().dim(1))
        .int32("output_width", request.output().shape().dim(2))
        .float32("min", op.activation().min())
        .float32("max", op.activation().max())
        .uint16("stride_height", op.stride().height())
        .uint16("top", op.padding().top())
        .flag("per_channel", perChannel)
        .flag("asymmetric", op.scaling() == MixedConv2d.Scaling.DYNAMIC_ASYMMETRIC);
    return new Kernel(
        Selection.source("mixed_conv2d", "mixed_conv2d_f32"),
        "mixed_conv2d_f32",
        new Form.Whole(),
        List.of(0),
        list.toList(),
        entry,
        false);
  }

  private static void requireSums(int[] filter, int filters) {
    FilterParameters.requireInt32(new long[filters], filter, -255, 255);
  }

  private static void window(MixedConv2d op, KernelRequest request, ParameterList list) {
    MixedWindow.parameters(op, request, request.input().shape().dim(2), list);
  }
}
