package dev.thimble.kernel.scalar;

/** Cycles of the ARMv6-M kernels on a Cortex-M0+ without wait states, from their inner loops. */
final class M0plusCycles {
  /** Of a requantised output, its store included. */
  private static final int OUTPUT = 32;

  private M0plusCycles() {}

  /** Of a convolution or matrix product whose blocks hold one pixel or three. */
  static long product(long pixels, long filters, long taps, int block) {
    long blocks = (pixels + block - 1) / block;
    long pairs = (filters + 1) / 2;
    long words = (taps + 1) / 2;
    long widen = 120 + taps * (block == 1 ? 9 : 13);
    long pair = 70 + words * (block == 1 ? 19 : 46);
    return blocks * (widen + pairs * pair) + pixels * filters * OUTPUT;
  }

  /** Of a depthwise convolution; the taps at the map's edges cost more. */
  static long depthwise(long pixels, long channels, long taps) {
    long tap = taps == 9 ? 7 : 13;
    return pixels * (150 + channels * (taps * tap + 12 + OUTPUT + 15));
  }
}
