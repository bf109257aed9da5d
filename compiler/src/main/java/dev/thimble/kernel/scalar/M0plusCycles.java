package dev.thimble.kernel.scalar;

/** Cycles of the ARMv6-M kernels on a Cortex-M0+ without wait states, from their inner loops. */
final class M0plusCycles {
  /** Of a requantised output, its store included. */
  private static final int OUTPUT = 20;

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

  /** Of a convolution or matrix product on ARMv7-M, in blocks of four channels and two pixels. */
  static long armv7(long pixels, long filters, long taps) {
    long blocks = (pixels + 1) / 2;
    long four = pixels == 1 ? 100 + taps * 15 : 150 + taps * 28;
    long one = 60 + taps * 14;
    return blocks * (120 + filters / 4 * four + filters % 4 * one) + pixels * filters * 30;
  }

  /** Of a depthwise convolution in blocks of so many pixels. */
  static long depthwise(long pixels, long channels, long taps, int block) {
    long output = taps == 9 ? 88 : 40 + taps * 11;
    long table = 40 + taps * (taps == 9 ? 6 : 12);
    long channel = 45 + taps * (taps == 9 ? 3 : 7);
    return pixels * (table + channels * output) + (pixels + block - 1) / block * channels * channel;
  }
}
