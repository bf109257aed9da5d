package dev.thimble.quant.fold;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class WeightGridTest {
  @RepeatedTest(20)
  void dequantisedIntegersLieOnAGridThatGivesThemBack(RepetitionInfo info) {
    Random random = new Random(info.getCurrentRepetition());
    float scale = (float) Math.exp(random.nextDouble() * 12 - 9);
    int most = 1 + random.nextInt(127);
    float[] floats = new float[1 + random.nextInt(200)];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = scale * (random.nextInt(2 * most + 1) - most);
    }
    WeightGrid grid = WeightGrid.of(floats).orElseThrow();
    assertThat(grid.isInt8()).isTrue();
    for (int i = 0; i < floats.length; i++) {
      double back = grid.scale() * grid.steps()[i];
      assertThat(Math.abs(back - floats[i])).isLessThanOrEqualTo(2 * Math.ulp(floats[i]));
    }
  }

  @Test
  void differencesOfBytesAreNoInt8() {
    WeightGrid grid = WeightGrid.of(new float[] {0.1f * 200, -0.1f * 7, 0.1f * 13}).orElseThrow();
    assertThat(grid.isInt8()).isFalse();
    assertThat(grid.steps()).containsExactly(200, -7, 13);
  }

  @Test
  void aFewCoarseWeightsGetAFineScaleForTheBias() {
    WeightGrid grid = WeightGrid.of(new float[] {0.5f, -0.5f, 0}).orElseThrow();
    assertThat(grid.steps()).containsExactly(127, -127, 0);
  }

  @Test
  void theCoarsestGridHasTheFewestSteps() {
    WeightGrid grid = WeightGrid.of(new float[] {-0.8f, 0.7f, 0.1f}, false).orElseThrow();
    assertThat(grid.steps()).containsExactly(-8, 7, 1);
    assertThat(WeightGrid.of(new float[] {0.5f, -0.5f}, false).orElseThrow().steps())
        .containsExactly(1, -1);
  }

  @Test
  void zerosHaveAnyScale() {
    assertThat(WeightGrid.of(new float[3]).orElseThrow().scale()).isZero();
  }

  @Test
  void trainedFloatsLieOnNoGrid() {
    Random random = new Random(1);
    for (int round = 0; round < 50; round++) {
      float[] floats = new float[9];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) random.nextGaussian();
      }
      assertThat(WeightGrid.of(floats)).isEmpty();
    }
    assertThat(WeightGrid.of(new float[] {1, Float.NaN})).isEmpty();
  }
}
