package dev.thimble.kernel;

import dev.thimble.op.ArgMax;
import dev.thimble.op.AtLeast;
import dev.thimble.op.Binary;
import dev.thimble.op.Cast;
import dev.thimble.op.Compare;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Dequantize;
import dev.thimble.op.DifferenceAtLeast;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Lstm;
import dev.thimble.op.MatMul;
import dev.thimble.op.MixedConv2d;
import dev.thimble.op.Normalization;
import dev.thimble.op.Op;
import dev.thimble.op.Pad;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Parametric;
import dev.thimble.op.Pool2d;
import dev.thimble.op.PositionalOp;
import dev.thimble.op.Quantize;
import dev.thimble.op.RecurrentOp;
import dev.thimble.op.Reduce;
import dev.thimble.op.Requantize;
import dev.thimble.op.Reshape;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.op.Size2d;
import dev.thimble.op.Softmax;
import dev.thimble.op.TransposedConv2d;
import dev.thimble.op.Unary;
import dev.thimble.op.Where;
import dev.thimble.op.WindowPool2d;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Maps of one row, as networks over time have them, stood upright: [1,1,W,C] lies in memory as
 * [1,W,1,C] does, and a node that computes the one computes the other when its rows and columns
 * change places. Upright, each step of time is a row, so it can stream.
 */
public final class Upright {
  private Upright() {}

  /** The same computation on columns of W rows; nothing if a map has rows, or the op none. */
  public static Optional<KernelRequest> of(KernelRequest request) {
    boolean flat =
        request.input().shape().rank() == 4
            && request.output().shape().rank() == 4
            && request.input().shape().dim(2) > 1
            && request.inputs().stream().allMatch(Upright::isFlat)
            && request.outputs().stream().allMatch(Upright::isFlat);
    return flat
        ? op(request.op())
            .map(op ->
                new KernelRequest(
                    op,
                    types(request.inputs()),
                    request.constants().stream().map(c -> c.map(Upright::turned)).toList(),
                    types(request.outputs()),
                    request.rounding()))
        : Optional.empty();
  }

  private static boolean isFlat(TensorType type) {
    return type.shape().rank() < 4 || type.shape().dim(1) == 1;
  }

  private static List<TensorType> types(List<TensorType> types) {
    return types.stream().map(Upright::turned).toList();
  }

  private static TensorType turned(TensorType type) {
    Shape shape = type.shape();
    return shape.rank() < 4
        ? type
        : type.withShape(Shape.of(shape.dim(0), shape.dim(2), shape.dim(1), shape.dim(3)));
  }

  private static Tensor turned(Tensor tensor) {
    return tensor.as(turned(tensor.type()));
  }

  private static Optional<Op> op(Op op) {
    return switch (op) {
      case SingleOutputOp single -> op(single).map(Op.class::cast);
      case Lstm lstm -> Optional.empty();
    };
  }

  private static Optional<? extends Op> op(SingleOutputOp op) {
    return switch (op) {
      case Conv2d conv ->
          Optional.of(
              new Conv2d(
                  turned(conv.stride()),
                  turned(conv.dilation()),
                  turned(conv.padding()),
                  conv.groups(),
                  conv.activation()));
      case DepthwiseConv2d conv ->
          Optional.of(
              new DepthwiseConv2d(
                  turned(conv.stride()),
                  turned(conv.dilation()),
                  turned(conv.padding()),
                  conv.multiplier(),
                  conv.activation()));
      case Pool2d pool ->
          Optional.of(
              new Pool2d(
                  pool.pooling(),
                  turned(pool.kernel()),
                  turned(pool.stride()),
                  turned(pool.padding()),
                  pool.activation()));
      case Reduce reduce ->
          reduce.axes().equals(List.of(1, 2)) ? Optional.of(reduce) : Optional.empty();
      case Binary binary -> Optional.of(binary);
      case Compare compare -> Optional.of(compare);
      case Where where -> Optional.of(where);
      case Cast cast -> Optional.of(cast);
      case Parametric parametric -> Optional.of(parametric);
      case Unary unary -> Optional.of(unary);
      case Quantize quantize -> Optional.of(quantize);
      case Dequantize dequantize -> Optional.of(dequantize);
      case AtLeast threshold -> Optional.of(threshold);
      case FullyConnected fc -> Optional.empty();
      case TransposedConv2d conv -> Optional.empty();
      case MixedConv2d conv -> Optional.empty();
      case Requantize quantize -> Optional.of(quantize);
      case MatMul product -> Optional.empty();
      case WindowPool2d pool -> Optional.empty();
      case Normalization norm -> Optional.empty();
      case Reshape reshape -> Optional.empty();
      case Pad pad -> Optional.empty();
      case ArgMax argMax -> Optional.empty();
      case DifferenceAtLeast threshold -> Optional.empty();
      case RecurrentOp recurrent -> Optional.empty();
      case PositionalOp positional -> Optional.empty();
      case Softmax softmax -> Optional.empty();
    };
  }

  private static Size2d turned(Size2d size) {
    return new Size2d(size.width(), size.height());
  }

  private static Padding2d turned(Padding2d padding) {
    return new Padding2d(padding.left(), padding.right(), padding.top(), padding.bottom());
  }
}
