package dev.thimble.kernel;

import java.util.Optional;

/** The kernels of a target. */
public interface KernelLibrary {
  /** The kernel that serves a node; throws {@link KernelException} when there is none. */
  Kernel select(KernelRequest request);

  /**
   * One kernel for a convolution and the max pooling that alone reads it, which stores only the
   * pooled map (Unlu 2020, arXiv 2007.01348), or nothing where the pair cannot be fused without
   * computing anything twice. Its parameters are those of the convolution and of the pooling; its
   * first operand is the convolution's input.
   */
  Optional<Kernel> fuse(KernelRequest convolution, KernelRequest pooling);

  /**
   * The kernel by which a node of a single map row, or one that only gives its operand another
   * shape, runs by rows; nothing for nodes whose own kernel does, and for those that cannot.
   */
  default Optional<Kernel> byRows(KernelRequest request) {
    return Optional.empty();
  }

  /** As {@link #byRows}, for a convolution and the max pooling after it as one kernel. */
  default Optional<Kernel> byRows(KernelRequest convolution, KernelRequest pooling) {
    return Optional.empty();
  }
}
