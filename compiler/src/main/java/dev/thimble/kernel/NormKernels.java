package dev.thimble.kernel;

import dev.thimble.op.GroupNorm;
import dev.thimble.op.HardMax;
import dev.thimble.op.InstanceNorm;
import dev.thimble.op.L2Norm;
import dev.thimble.op.LayerNorm;
import dev.thimble.op.Lines;
import dev.thimble.op.LocalResponseNorm;
import dev.thimble.op.LogSoftmax;
import dev.thimble.op.LpNorm;
import dev.thimble.op.Normalization;
import dev.thimble.op.Softmax;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Portable kernels of normalisations. Those of lines are tiles whose columns are lines: along the
 * last axis each pixel is one, along another axis each entry of the axes behind it.
 */
final class NormKernels {
  private NormKernels() {}

  static Kernel normalization(Normalization op, KernelRequest request) {
    return switch (op) {
      case GroupNorm norm -> grouped(request, norm.groups(), norm.epsilon());
      case InstanceNorm norm -> grouped(request, request.output().shape().dim(-1), norm.epsilon());
      case HardMax norm -> {
        Lines lines = Lines.along(request.output().shape(), norm.axis());
        yield lines("hard_max", request, lines, extents(lines), lines.inner() == 1);
      }
      case LogSoftmax norm -> {
        Lines lines = Lines.along(request.output().shape(), norm.axis());
        yield lines("log_softmax", request, lines, extents(lines), lines.inner() == 1);
      }
      case LpNorm norm -> divided(request, norm.axis(), 0, norm.p() == 2);
      case L2Norm norm ->
          request.output().isFloat()
              ? divided(request, norm.axis(), norm.epsilon(), true)
              : unitLength(request);
      case LocalResponseNorm norm -> localResponse(norm, request);
      case LayerNorm norm -> layer(norm, request);
    };
  }

  /** The softmax of floats whose lines are not innermost. */
  static Kernel softmax(Softmax op, KernelRequest request) {
    Lines lines = Lines.along(request.output().shape(), op.axis());
    ParameterList list = extents(lines).float32("beta", op.beta());
    return lines("softmax", "softmax_lines_f32", tile(request, lines), list, false);
  }

  private static Kernel divided(KernelRequest request, int axis, float epsilon, boolean squares) {
    Lines lines = Lines.along(request.output().shape(), axis);
    ParameterList list = extents(lines).float32("epsilon", epsilon).flag("squares", squares);
    return lines("lp_norm", request, lines, list, lines.inner() == 1);
  }

  /** int8 has an integer rule of its own. */
  private static Kernel unitLength(KernelRequest request) {
    Lines lines = Lines.along(request.output().shape(), -1);
    ParameterList list =
        new ParameterList()
            .int32("depth", lines.depth())
            .int8("zero_point", request.input().zeroPoint());
    return lines("l2_norm", "l2_norm_s8", tile(request, lines), list, true);
  }

  private static Kernel localResponse(LocalResponseNorm op, KernelRequest request) {
    Lines lines = Lines.along(request.output().shape(), -1);
    ParameterList list =
        new ParameterList()
            .int32("depth", lines.depth())
            // No window is wider than the channels are many.
            .int32("before", Math.min(op.before(), lines.depth()))
            .int32("after", Math.min(op.after(), lines.depth()))
            .float32("bias", op.bias())
            .float32("alpha", op.alpha())
            .float32("beta", op.beta());
    return lines("local_response_norm", request, lines, list, false);
  }

  private static Kernel lines(
      String folder, KernelRequest request, Lines lines, ParameterList list, boolean inPlace) {
    String name = folder + "_" + Selection.suffix(request, request.input());
    return lines(folder, name, tile(request, lines), list, inPlace);
  }

  private static Kernel lines(
      String folder, String name, Form.Tile tile, ParameterList list, boolean inPlace) {
    return new Kernel(
        Selection.source(folder, name), name, tile, List.of(0), list.toList(), 0, inPlace);
  }

