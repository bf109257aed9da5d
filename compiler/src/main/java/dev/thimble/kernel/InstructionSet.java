package dev.thimble.kernel;

import java.util.List;

/**
 * The kernels that one instruction set has beside those in portable C. It need not have any for a
 * node: what is missing here falls back.
 */
public interface InstructionSet {
  /** The kernels for a node, in any order; none where portable C serves it best. */
  List<Candidate> candidates(KernelRequest request);

  /**
   * The kernels for a convolution and the max pooling that alone reads it, under the conditions of
   * {@link KernelLibrary#fuse}.
   */
  default List<Candidate> fused(KernelRequest convolution, KernelRequest pooling) {
    return List.of();
  }
}
