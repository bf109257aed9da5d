package dev.thimble.kernel.dsp;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.op.DepthwiseConv2d;
import java.util.List;

/** Depthwise convolutions. */
final class DspDepthwise {
  private DspDepthwise() {}

  static List<Candidate> candidates(DepthwiseConv2d op, KernelRequest request) {
    return List.of();
  }
}
