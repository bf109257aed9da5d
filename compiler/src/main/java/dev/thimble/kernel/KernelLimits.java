package dev.thimble.kernel;

/**
 * What kernels may take beyond what their nodes need.
 *
 * @param scratchBytes the most working memory of one kernel
 * @param wideFilters whether filters may be stored wider than their elements are, for speed: as
 *     int16, or transformed
 */
public record KernelLimits(int scratchBytes, boolean wideFilters) {
  /** As much working memory as kernels like, and filters as small as they can be. */
  public static final KernelLimits FAST = new KernelLimits(Integer.MAX_VALUE, false);

  public KernelLimits withScratchBytes(int bytes) {
    return new KernelLimits(bytes, wideFilters);
  }

  public KernelLimits withWideFilters(boolean allowed) {
    return new KernelLimits(scratchBytes, allowed);
  }
}
