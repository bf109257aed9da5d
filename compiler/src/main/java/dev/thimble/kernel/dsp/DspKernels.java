package dev.thimble.kernel.dsp;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.InstructionSet;
import dev.thimble.kernel.KernelRequest;
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
import java.util.List;

/** The kernels of cores with the DSP extension, for int8 and int16 nodes. */
public final class DspKernels implements InstructionSet {
  @Override
  public List<Candidate> candidates(KernelRequest request) {
    return switch (request.op()) {
      case SingleOutputOp op -> candidates(op, request);
      case Lstm lstm -> List.of();
    };
  }

  private static List<Candidate> candidates(SingleOutputOp op, KernelRequest request) {
    return switch (op) {
      case Conv2d conv -> DspConvolutions.candidates(conv, request);
      case FullyConnected fc -> DspFullyConnected.candidates(fc, request);
      case DepthwiseConv2d conv -> DspDepthwise.candidates(conv, request);
      case Pool2d pool -> DspPools.candidates(pool, request);
      case Reduce reduce -> DspPools.candidates(reduce, request);
      case Binary binary -> DspElementwise.candidates(binary, request);
      case Unary unary -> DspElementwise.functions(request);
      case Parametric parametric -> DspElementwise.functions(request);
      case Cast cast -> List.of();
      case Compare compare -> List.of();
      case Where where -> List.of();
      case Quantize quantize -> DspElementwise.functions(request);
      case Dequantize dequantize -> List.of();
      case Pad pad -> List.of();
      case RecurrentOp recurrent -> List.of();
      case TransposedConv2d conv -> List.of();
      case MixedConv2d conv -> DspMixed.candidates(conv, request);
      case Requantize quantize -> List.of();
      case MatMul product -> List.of();
      case WindowPool2d pool -> List.of();
      case Normalization norm -> List.of();
      case PositionalOp positional -> List.of();
      case Softmax softmax -> List.of();
      case Reshape reshape -> List.of();
      case ArgMax argMax -> List.of();
      case AtLeast threshold -> List.of();
      case DifferenceAtLeast threshold -> List.of();
    };
  }

  @Override
  public List<Candidate> fused(KernelRequest convolution, KernelRequest pooling) {
    return convolution.op() instanceof Conv2d conv && pooling.op() instanceof Pool2d pool
        ? DspFused.candidates(conv, convolution, pool, pooling)
        : List.of();
  }
}
