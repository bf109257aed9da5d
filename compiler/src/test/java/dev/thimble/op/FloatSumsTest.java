package dev.thimble.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FloatSumsTest {
  private static final int LONG = 4608;

  private final Random random = new Random(8);

  @Test
  void longRowsAreSummedNearlyAsPreciselyAsTheirLastRounding() {
    double blocks = 0;
    double single = 0;
    for (int row = 0; row < 200; row++) {
      float[] a = numbers(LONG);
      float[] b = numbers(LONG);
      double exact = 0;
      float one = 0;
      for (int i = 0; i < LONG; i++) {
        exact += (double) a[i] * b[i];
        one += a[i] * b[i];
      }
      blocks += Math.pow(FloatSums.dot(a, 0, b, 0, LONG) - exact, 2);
      single += Math.pow(one - exact, 2);
    }
    assertThat(Math.sqrt(blocks)).isLessThan(Math.sqrt(single) / 4);
  }

  @Test
  void everyLengthAndStepTakesEachElementOnce() {
    for (int count = 0; count < 140; count++) {
      for (int step : new int[] {1, 3}) {
        float[] a = new float[2 + count * step];
        float[] b = new float[1 + count * 2];
        float expected = 0;
        float sum = 0;
        for (int i = 0; i < count; i++) {
          a[2 + i * step] = random.nextInt(-9, 10);
          b[1 + i * 2] = random.nextInt(-9, 10);
          expected += a[2 + i * step] * b[1 + i * 2];
          sum += a[2 + i * step];
        }
        assertThat(FloatSums.dot(a, 2, step, b, 1, 2, count)).isEqualTo(expected);
        assertThat(FloatSums.sum(a, 2, step, count)).isEqualTo(sum);
      }
    }
  }

  private float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }
}
