package dev.thimble.kernel.dsp;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Reduce;
import java.util.List;

/** Poolings and means. */
final class DspPools {
  private DspPools() {}

  static List<Candidate> candidates(Pool2d op, KernelRequest request) {
    return List.of();
  }

  static List<Candidate> candidates(Reduce op, KernelRequest request) {
    return List.of();
  }
}
