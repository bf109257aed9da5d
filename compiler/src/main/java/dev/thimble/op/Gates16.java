package dev.thimble.op;

/**
 * Sigmoid and tanh of int16 numbers, by interpolation in a table: rule Q43 of quantization.md.
 * Source: TensorFlow Lite's reference kernels.
 */
public final class Gates16 {
  /** The entries that the reference has one above the nearest integer, as bits. */
  private static final long[] RAISED = {
    0xc0467baefa7bd110L, 0x0011009020440005L, 0x0000000000000080L, 0x8000000000000000L
  };

  /** Entry i is the sigmoid of i / 24, in units of 2^-16, rounded, some of them raised by one. */
  private static final int[] TABLE = table();

  private Gates16() {}

  private static int[] table() {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      double sigmoid = 65536 / (1 + StrictMath.exp(-i / 24.0));
      int raised = (int) (RAISED[i / Long.SIZE] >>> (i % Long.SIZE)) & 1;
      table[i] = Math.min(0xFFFF, (int) Math.floor(sigmoid + 0.5)) + raised;
    }
    return table;
  }

  /** The table: 256 numbers of 16 bits. */
  public static int[] sigmoidTable() {
    return TABLE.clone();
  }

  /** The sigmoid of a number of 12 fractional bits, in 15. */
  static int sigmoid(int x) {
    int scaled = 3 * x;
    int magnitude = Math.abs(scaled);
    int at = magnitude >>> 9;
    int result =
        at >= 255
            ? 0x7FFF << 10
            : (TABLE[at] << 9) + (magnitude & 0x1FF) * (TABLE[at + 1] - TABLE[at]);
    result = scaled >= 0 ? result + (1 << 9) : (1 << 25) - result + (1 << 9) - 1;
    return result >>> 10;
  }

  /** The tanh of a number of 12 fractional bits, after a shift to the left, in 15. */
  static int tanh(int x, int shift) {
    int scaled = shift >= 0 ? x * (3 << shift) : (3 * x + (1 << (-shift - 1))) >> -shift;
    int magnitude = Math.abs(scaled);
    int at = magnitude >>> 8;
    int result =
        at >= 255
            ? 0xFFFF << 8
            : (TABLE[at] << 8) + (magnitude & 0xFF) * (TABLE[at + 1] - TABLE[at]);
    result = scaled >= 0 ? result - (1 << 23) + (1 << 7) : (1 << 23) - result + (1 << 7) - 1;
    return result >> 8;
  }
}
