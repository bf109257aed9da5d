package dev.thimble.kernel;

/**
 * What kernels may take beyond what their nodes need.
 *
 * @param scratchBytes the most working memory of one kernel
 * @param wideFilters whether filters may be stored wider than their elements are, for speed: as
 *     int16, or transformed
 * @param portableFusion whether a convolution may give up a faster kernel to be one with the
 *     pooling after it, which saves the memory of the map between
 */
public record KernelLimits(int scratchBytes, boolean wideFilters, boolean portableFusion) {
  /** As much working memory as kernels like, and filters as small as they can be. */
  public static final KernelLimits FAST = new KernelLimits(Integer.MAX_VALUE, false, false);

  public KernelLimits withScratchBytes(int bytes) {
    return new KernelLimits(bytes, wideFilters, portableFusion);
  }

  public KernelLimits withWideFilters(boolean allowed) {
    return new KernelLimits(scratchBytes, allowed, portableFusion);
  }

  public KernelLimits withPortableFusion(boolean allowed) {
    return new KernelLimits(scratchBytes, wideFilters, allowed);
  }
}
