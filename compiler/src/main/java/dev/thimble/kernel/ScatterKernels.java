package dev.thimble.kernel;

import dev.thimble.op.ScatterElements;
import dev.thimble.op.ScatterNd;
import dev.thimble.op.ScatterReduction;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Portable kernels that put updates into a tensor. */
final class ScatterKernels {
  private ScatterKernels() {}

  static Kernel nd(ScatterNd op, KernelRequest request) {
    Shape data = request.output().shape();
    Shape indices = request.inputs().get(1).shape();
    int vector = indices.dim(-1);
    ParameterList list = new ParameterList();
    list.table("extents", Parameter.Role.TABLE, DType.INT32, Arrays.copyOf(data.dims(), vector))
        .int32("vector", vector)
        .int32("count", indices.elements() / vector)
        .int32("run", Selection.product(data, vector, data.rank()));
    return kernel("scatter_nd", op.reduction(), request, list);
  }

  static Kernel elements(ScatterElements op, KernelRequest request) {
    Shape data = request.output().shape();
    ParameterList list = new ParameterList();
    IndexKernels.walk(list, request.inputs().get(1).shape(), data, op.axis());
    list.int32("stride", Moves.strides(data)[op.axis()])
        .int32("extent", data.dim(op.axis()))
        .int32("count", request.inputs().get(1).elements());
    return kernel("scatter_elements", op.reduction(), request, list);
  }

  /** Data that is one number throughout is no operand: the output is filled with it. */
  private static Kernel kernel(
      String name, ScatterReduction reduction, KernelRequest request, ParameterList list) {
    Optional<Double> fill = request.constants().get(0).flatMap(ScatterKernels::uniform);
    DType dtype = request.output().dtype();
    list.int32("index_bytes", request.inputs().get(1).dtype().bytes())
        .int32("reduction", number(reduction))
        .int32("type", dtype.isFloat() ? 0 : AxisKernels.integer(dtype))
        .int32("width", dtype.bytes())
        .int32("elements", request.output().elements())
        .flag("filled", fill.isPresent());
    PositionalKernels.fill(list, request, fill.orElse(0.0));
    List<Integer> operands = fill.isPresent() ? List.of(1, 2) : List.of(0, 1, 2);
    return PositionalKernels.whole("scatter", name, request, operands, list);
  }

  /** The numbers by which common/scatter.h knows them. */
  private static int number(ScatterReduction reduction) {
    return switch (reduction) {
      case NONE -> 0;
      case ADD -> 1;
      case MUL -> 2;
      case MIN -> 3;
      case MAX -> 4;
    };
  }

  private static Optional<Double> uniform(Tensor tensor) {
    if (tensor.type().isFloat()) {
      float first = tensor.floats()[0];
      for (float value : tensor.floats()) {
        if (Float.floatToRawIntBits(value) != Float.floatToRawIntBits(first)) {
          return Optional.empty();
        }
      }
      return Float.isNaN(first) ? Optional.empty() : Optional.of((double) first);
    }
    long[] values = tensor.longs();
    boolean same = Arrays.stream(values).allMatch(value -> value == values[0]);
    boolean exact = (long) (double) values[0] == values[0];
    return same && exact ? Optional.of((double) values[0]) : Optional.empty();
  }
}
