package dev.thimble.schedule.order;

import java.util.Arrays;
import java.util.function.IntConsumer;

/** Sets of small numbers as arrays of words, all sets of a segment equally long. */
final class Bits {
  private Bits() {}

  static long[] empty(int size) {
    return new long[(size + 63) >>> 6];
  }

  static void set(long[] bits, int index) {
    bits[index >>> 6] |= 1L << index;
  }

  static boolean get(long[] bits, int index) {
    return (bits[index >>> 6] >>> index & 1) != 0;
  }

  static long[] copy(long[] bits) {
    return Arrays.copyOf(bits, bits.length);
  }

  static void addAll(long[] bits, long[] more) {
    for (int i = 0; i < bits.length; i++) {
      bits[i] |= more[i];
    }
  }

  static void removeAll(long[] bits, long[] less) {
    for (int i = 0; i < bits.length; i++) {
      bits[i] &= ~less[i];
    }
  }

  static long[] union(long[] a, long[] b) {
    long[] union = copy(a);
    addAll(union, b);
    return union;
  }

  static long[] minus(long[] a, long[] b) {
    long[] difference = copy(a);
    removeAll(difference, b);
    return difference;
  }

  /** Whether all of {@code part} is in {@code whole}. */
  static boolean contains(long[] whole, long[] part) {
    for (int i = 0; i < part.length; i++) {
      if ((part[i] & ~whole[i]) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether all of {@code part}, but for {@code except}, is in {@code whole}. */
  static boolean containsBut(long[] whole, long[] part, int except) {
    for (int i = 0; i < part.length; i++) {
      long missing = part[i] & ~whole[i];
      if (missing != 0 && (i != except >>> 6 || missing != 1L << except)) {
        return false;
      }
    }
    return true;
  }

  static boolean intersect(long[] a, long[] b) {
    for (int i = 0; i < a.length; i++) {
      if ((a[i] & b[i]) != 0) {
        return true;
      }
    }
    return false;
  }

  static void forEach(long[] bits, IntConsumer action) {
    for (int i = 0; i < bits.length; i++) {
      for (long word = bits[i]; word != 0; word &= word - 1) {
        action.accept(i * 64 + Long.numberOfTrailingZeros(word));
      }
    }
  }
}
