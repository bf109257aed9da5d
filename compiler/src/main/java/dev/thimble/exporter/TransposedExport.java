package dev.thimble.exporter;

import dev.thimble.op.Activation;
import dev.thimble.op.Size2d;
import dev.thimble.op.TransposedConv2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.Padding;
import org.tensorflow.lite.schema.SliceOptionsT;
import org.tensorflow.lite.schema.TransposeConvOptionsT;

/** Transposed convolutions, whose operator is told the shape of its output. */
final class TransposedExport {
  private TransposedExport() {}

  /**
   * Writes the operator with the padding, SAME or VALID, that cuts the same borders off its result.
   * Where neither does, writes it without a cut, and a slice of its result.
   */
  static void write(Operator at, TransposedConv2d op) {
    if (op.groups() != 1 || !op.dilation().equals(Size2d.ONE)) {
      throw new UnsupportedExport("a transposed convolution with groups or dilations");
    }
    if (at.type().dtype() == DType.INT16) {
      throw new UnsupportedExport("a transposed convolution of int16");
    }
    Shape output = at.outputType().shape();
    for (byte padding : new byte[] {Padding.SAME, Padding.VALID}) {
      if (cuts(at, op, padding == Padding.SAME)) {
        write(at, op, padding, output, at.output());
        return;
      }
    }
    if (op.extraRows() > 0 || op.extraColumns() > 0) {
      throw new UnsupportedExport("the padding " + op.padding() + " with more rows or columns");
    }
    Shape whole =
        output
            .with(1, output.dim(1) + op.padding().top() + op.padding().bottom())
            .with(2, output.dim(2) + op.padding().left() + op.padding().right());
    int between = at.to().between(at.name("/whole"), at.outputType().withShape(whole));
    write(at, op, Padding.VALID, whole, between);
    at.to()
        .file()
        .operator(
            BuiltinOperator.SLICE,
            at.version(1, 2, 4),
            BuiltinOptions.SliceOptions,
            new SliceOptionsT(),
            new int[] {
              between,
              at.to()
                  .integers(
                      at.name("/begin"), List.of(0, op.padding().top(), op.padding().left(), 0)),
              at.to().integers(at.name("/size"), dims(output))
            },
            at.output());
  }

  private static List<Integer> dims(Shape shape) {
    return IntStream.of(shape.dims()).boxed().toList();
  }

  private static void write(Operator at, TransposedConv2d op, byte padding, Shape shape, int to) {
    TransposeConvOptionsT options = new TransposeConvOptionsT();
    options.setStrideH(op.stride().height());
    options.setStrideW(op.stride().width());
    options.setPadding(padding);
    options.setFusedActivationFunction(Operator.code(op.activation()));
    at.to()
        .file()
        .operator(
            BuiltinOperator.TRANSPOSE_CONV,
            op.activation() == Activation.NONE ? 3 : 4,
            BuiltinOptions.TransposeConvOptions,
            options,
            new int[] {
              at.to().integers(at.name("/shape"), dims(shape)),
              FilterExport.filter(at),
              at.input(0),
              FilterExport.bias(at)
            },
            to);
  }

  /** Whether a padding of the format, SAME or VALID, cuts as much off each side as the op does. */
  private static boolean cuts(Operator at, TransposedConv2d op, boolean same) {
    Shape in = at.type().shape();
    Shape filter = at.node().inputs().get(1).type().shape();
    Shape out = at.outputType().shape();
    int top = cut(out.dim(1), filter.dim(1), op.stride().height(), same);
    int left = cut(out.dim(2), filter.dim(2), op.stride().width(), same);
    int bottom = (in.dim(1) - 1) * op.stride().height() + filter.dim(1) - top - out.dim(1);
    int right = (in.dim(2) - 1) * op.stride().width() + filter.dim(2) - left - out.dim(2);
    return top == op.padding().top()
        && left == op.padding().left()
        && Math.max(0, bottom) == op.padding().bottom()
        && Math.max(0, right) == op.padding().right()
        && Math.max(0, -bottom) == op.extraRows()
        && Math.max(0, -right) == op.extraColumns();
  }

  /**
   * What the format cuts off the start of an axis: as much as a forward convolution, which takes
   * this output of so many entries for its input, would pad there.
   */
  private static int cut(int extent, int kernel, int stride, boolean same) {
    int outputs =
        same ? Math.ceilDiv(extent, stride) : Math.max(0, extent + stride - kernel) / stride;
    return Math.max(0, (outputs - 1) * stride + kernel - extent) / 2;
  }
}