  private static ParameterList extents(Lines lines) {
    return new ParameterList()
        .int32("depth", lines.depth())
        .int32("stride", lines.inner())
        .int32("step", lines.inner() == 1 ? lines.depth() : 1);
  }

  /** A tile whose columns are lines; maps in rows where each row has lines of its own. */
  private static Form.Tile tile(KernelRequest request, Lines lines) {
    Shape shape = request.output().shape();
    int bytes = request.output().dtype().bytes();
    if (lines.inner() > 1) {
      // All lines of an entry of the outer axes lie interleaved in one row.
      boolean columns = shape.rank() == 4 && lines.inner() == shape.dim(3);
      return tile(
          columns ? shape.dim(0) : lines.outer(),
          columns ? shape.dim(1) : 1,
          lines.inner(),
          lines.inner() * lines.depth() * bytes,
          false);
    }
    boolean image = shape.rank() == 4 && lines.depth() == shape.dim(3);
    int width = image ? shape.dim(2) : lines.outer();
    return tile(
        image ? shape.dim(0) : 1,
        image ? shape.dim(1) : 1,
        width,
        width * lines.depth() * bytes,
        true);
  }

  private static Form.Tile tile(int batch, int rows, int width, int rowBytes, boolean contiguous) {
    return new Form.Tile(
        batch,
        rows,
        width,
        rowBytes,
        Form.RowWindow.SAME,
        List.of(new Form.Operand(rows, rowBytes)),
        OptionalInt.empty(),
        contiguous);
  }

  /** A single row of lines where scale or bias are computed: one row of theirs serves it. */
  private static Kernel layer(LayerNorm op, KernelRequest request) {
    Lines lines = Lines.from(request.output().shape(), op.axis());
    ParameterList list = new ParameterList();
    List<Integer> operands = channelOperands(request, list);
    list.int32("depth", lines.depth()).float32("epsilon", op.epsilon());
    Form.Tile tile = tile(request, lines);
    if (operands.size() > 1) {
      int rowBytes = tile.rowBytes() * tile.rows() * tile.batch();
      List<Form.Operand> rows = new ArrayList<>(List.of(new Form.Operand(1, rowBytes)));
      for (int i = 1; i < operands.size(); i++) {
        rows.add(new Form.Operand(1, lines.depth() * request.input().dtype().bytes()));
      }
      tile =
          new Form.Tile(
              1, 1, lines.outer(), rowBytes, Form.RowWindow.SAME, rows, OptionalInt.empty(), false);
    }
    String name = "layer_norm_" + Selection.suffix(request, request.input());
    return new Kernel(
        Selection.source("layer_norm", name), name, tile, operands, list.toList(), 0, true);
  }

  private static Kernel grouped(KernelRequest request, int groups, float epsilon) {
    Shape shape = request.output().shape();
    int channels = shape.dim(-1);
    ParameterList list = new ParameterList();
    List<Integer> operands = channelOperands(request, list);
    list.int32("batch", shape.dim(0))
        .int32("pixels", shape.elements() / shape.dim(0) / channels)
        .int32("channels", channels)
        .int32("size", channels / groups)
        .float32("epsilon", epsilon);
    String name = "group_norm_" + Selection.suffix(request, request.input());
    return new Kernel(
        Selection.source("group_norm", name),
        name,
        new Form.Whole(),
        operands,
        list.toList(),
        0,
        true);
  }

  /** Packs scale and bias where they are constant; gives the inputs that are read at run time. */
  private static List<Integer> channelOperands(KernelRequest request, ParameterList list) {
    List<Integer> operands = new ArrayList<>(List.of(0));
    Selection.packed(request, 1, "scale", Parameter.Role.TABLE, list, operands);
    Selection.packed(request, 2, "bias", Parameter.Role.TABLE, list, operands);
    return operands;
  }
}
