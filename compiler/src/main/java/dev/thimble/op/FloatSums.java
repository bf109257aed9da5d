package dev.thimble.op;

/**
 * Sums of float32 numbers and of their products: quantization.md, rule Q20. One accumulator for a
 * long row would round every step to the precision of the whole sum; blocks, each in four
 * accumulators, lose a fraction of that.
 */
final class FloatSums {
  private static final int BLOCK = 64;

  /** Fewer are taken one by one. */
  private static final int LEAST = 16;

  private FloatSums() {}

  /** The sum of {@code count} products of neighbouring elements. */
  static float dot(float[] a, int firstA, float[] b, int firstB, int count) {
    return dot(a, firstA, 1, b, firstB, 1, count);
  }

  /** The same added to a sum; the products of a short row one by one. */
  static float dotOnto(float sum, float[] a, int firstA, float[] b, int firstB, int count) {
    if (count >= LEAST) {
      return sum + dot(a, firstA, b, firstB, count);
    }
    float result = sum;
    for (int i = 0; i < count; i++) {
      result += a[firstA + i] * b[firstB + i];
    }
    return result;
  }

  /** The sum of {@code count} products of elements that lie the steps apart. */
  static float dot(float[] a, int firstA, int stepA, float[] b, int firstB, int stepB, int count) {
    float sum = 0;
    int x = firstA;
    int y = firstB;
    int left = count;
    while (left >= LEAST) {
      int block = left < BLOCK ? left & ~3 : BLOCK;
      float sum0 = a[x] * b[y];
      float sum1 = a[x + stepA] * b[y + stepB];
      float sum2 = a[x + 2 * stepA] * b[y + 2 * stepB];
      float sum3 = a[x + 3 * stepA] * b[y + 3 * stepB];
      for (int i = 4; i < block; i += 4) {
        x += 4 * stepA;
        y += 4 * stepB;
        sum0 += a[x] * b[y];
        sum1 += a[x + stepA] * b[y + stepB];
        sum2 += a[x + 2 * stepA] * b[y + 2 * stepB];
        sum3 += a[x + 3 * stepA] * b[y + 3 * stepB];
      }
      x += 4 * stepA;
      y += 4 * stepB;
      left -= block;
      sum += sum0 + sum1 + (sum2 + sum3);
    }
    for (; left > 0; left--) {
      sum += a[x] * b[y];
      x += stepA;
      y += stepB;
    }
    return sum;
  }

  /** The sum of {@code count} elements that lie {@code step} apart. */
  static float sum(float[] a, int first, int step, int count) {
    float sum = 0;
    int at = first;
    int left = count;
    while (left >= LEAST) {
      int block = left < BLOCK ? left & ~3 : BLOCK;
      float sum0 = a[at];
      float sum1 = a[at + step];
      float sum2 = a[at + 2 * step];
      float sum3 = a[at + 3 * step];
      for (int i = 4; i < block; i += 4) {
        at += 4 * step;
        sum0 += a[at];
        sum1 += a[at + step];
        sum2 += a[at + 2 * step];
        sum3 += a[at + 3 * step];
      }
      at += 4 * step;
      left -= block;
      sum += sum0 + sum1 + (sum2 + sum3);
    }
    for (; left > 0; left--) {
      sum += a[at];
      at += step;
    }
    return sum;
  }
}
