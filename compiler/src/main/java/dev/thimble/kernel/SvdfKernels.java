package dev.thimble.kernel;

import dev.thimble.op.Multiplier;
import dev.thimble.op.SvdfMemory;
import dev.thimble.op.SvdfOutput;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import java.util.List;

/** Portable kernels of both halves of SVDF. The memory is renewed where it lies. */
final class SvdfKernels {
  private SvdfKernels() {}

  static Kernel memory(KernelRequest request) {
    String name = "svdf_memory_" + suffix(request.output().isFloat());
    Tensor filter = Selection.constant(request, 2, "filter");
    int filters = filter.shape().dim(0);
    int batch = request.output().shape().dim(0);
    ParameterList list = new ParameterList();
    filter(list, filter);
    list.int32("batch", batch)
        .int32("filters", filters)
        .int32("frames", request.output().elements() / (batch * filters))
        .int32("depth", filter.shape().dim(1));
    if (!request.output().isFloat()) {
      Multiplier multiplier = SvdfMemory.multiplier(request.inputs(), request.rounding());
      list.int32("multiplier", multiplier.multiplier())
          .int8("shift", multiplier.shift())
          .int8("zero_point", request.inputs().get(1).zeroPoint())
          .flag("wide", request.output().dtype() == DType.INT16);
    }
    return kernel("svdf_memory", name, List.of(0, 1), list, true);
  }

  static Kernel output(SvdfOutput op, KernelRequest request) {
    boolean isFloat = request.output().isFloat();
    Tensor filter = Selection.constant(request, 1, "filter");
    boolean wide = filter.type().dtype() == DType.INT16;
    String name = "svdf_output_" + (wide ? "s16" : suffix(isFloat));
    Tensor bias = Selection.constant(request, 2, "bias");
    ParameterList list = new ParameterList();
    filter(list, filter);
    if (isFloat) {
      list.table("bias", Parameter.Role.BIAS_REQUANT, bias.floats());
    } else {
      list.table("bias", Parameter.Role.BIAS_REQUANT, DType.INT32, bias.ints());
    }
    list.int32("batch", request.output().shape().dim(0))
        .int32("units", request.output().shape().dim(1))
        .int32("rank", op.rank())
        .int32("frames", filter.shape().dim(1));
    if (isFloat) {
      list.float32("min", op.activation().min()).float32("max", op.activation().max());
    } else {
      Multiplier multiplier =
          SvdfOutput.multiplier(request.inputs(), request.output(), request.rounding());
      list.int32("multiplier", multiplier.multiplier())
          .int8("shift", multiplier.shift())
          .int8("zero_point", request.output().zeroPoint());
    }
    return kernel("svdf_output", name, List.of(0), list, false);
  }

  private static String suffix(boolean isFloat) {
    return isFloat ? "f32" : "s8";
  }

  private static void filter(ParameterList list, Tensor filter) {
    if (filter.type().isFloat()) {
      list.table("filter", Parameter.Role.FILTER, filter.floats());
    } else {
      list.table("filter", Parameter.Role.FILTER, filter.type().dtype(), filter.ints());
    }
  }

  private static Kernel kernel(
      String folder, String name, List<Integer> operands, ParameterList list, boolean inPlace) {
    return new Kernel(
        Selection.source(folder, name),
        name,
        new Form.Whole(),
        operands,
        list.toList(),
        0,
        inPlace);
  }
}
