package dev.thimble.kernel.helium;

import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterList;
import dev.thimble.tensor.DType;

/** The filter of {@code thimble_gemm}: all output channels of windows of so many bytes. */
final class HeliumGemm {
  private static final int VECTOR = 16;
  private static final int GROUP = 8;
  private static final int BLOCK = 4;
  private static final int MOST_BLOCKS = 64;
  private static final int PIXELS = 2;

  /** The most elements of a pixel, and the most channels, that {@code thimble_gemm_small} takes. */
  static final int SMALL = 3 * VECTOR;

  private static final int SMALL_CHANNELS = 256;

  /** The windows that are copied at a time where pixels are small. */
  static final int SMALL_WINDOWS = 16;

  private final int[] filter;
  private final int channels;
  private final int depth;
  private final boolean small;
  private final int[] packed;
  private int at;

  /**
   * @param filter [O][K]
   */
  HeliumGemm(int[] filter, int channels, HeliumScale.Mode mode) {
    this.filter = filter;
    this.channels = channels;
    this.depth = filter.length / channels;
    this.small =
        depth <= SMALL
            && channels % GROUP == 0
            && channels <= SMALL_CHANNELS
            && mode != HeliumScale.Mode.ANY;
    this.packed = new int[filter.length + excess()];
    pack();
  }

  int depth() {
    return depth;
  }

  /** The bytes that the vectors of the last block's last elements read beyond the filter. */
  private int excess() {
    if (small) {
      return (VECTOR - depth % VECTOR) % VECTOR;
    }
    boolean onlyLast = channels >= BLOCK && depth < VECTOR;
    return onlyLast ? Math.max(0, VECTOR - depth - channels % BLOCK * depth) : 0;
  }

  private void pack() {
    int[] order = order();
    int blocked = channels / BLOCK * BLOCK;
    int last = small ? depth : depth % VECTOR;
    for (int first = 0; first < blocked; first += BLOCK) {
      append(order, first, depth - last, last);
      for (int from = 0; from < depth - last; from += VECTOR) {
        append(order, first, from, VECTOR);
      }
    }
    for (int channel = blocked; channel < channels; channel++) {
      System.arraycopy(filter, channel * depth, packed, at, depth);
      at += depth;
    }
  }

  private void append(int[] order, int first, int from, int count) {
    for (int lane = 0; lane < BLOCK; lane++) {
      System.arraycopy(filter, order[first + lane] * depth + from, packed, at, count);
      at += count;
    }
  }

  /** The channels in the order of the sums: of each eight those of even index, then the others. */
  int[] order() {
    int[] order = new int[channels];
    for (int i = 0; i < channels; i++) {
      int group = i / GROUP * GROUP;
      int within = i - group;
      order[i] = group + GROUP > channels ? i : group + within % BLOCK * 2 + within / BLOCK;
    }
    return order;
  }

  void addTo(ParameterList list) {
    list.inside("gemm")
        .table("filter", Parameter.Role.FILTER, DType.INT8, packed)
        .int32("depth", depth)
        .int32("channels", channels)
        .int32("held", held())
        .flag("small", small);
  }

  /** The blocks whose sums are held at a time: an even number, as groups are not divided. */
  private int held() {
    return Math.min(channels / GROUP * 2 + 2, MOST_BLOCKS);
  }

  /** The bytes of the sums that are held at a time. */
  int sumsBytes() {
    return held() * PIXELS * BLOCK * Integer.BYTES;
  }

  /** The windows that are copied at a time. */
  int windows() {
    return small ? SMALL_WINDOWS : PIXELS;
  }

  boolean isSmall() {
    return small;
  }

  /** The instructions for so many pixels that follow each other. */
  long instructions(long pixels) {
    long blocks = channels / BLOCK;
    if (small) {
      long vectors = Math.ceilDiv(depth, VECTOR);
      long pair = blocks * (9 + 12 * vectors) + channels / GROUP * 24L + 32;
      return (pixels + 1) / 2 * pair + 60;
    }
    long steps = depth / VECTOR;
    long last = depth % VECTOR == 0 ? 0 : 1;
    long loops = (steps + 3) / 4;
    long two = blocks * (9 + 14 * steps + 2 * loops + 24 * last);
    long one = blocks * (8 + 9 * steps + loops + 18 * last);
    long single = channels % BLOCK * (16 + 6 * steps);
    long scale = 2L * channels + (channels % GROUP == 0 ? 0 : 20);
    long calls = 60 * ((blocks + MOST_BLOCKS - 1) / MOST_BLOCKS);
    return pixels / 2 * (two + 2 * single + 2 * scale + calls)
        + pixels % 2 * (one + single + scale + calls);
  }
}
