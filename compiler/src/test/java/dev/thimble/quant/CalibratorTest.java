package dev.thimble.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CalibratorTest {
  @Test
  void aRangeAlwaysHasZeroInIt() {
    assertThat(new Range(2, 5)).isEqualTo(new Range(0, 5));
    assertThat(new Range(-3, -1)).isEqualTo(new Range(-3, 0));
  }

  @Test
  void theTypeOfARangeStoresItsEndsAndZero() {
    TensorType type = new Range(-1, 1.55f).int8(Shape.of(1));
    assertThat(type.scale()).isCloseTo(0.01f, within(1e-7f));
    assertThat(type.zeroPoint()).isEqualTo(-28);
    assertThat(StoredNumbers.of(-1, type)).isEqualTo(-128);
    assertThat(StoredNumbers.of(0, type)).isEqualTo(-28);
    assertThat(StoredNumbers.of(1.55f, type)).isEqualTo(127);
  }

  @Test
  void aTensorOfZerosHasAScaleNevertheless() {
    assertThat(new Range(0, 0).scale()).isEqualTo(1);
    assertThat(Calibrator.AUTO.range(seen(0, 0, 0))).isEqualTo(new Range(0, 0));
  }

  @Test
  void aConstantIsStoredAtTheEndOfItsRange() {
    for (Calibrator calibrator : Calibrator.values()) {
      TensorType type = calibrator.range(seen(2.5f, 2.5f, 2.5f, 2.5f)).int8(Shape.of(1));
      float restored = type.scale() * (StoredNumbers.of(2.5f, type) - type.zeroPoint());
      assertThat(restored).as(calibrator.text()).isCloseTo(2.5f, within(0.3f));
    }
  }

  @Test
  void minMaxTakesAll() {
    assertThat(Calibrator.MIN_MAX.range(seen(-1, 0.5f, 40))).isEqualTo(new Range(-1, 40));
  }

  @Test
  void aMovingAverageGivesTheNewestSampleOnePart() {
    ValueStatistics statistics = new ValueStatistics();
    statistics.average(-1, 10);
    statistics.average(-3, 20);
    Range range = statistics.average();
    assertThat(range.min()).isCloseTo(-1.02f, within(1e-6f));
    assertThat(range.max()).isCloseTo(10.1f, within(1e-5f));
  }

  @Test
  void aPercentileLeavesOneOfManyOut() {
    float[] values = new float[20_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 100 / 100f;
    }
    values[7] = 50;
    Range range = Calibrator.PERCENTILE.range(seen(values));
    assertThat(range.max()).isBetween(0.99f, 1.05f);
    assertThat(range.min()).isZero();
  }

  @Test
  void leastSquaresClipsWhatCostsTheOthersTheirSteps() {
    float[] values = new float[100_000];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    values[0] = 60;
    ValueStatistics statistics = seen(values);
    Range range = Calibrator.MSE.range(statistics);
    assertThat(range.max()).isBetween(3f, 59f);
    Histogram histogram = statistics.histogram();
    assertThat(histogram.squaredError(range))
        .isLessThan(histogram.squaredError(Calibrator.MIN_MAX.range(statistics)));
  }

  @Test
  void entropyKeepsAUniformDistributionWhole() {
    float[] values = new float[50_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / (float) values.length;
    }
    assertThat(Calibrator.ENTROPY.range(seen(values)).max()).isGreaterThan(0.9f);
  }

  @Test
  void autoNeverHasMoreSquaredErrorThanAnyOther() {
    SplittableRandom random = new SplittableRandom(3);
    for (int trial = 0; trial < 20; trial++) {
      float[] values = new float[2000];
      double power = 1 + 3 * random.nextDouble();
      for (int i = 0; i < values.length; i++) {
        double x = random.nextGaussian();
        values[i] = (float) (Math.signum(x) * Math.pow(Math.abs(x), power));
      }
      ValueStatistics statistics = seen(values);
      Histogram histogram = statistics.histogram();
      double least = histogram.squaredError(Calibrator.AUTO.range(statistics));
      for (Calibrator each : Calibrator.single()) {
        assertThat(least)
            .as(each.text())
            .isLessThanOrEqualTo(histogram.squaredError(each.range(statistics)));
      }
    }
  }

  @Test
  void aHistogramIsTheSameInWhicheverOrderAndGroupsNumbersCome() {
    SplittableRandom random = new SplittableRandom(5);
    float[] values = new float[999];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(-6, 6)));
    }
    Histogram whole = histogram(values);
    Histogram parts = histogram(Arrays.copyOfRange(values, 600, 999));
    parts.add(histogram(Arrays.copyOfRange(values, 0, 300)));
    parts.add(histogram(Arrays.copyOfRange(values, 300, 600)));
    assertThat(parts.width()).isEqualTo(whole.width());
    for (int i = 0; i < whole.bins(); i++) {
      assertThat(parts.at(i)).isEqualTo(whole.at(i));
    }
  }

  @Test
  void rangesOfNumbersThatAreNotFiniteAreRefused() {
    assertThatThrownBy(() -> new Range(Float.NaN, 1))
        .hasMessage("a range must be finite, was NaN to 1.0");
  }

  private static Histogram histogram(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    Histogram histogram = new Histogram();
    histogram.add(values, largest);
    return histogram;
  }

  private static ValueStatistics seen(float... values) {
    ValueStatistics statistics = new ValueStatistics();
    assertThat(statistics.add(Tensor.ofFloats(TensorType.float32(values.length), values)))
        .isEqualTo(-1);
    statistics.average(statistics.seen().min(), statistics.seen().max());
    return statistics;
  }
}
