package dev.thimble.kernel;

import dev.thimble.op.Resize;
import dev.thimble.op.ResizeFractions;
import dev.thimble.op.ResizeTaps;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Portable kernels of resizing, by tables of the entries that each output entry combines. */
final class ResizeKernels {
  private static final int MAX_AXES = 8;
  private static final int OUTSIDE = 0xFFFF;

  private ResizeKernels() {}

  static Kernel resize(Resize op, KernelRequest request) {
    if (op.mode() == Resize.Mode.NEAREST) {
      return nearest(op, request);
    }
    return request.output().isFloat() ? weighted(op, request) : bilinear(op, request);
  }

  /** The tables of the outer axes, and the elements of the inner ones, which stay as they are. */
  private static final class Tables {
    private final List<Integer> axes = new ArrayList<>();
    private final List<Integer> indices = new ArrayList<>();
    private final List<Float> weights = new ArrayList<>();
    private int inner = 1;
    private int pixels = 1;
  }

  private static Tables tables(Resize op, KernelRequest request) {
    Shape input = request.input().shape();
    int[] strides = Moves.strides(input);
    Tables tables = new Tables();
    boolean kept = true;
    List<Integer> outer = new ArrayList<>();
    for (int axis = input.rank() - 1; axis >= 0; axis--) {
      kept &= isKept(op, input, axis);
      if (kept) {
        tables.inner *= input.dim(axis);
      } else if (op.extents().get(axis) > 1 || !isKept(op, input, axis)) {
        outer.addFirst(axis);
      }
    }
    for (int axis : outer) {
      append(tables, op, input, axis, strides[axis]);
    }
    if (outer.size() > MAX_AXES) {
      throw new KernelException(
          op.kind() + " of " + input + "; portable kernels resize " + MAX_AXES + " axes");
    }
    return tables;
  }

  private static void append(Tables tables, Resize op, Shape input, int axis, int stride) {
    ResizeTaps taps = ResizeTaps.of(op, input, axis);
    boolean single = taps.taps() == 1 || isKept(op, input, axis);
    int step = taps.taps();
    tables.axes.addAll(
        List.of(op.extents().get(axis), single ? 1 : step, stride, tables.indices.size()));
    tables.pixels *= op.extents().get(axis);
    for (int i = single ? middle(taps) : 0; i < taps.indices().length; i += single ? step : 1) {
      int index = taps.indices()[i];
      if (index >= OUTSIDE) {
        throw new KernelException(
            op.kind() + " of " + input + "; portable kernels resize axes of up to 65535 entries");
      }
      tables.indices.add(index == ResizeTaps.OUTSIDE ? OUTSIDE : index);
      tables.weights.add(taps.weights()[i]);
    }
  }

  /** Whether every entry of the output is the input's of the same index. */
  private static boolean isKept(Resize op, Shape input, int axis) {
    if (op.extents().get(axis) != input.dim(axis)) {
      return false;
    }
    ResizeTaps taps = ResizeTaps.of(op, input, axis);
    for (int i = 0; i < input.dim(axis); i++) {
      int own = i * taps.taps() + middle(taps);
      if (taps.indices()[own] != i || taps.weights()[own] != 1) {
        return false;
      }
    }
    return true;
  }

  /** Which of an entry's taps lies at or just below its coordinate. */
  private static int middle(ResizeTaps taps) {
    return taps.taps() == 4 ? 1 : 0;
  }

  private static void put(ParameterList list, Tables tables) {
    list.table("axes", Parameter.Role.TABLE, DType.INT32, ints(tables.axes))
        .table("indices", Parameter.Role.TABLE, DType.UINT16, ints(tables.indices))
        .int32("axis_count", tables.axes.size() / 4)
        .int32("pixels", tables.pixels);
  }

  private static int[] ints(List<Integer> numbers) {
    // A C array has at least one element, where no axis changes.
    return numbers.isEmpty() ? new int[1] : numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  private static Kernel nearest(Resize op, KernelRequest request) {
    Tables tables = tables(op, request);
    int bytes = request.output().dtype().bytes();
    ParameterList list = new ParameterList();
    put(list, tables);
    list.int32("run", tables.inner * bytes).int32("width", bytes);
    PositionalKernels.fill(list, request, op.extrapolation());
    return PositionalKernels.whole("resize", "resize_nearest", request, List.of(0), list);
  }

  private static Kernel weighted(Resize op, KernelRequest request) {
    Tables tables = tables(op, request);
    float[] weights = new float[Math.max(1, tables.weights.size())];
    for (int i = 0; i < tables.weights.size(); i++) {
      weights[i] = tables.weights.get(i);
    }
    ParameterList list = new ParameterList();
    put(list, tables);
    list.table("weights", Parameter.Role.TABLE, weights)
        .int32("inner", tables.inner)
        .float32("outside", (float) op.extrapolation());
    return PositionalKernels.whole("resize", "resize_f32", request, List.of(0), list);
  }

  private static Kernel bilinear(Resize op, KernelRequest request) {
    Shape input = request.input().shape();
    Shape output = request.output().shape();
    ResizeFractions rows = ResizeFractions.of(op, input, 1);
    ResizeFractions columns = ResizeFractions.of(op, input, 2);
    ParameterList list = new ParameterList();
    fractions(list, "row", rows);
    fractions(list, "column", columns);
    list.int32("batches", output.dim(0))
        .int32("in_rows", input.dim(1))
        .int32("in_columns", input.dim(2))
        .int32("rows", output.dim(1))
        .int32("columns", output.dim(2))
        .int32("channels", output.dim(3));
    return PositionalKernels.whole("resize", "resize_s8", request, List.of(0), list);
  }

  private static void fractions(ParameterList list, String field, ResizeFractions fractions) {
    if (Arrays.stream(fractions.upper()).anyMatch(index -> index > OUTSIDE)) {
      throw new KernelException("portable kernels resize axes of up to 65536 entries");
    }
    list.table(field + "_lower", Parameter.Role.TABLE, DType.UINT16, fractions.lower())
        .table(field + "_upper", Parameter.Role.TABLE, DType.UINT16, fractions.upper())
        .table(field + "_fraction", Parameter.Role.TABLE, DType.INT16, fractions.fractions());
  }
}
