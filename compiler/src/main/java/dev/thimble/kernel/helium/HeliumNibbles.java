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

  /** Adds the first two structures of convolutions and matrix products. */
  static HeliumNibbles add(ParameterList list, HeliumScale scale, KernelRequest request) {
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int[] bias = FilterParameters.bias(request);
    HeliumNibbles nibbles = new HeliumNibbles(filter, bias.length);
    list.inside("gemm")
        .table("filter", Parameter.Role.FILTER, DType.INT8, nibbles.packed())
        .int32("depth", nibbles.depth)
        .int32("channels", nibbles.channels);
    int[] order =
        IntStream.range(0, nibbles.blocks() * BLOCK).map(c -> c < bias.length ? c : -1).toArray();
    scale.addTo(list, scale.foldedBias(bias, filter, false), order);
    return nibbles;
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
    int at = 0;
    for (int first = 0; first < channels; first += BLOCK) {
      for (int from = 0; from < whole * 2 * VECTOR; from += 2 * VECTOR) {
        for (int lane = first; lane < first + BLOCK; lane++) {
          at = vector(bytes, at, lane, from, lane, from + VECTOR);
        }
      }
      for (int lane = first; last && lane < first + BLOCK; lane += 2) {
        int from = whole * 2 * VECTOR;
        at = vector(bytes, at, lane, from, lane + 1, from);
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
    return channel < channels && tap < depth ? filter[channel * depth + tap] : 0;
  }

  /** A byte of two elements. */
  private static int both(int low, int high) {
    return (byte) ((low & 0xF) | high << BITS);
  }

  /** The instructions for so many pixels. */
  long instructions(long pixels) {
    long vectors = (depth + 2L * VECTOR - 1) / (2 * VECTOR);
    return (pixels + 1) / 2 * (20 + blocks() * (75 + 36 * vectors));
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
