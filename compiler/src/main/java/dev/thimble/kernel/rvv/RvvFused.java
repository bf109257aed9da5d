package dev.thimble.kernel.rvv;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.kernel.Selection;
import dev.thimble.op.Conv2d;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.Pool2d;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Convolutions with the max pooling after them as one kernel. */
final class RvvFused {
  private RvvFused() {}

  static List<Candidate> candidates(
      Conv2d conv, KernelRequest request, Pool2d pool, KernelRequest pooling) {
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int[] bias = FilterParameters.bias(request);
    RvvScale scale =
        new RvvScale(quantization(request, pool), request.rounding(), filter, false, bias);
    if (!scale.isExact()) {
      return List.of();
    }
    RvvWindow window = RvvConvolutions.window(conv, request);
    List<Candidate> candidates = new ArrayList<>();
    for (int chunk : RvvWindow.chunks(pooling.output().shape().dim(2))) {
      candidates.addAll(candidate(conv, request, pool, pooling, window, filter, scale, chunk));
    }
    return candidates;
  }

  /** The convolution's, with both clamps merged. */
  private static ConvolutionQuantization quantization(KernelRequest request, Pool2d pool) {
    ConvolutionQuantization alone = FilterParameters.quantization(request);
    int lowest = pool.activation().quantizedMin(request.output());
    int highest = pool.activation().quantizedMax(request.output());
    return alone.within(lowest, highest);
  }

  private static List<Candidate> candidate(
      Conv2d conv,
      KernelRequest request,
      Pool2d pool,
      KernelRequest pooling,
      RvvWindow window,
      int[] filter,
      RvvScale scale,
      int chunk) {
    RvvGemm gemm = RvvConvolutions.gemm(conv, request, RvvGemm.MOST_LANES);
    ParameterList list = new ParameterList();
    gemm.addTo(list, filter, scale);
    window.addTo(list, chunk);
    list.int32("row_stride", conv.stride().height())
        .int32("pool_height", pool.kernel().height())
        .int32("pool_width", pool.kernel().width())
        .int32("pool_stride_width", pool.stride().width());
    String name = "conv2d_max_pool_s8_rvv";
    int columns = (chunk - 1) * pool.stride().width() + pool.kernel().width();
    int filters = request.output().shape().dim(3);
    Shape out = pooling.output().shape();
    int chunks = (out.dim(2) + chunk - 1) / chunk;
    long pooled = 20 + 6L * pool.kernel().width();
    long cycles =
        (long) out.dim(0)
            * out.dim(1)
            * chunks
            * pool.kernel().height()
            * (window.instructions(columns) + gemm.instructions(columns) + chunk * pooled);
    return new PortableKernels()
            .fuse(request, pooling)
            .map(plain ->
                new Candidate(
                    new Kernel(
                        "conv2d_max_pool/" + name + ".c",
                        name,
                        plain.form(),
                        plain.operands(),
                        list.toList(),
                        (columns + chunk) * filters + window.scratchBytes(columns),
                        false),
                    cycles))
            .stream()
            .toList();
  }
}
