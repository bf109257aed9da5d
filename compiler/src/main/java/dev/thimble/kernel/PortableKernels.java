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
import dev.thimble.op.Pad;
import dev.thimble.op.Parametric;
import dev.thimble.op.Pool2d;
import dev.thimble.op.PositionalOp;
import dev.thimble.op.Quantize;
import dev.thimble.op.RecurrentOp;
import dev.thimble.op.Reduce;
import dev.thimble.op.Requantize;
import dev.thimble.op.Reshape;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.op.Softmax;
import dev.thimble.op.TransposedConv2d;
import dev.thimble.op.Unary;
import dev.thimble.op.Where;
import dev.thimble.op.WindowPool2d;
import java.util.Optional;

/**
 * The kernels in plain C99 that every target can fall back to: one for each op, in float32 and,
 * where the op has an integer meaning, int8. Each equals the op's reference evaluation bit for bit,
 * but for the exponential function of the C library in float softmax and sigmoid.
 *
 * <p>Rows outside of a map reach these kernels as null pointers, so no constant row of zero points
 * is stored for them.
 */
public final class PortableKernels implements KernelLibrary {
  /** The library has no state; one instance serves any number of compilations. */
  public PortableKernels() {}

  @Override
  public Kernel select(KernelRequest request) {
    return switch (request.op()) {
      case SingleOutputOp op -> select(op, request);
      case Lstm lstm -> RecurrentKernels.lstm(lstm, request);
    };
  }

  private static Kernel select(SingleOutputOp op, KernelRequest request) {
    return switch (op) {
      case Conv2d conv -> ConvolutionKernels.conv2d(conv, request);
      case DepthwiseConv2d conv -> DepthwiseKernels.depthwise(conv, request);
      case FullyConnected fc -> ConvolutionKernels.fullyConnected(fc, request);
      case Pool2d pool -> PoolKernels.pool(pool, request);
      case Reduce reduce -> MeanKernels.reduce(reduce, request);
      case Binary binary -> BinaryKernels.binary(binary, request);
      case Compare compare -> ChoiceKernels.compare(compare, request);
      case Where where -> ChoiceKernels.where(request);
      case Cast cast -> ElementwiseKernels.cast(request);
      case Parametric parametric -> ElementwiseKernels.parametric(parametric, request);
      case Unary unary -> ElementwiseKernels.unary(unary, request);
      case Quantize quantize -> ElementwiseKernels.quantize(quantize, request);
      case Dequantize dequantize -> ElementwiseKernels.dequantize(request);
      case AtLeast threshold -> ElementwiseKernels.atLeast(threshold, request);
      case DifferenceAtLeast threshold -> RowKernels.differenceAtLeast(threshold, request);
      case ArgMax argMax -> RowKernels.argMax(request);
      case PositionalOp positional -> PositionalKernels.of(positional, request);
      case Softmax softmax -> RowKernels.softmax(softmax, request);
      case RecurrentOp recurrent -> RecurrentKernels.of(recurrent, request);
      case TransposedConv2d conv -> TransposedKernels.transposed(conv, request);
      case MixedConv2d conv -> MixedKernels.mixed(conv, request);
      case Requantize quantize -> ElementwiseKernels.requantize(request);
      case MatMul product -> MatMulKernels.matMul(product, request);
      case WindowPool2d pool -> PoolKernels.windowed(pool, request);
      case Normalization norm -> NormKernels.normalization(norm, request);
      case Reshape reshape -> RowKernels.copy(request);
      case Pad pad -> PadKernels.pad(pad, request);
    };
  }

  @Override
  public Optional<Kernel> fuse(KernelRequest convolution, KernelRequest pooling) {
    return convolution.op() instanceof Conv2d conv && pooling.op() instanceof Pool2d pool
        ? ConvolutionKernels.fuse(conv, convolution, pool, pooling)
        : Optional.empty();
  }

  @Override
  public Optional<Kernel> byRows(KernelRequest request) {
    return request.op() instanceof Reshape
        ? RowKernels.copyRows(request)
        : Upright.of(request).map(this::select);
  }

  @Override
  public Optional<Kernel> byRows(KernelRequest convolution, KernelRequest pooling) {
    Optional<KernelRequest> first = Upright.of(convolution);
    Optional<KernelRequest> second = Upright.of(pooling);
    return first.isPresent() && second.isPresent()
        ? fuse(first.get(), second.get())
        : Optional.empty();
  }
}
