package dev.thimble.kernel.dsp;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.op.FullyConnected;
import java.util.List;

/** Matrix products with a constant filter. */
final class DspFullyConnected {
  private DspFullyConnected() {}

  static List<Candidate> candidates(FullyConnected op, KernelRequest request) {
    return List.of();
  }
}
