package dev.thimble.kernel.dsp;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.op.Binary;
import dev.thimble.op.Unary;
import java.util.List;

/** Nodes that compute each element by itself. */
final class DspElementwise {
  private DspElementwise() {}

  static List<Candidate> candidates(Binary op, KernelRequest request) {
    return List.of();
  }

  static List<Candidate> candidates(Unary op, KernelRequest request) {
    return List.of();
  }
}
