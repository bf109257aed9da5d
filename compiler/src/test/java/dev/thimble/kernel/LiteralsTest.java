package dev.thimble.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiteralsTest {
  @ParameterizedTest
  @CsvSource({
    "0x0.0p0, 0.0f",
    "-0x0.0p0, -0.0f",
    "0x1.0p0, 1.0f",
    "-0x1.8p1, -3.0f",
    "0x1.99999ap-4, 0.1f",
    "0x1.0p-149, 1.4E-45f",
    "Infinity, INFINITY",
    "-Infinity, -INFINITY",
    "NaN, NAN"
  })
  void floatsAreSpeltAsCAndCxxReadThem(float value, String text) {
    assertThat(Literals.ofFloat(value)).isEqualTo(text);
  }

  @Test
  void everyFiniteFloatReadsBack() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 100_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(value)) {
        assertThat(Float.floatToIntBits(Float.parseFloat(Literals.ofFloat(value))))
            .isEqualTo(Float.floatToIntBits(value));
      }
    }
  }
}
