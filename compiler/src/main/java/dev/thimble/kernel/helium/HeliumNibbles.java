package dev.thimble.kernel.helium;

import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.PackedFilter;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.Selection;
import dev.thimble.tensor.DType;
import java.util.stream.IntStream;

/** Filters of at most 4 bits as {@code nibbles_s8_helium.h} reads them. */
final class HeliumNibbles {
  private static final int BLOCK = 4;
  private static final int VECTOR = 16;
  private static final int BITS = 4;
  private static final int MOST_TAPS = 30;
  private static final int GROUP = 8;
  private static final int HELD = 8;

  /** Sixteen times a sum must fit an int32. */
  private static final long SUM_LIMIT = 1L << 27;

  private final int[] filter;
  private final int channels;
  private final int depth;

  /**
   * @param filter [O][K]
   */
  private HeliumNibbles(int[] filter, int channels) {
    this.filter = filter;
    this.channels = channels;
    this.depth = filter.length / channels;
  }

  /** Whether a node's filter has so few bits. */
  static boolean serves(KernelRequest request) {
    return PackedFilter.bits(request) <= BITS;
  }

  /** Whether the sums of a depthwise node's products fit an int16. */
  static boolean servesTaps(int taps) {
    return taps <= MOST_TAPS;
  }

  /** The filter of a convolution or a matrix product. */
  static HeliumNibbles of(KernelRequest request) {
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int[] bias = FilterParameters.bias(request);
    return new HeliumNibbles(filter, bias.length);
  }

  /** Whether no sum leaves what the kernels have room for, which is none for fractions. */
  boolean fits(HeliumScale scale, KernelRequest request) {
    if (FilterParameters.quantization(request).hasFractions()) {
      return false;
    }
    int[] bias = scale.foldedBias(FilterParameters.bias(request), filter, false);
    for (int channel = 0; channel < channels; channel++) {
      long most = Math.abs((long) bias[channel]);
      for (int tap = 0; tap < depth; tap++) {
        most += Math.abs(filter[channel * depth + tap]) * 128L;
      }
      if (most >= SUM_LIMIT) {
        return false;
      }
    }
    return true;
  }

  /** Adds the first two structures of convolutions and matrix products. */
  void addTo(ParameterList list, HeliumScale scale, KernelRequest request) {
    int[] bias = scale.foldedBias(FilterParameters.bias(request), filter, false);
    list.inside("gemm")
        .table("filter", Parameter.Role.FILTER, DType.INT8, packed())
        .int32("depth", depth)
        .int32("channels", channels);
    scale.addTo(list, IntStream.of(bias).map(b -> b << BITS).toArray(), order());
  }

  /** The channels in the order of the sums: of each eight those of even index, then the others. */
  private int[] order() {
    int[] order = new int[blocks() * BLOCK];
    for (int i = 0; i < order.length; i++) {
      int group = i / GROUP * GROUP;
      int within = i - group;
      int plain = i < channels ? i : -1;
      order[i] = group + GROUP > channels ? plain : group + within % BLOCK * 2 + within / BLOCK;
    }
    return order;
  }

  int depth() {
    return depth;
  }

  private int blocks() {
    return (channels + BLOCK - 1) / BLOCK;
  }

  private int[] packed() {
    int whole = (depth + VECTOR - 1) / (2 * VECTOR);
    boolean last = depth > whole * 2 * VECTOR;
    int[] bytes = new int[blocks() * (whole * BLOCK + (last ? BLOCK / 2 : 0)) * VECTOR];
    int[] order = order();
    int at = 0;
    for (int first = 0; first < channels; first += BLOCK) {
      for (int from = 0; from < whole * 2 * VECTOR; from += 2 * VECTOR) {
        for (int lane = first; lane < first + BLOCK; lane++) {
          at = vector(bytes, at, order[lane], from, order[lane], from + VECTOR);
        }
      }
      for (int lane = first; last && lane < first + BLOCK; lane += 2) {
        int from = whole * 2 * VECTOR;
        at = vector(bytes, at, order[lane], from, order[lane + 1], from);
      }
    }
    return bytes;
  }

  private int vector(int[] bytes, int at, int low, int lowFrom, int high, int highFrom) {
    for (int i = 0; i < VECTOR; i++) {
      bytes[at + i] = both(element(low, lowFrom + i), element(high, highFrom + i));
    }
    return at + VECTOR;
  }

  private int element(int channel, int tap) {
    return channel >= 0 && tap < depth ? filter[channel * depth + tap] : 0;
  }

  /** A byte of two elements. */
  private static int both(int low, int high) {
    return (byte) ((low & 0xF) | high << BITS);
  }

  /** The instructions for so many pixels. */
  long instructions(long pixels) {
    long steps = depth / (2 * VECTOR);
    int left = depth % (2 * VECTOR);
    long tail = left == 0 ? 0 : left <= VECTOR ? 20 : 36;
    long block = 10 + 33 * steps + tail + 16;
    long calls = 75L * ((blocks() + HELD - 1) / HELD);
    long rest = channels % GROUP == 0 ? 0 : 70;
    return (pixels + 1) / 2 * (60 + calls + rest + blocks() * block);
  }

  /** Of [C][taps] for each channel the first half of its taps in the lower halves of bytes. */
  static int[] halves(int[] filter, int taps) {
    int half = (taps + 1) / 2;
    int[] bytes = new int[filter.length / taps * half];
    for (int i = 0; i < bytes.length; i++) {
      int tap = i % half;
      int at = i / half * taps;
      bytes[i] = both(filter[at + tap], tap + half < taps ? filter[at + tap + half] : 0);
    }
    return bytes;
  }

  /** The filter of a depthwise node, [taps][C]: for each 16 channels, two taps in each byte. */
  static int[] depthwise(int[] filter, int channels) {
    int taps = filter.length / channels;
    int pairs = (taps + 1) / 2;
    int[] bytes = new int[(channels + VECTOR - 1) / VECTOR * VECTOR * pairs];
    for (int i = 0; i < bytes.length; i++) {
      int channel = i / (pairs * VECTOR) * VECTOR + i % VECTOR;
      int tap = i / VECTOR % pairs * 2;
      if (channel < channels) {
        int second = tap + 1 < taps ? filter[(tap + 1) * channels + channel] : 0;
        bytes[i] = both(filter[tap * channels + channel], second);
      }
    }
    return bytes;
  }
}
