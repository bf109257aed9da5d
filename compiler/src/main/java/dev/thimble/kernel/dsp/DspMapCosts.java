package dev.thimble.kernel.dsp;

import dev.thimble.kernel.KernelRequest;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.Shape;

/** Estimates of a Cortex-M4's cycles for kernels of maps, from the kernels' instructions. */
final class DspMapCosts {
  private static final int LANES = 4;

  private DspMapCosts() {}

  /**
   * What a depthwise convolution by runs takes to unpack weights of 4 bits, so many groups' at a
   * time.
   */
  static long unpacked(KernelRequest request, int run, int few) {
    Shape out = request.output().shape();
    long runs = (out.dim(2) + run - 1L) / run * out.dim(0) * out.dim(1);
    int groups = (out.dim(3) + LANES - 1) / LANES;
    return runs * (groups * 30L + (groups + few - 1) / few * 90L);
  }

  /** A depthwise convolution by 3 x 3 windows that computes runs of so many output columns. */
  static long depthwise3(KernelRequest request, int stride, int run) {
    Shape out = request.output().shape();
    int groups = (out.dim(3) + LANES - 1) / LANES;
    long width = out.dim(2);
    long runs = (width + run - 1) / run;
    long output = stride == 1 ? 22 : 31;
    long row = runs * groups * 260L + width * groups * LANES * output;
    return (long) out.dim(0) * out.dim(1) * row;
  }

  /** A depthwise convolution by any windows. */
  static long depthwise(KernelRequest request, Size2d kernel) {
    Shape out = request.output().shape();
    long taps = (long) kernel.height() * kernel.width();
    long fours = out.dim(3) / LANES * (14 * taps + 90L);
    long rest = out.dim(3) % LANES * (9 * taps + 20L);
    return (long) out.dim(0) * out.dim(1) * out.dim(2) * (fours + rest + 40);
  }

  /** A pooling, each four channels of a pixel by themselves. */
  static long pool(Pool2d op, KernelRequest request) {
    long taps = (long) op.kernel().height() * op.kernel().width();
    return request.output().elements() * (2 * taps + 20);
  }

  /** A mean over rows and columns. */
  static long mean(KernelRequest request) {
    return 2L * request.input().elements() + 30L * request.output().elements();
  }
}
