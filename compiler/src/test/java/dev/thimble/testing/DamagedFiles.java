package dev.thimble.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** Damages files: truncates them, flips bits, and overwrites words and bytes. */
public final class DamagedFiles {
  private DamagedFiles() {}

  /** A damaged copy. Half of all damage falls on the tables, which lie at the file's ends. */
  public static byte[] mutate(byte[] file, Random random) {
    byte[] mutant = file.clone();
    ByteBuffer words = ByteBuffer.wrap(mutant).order(ByteOrder.LITTLE_ENDIAN);
    int kind = random.nextInt(5);
    if (kind == 0) {
      return Arrays.copyOf(mutant, random.nextInt(mutant.length));
    }
    int times = 1 + random.nextInt(8);
    for (int i = 0; i < times; i++) {
      int at = place(mutant.length - 8, random);
      switch (kind) {
        case 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> words.putInt(at & ~3, random.nextInt());
        case 3 -> words.putInt(at & ~3, random.nextInt(-64, 4 * mutant.length));
        default -> Arrays.fill(mutant, at, at + random.nextInt(8), (byte) 0);
      }
    }
    return mutant;
  }

  private static int place(int length, Random random) {
    int near = Math.min(length, 4096);
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(near);
      case 1 -> length - 1 - random.nextInt(near);
      default -> random.nextInt(length);
    };
  }
}
