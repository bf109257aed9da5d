package dev.thimble.kernel.helium;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.op.Conv2d;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.Pool2d;
import dev.thimble.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/** Convolutions with the max pooling after them as one kernel. */
final class HeliumFused {
  private HeliumFused() {}

  static List<Candidate> candidates(
      Conv2d conv, KernelRequest request, Pool2d pool, KernelRequest pooling) {
    HeliumScale scale = new HeliumScale(quantization(request, pool), request.rounding());
    if (conv.groups() > 1 || !HeliumConvolutions.isExact(scale, request)) {
      return List.of();
    }
    int width = pooling.output().shape().dim(2);
    return IntStream.of(1, 4, 16, width)
        .filter(chunk -> chunk <= width)
        .distinct()
        .boxed()
        .flatMap(chunk -> candidate(conv, request, pool, pooling, scale, chunk).stream())
        .toList();
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
      HeliumScale scale,
      int chunk) {
    ParameterList list = new ParameterList();
    HeliumGemm gemm = HeliumConvolutions.gemm(list, scale, request);
    HeliumConvolutions.geometry(list, conv, request);
    list.int32("chunk", chunk)
        .int32("row_stride", conv.stride().height())
        .int32("pool_height", pool.kernel().height())
        .int32("pool_width", pool.kernel().width())
        .int32("pool_stride_width", pool.stride().width());
    String name = "conv2d_max_pool_s8_helium";
    int columns = (chunk - 1) * pool.stride().width() + pool.kernel().width();
    int filters = request.output().shape().dim(3);
    int scratch = gemm.sumsBytes() + gemm.windows() * gemm.depth() + (columns + chunk) * filters;
    Shape out = pooling.output().shape();
    int pooled = Math.multiplyExact(out.dim(0) * out.dim(1), out.dim(2));
    long maxima = (long) pooled * pool.kernel().height() * (30 + 4L * pool.kernel().width());
    long calls = (long) pooled / chunk * pool.kernel().height() * 120;
    long cycles = HeliumConvolutions.cycles(conv, request, gemm) + maxima + calls;
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
                        scratch,
                        false),
                    cycles))
            .stream()
            .toList();
  }
}
