package dev.thimble.kernel.dsp;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.op.Conv2d;
import dev.thimble.op.Pool2d;
import java.util.List;

/** Convolutions, alone or with a max pooling. */
final class DspConvolutions {
  private DspConvolutions() {}

  static List<Candidate> candidates(Conv2d op, KernelRequest request) {
    return DspWinograd.candidate(op, request).stream().toList();
  }

  static List<Candidate> fused(
      Conv2d conv, KernelRequest request, Pool2d pool, KernelRequest pooling) {
    return List.of();
  }
}
