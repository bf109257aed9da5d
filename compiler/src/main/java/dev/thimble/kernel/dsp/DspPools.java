package dev.thimble.kernel.dsp;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Reduce;
import dev.thimble.tensor.DType;
import java.util.List;

/** Poolings and means, called as those in portable C are. */
final class DspPools {
  private static final int LANES = 4;

  /** What halfwords can sum of int8 elements. */
  private static final int MAX_TAPS = 255;

  private DspPools() {}

  static List<Candidate> candidates(Pool2d op, KernelRequest request) {
    if (!isInt8(request) || request.input().shape().dim(3) < LANES) {
      return List.of();
    }
    return PlainForm.portable(request)
        .filter(plain ->
            switch (plain.function()) {
              case "global_average_pool2d_s8", "max_pool2d_s8" -> true;
              case "average_pool2d_s8" -> op.kernel().height() * op.kernel().width() <= MAX_TAPS;
              default -> false;
            })
        .map(plain -> PlainForm.of(plain, DspMapCosts.pool(op, request)))
        .stream()
        .toList();
  }

  static List<Candidate> candidates(Reduce op, KernelRequest request) {
    if (!isInt8(request) || request.input().shape().dim(-1) < LANES) {
      return List.of();
    }
    return PlainForm.portable(request)
        .filter(plain -> plain.function().equals("mean_s8"))
        .map(plain -> PlainForm.of(plain, DspMapCosts.mean(request)))
        .stream()
        .toList();
  }

  private static boolean isInt8(KernelRequest request) {
    return request.input().dtype() == DType.INT8 && request.output().dtype() == DType.INT8;
  }
}
