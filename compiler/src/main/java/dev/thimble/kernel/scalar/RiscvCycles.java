package dev.thimble.kernel.scalar;

/** Instructions of the RISC-V kernels, from their inner loops; a core in order takes few more. */
final class RiscvCycles {
  /** Of a requantised output, its store included. */
  private static final int OUTPUT = 10;

  private RiscvCycles() {}

  /** Of a convolution or matrix product. */
  static long product(long pixels, long filters, long taps) {
    long blocks = (pixels + 3) / 4;
    long fours = filters / 4;
    long ones = filters % 4;
    long four = pixels == 1 ? 60 + taps * 14 : 120 + taps * 42;
    return blocks * (100 + fours * four + ones * (60 + taps * 17)) + pixels * filters * OUTPUT;
  }

  /**
   * Of a convolution of pairs of pixels.
   *
   * @param blocks of four pixels
   * @param groups of taps whose sums are taken apart, over all blocks of two channels
   */
  static long pairs(long blocks, long filters, long taps, long groups) {
    long words = 120 + taps * 12;
    long twos = (filters + 1) / 2;
    long units = (taps + 1) / 2;
    long two = 75 + units * 24 + (units + 3) / 4 * 11;
    return blocks * (words + twos * two + groups * 12 + filters * 4 * OUTPUT);
  }

  /** Of a depthwise convolution. */
  static long depthwise(long outputs, long filter) {
    long channels = Math.max(1, filter / 9);
    return outputs * (filter / channels * 5 + OUTPUT + 20);
  }

  /** Of a depthwise convolution by 3 x 3 windows; each row of a channel is set up by itself. */
  static long depthwise3x3(long outputs, int width, int stride) {
    long output = stride == 1 ? 34 : 41;
    long blocks = (width + 15L) / 16;
    return outputs * output + outputs / width * blocks * 72;
  }

  /** Of a sum of two maps. */
  static long add(long elements) {
    return elements * 12;
  }
}
