package dev.thimble.schedule;

import dev.thimble.graph.Node;
import dev.thimble.kernel.KernelLibrary;

/** Where the kernels of each node come from: nodes may be held to limits of their own. */
@FunctionalInterface
public interface NodeKernels {
  /** The kernels for this node; for a convolution and the pooling after it, the convolution. */
  KernelLibrary of(Node node);

  /** The same for all nodes. */
  static NodeKernels same(KernelLibrary kernels) {
    return node -> kernels;
  }
}
