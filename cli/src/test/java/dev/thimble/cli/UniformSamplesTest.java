package dev.thimble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Value;
import dev.thimble.importer.IoInfo;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class UniformSamplesTest {
  private static final TensorType TYPE = TensorType.float32(1, 2);

  @Test
  void samplesOfOneNumberAreWarnedOf() {
    List<Tensor> half = sample(0.5f, 0.5f);
    assertThat(told(List.of(half, half)))
        .isEqualTo(
            "thimble: WARNING: every number of input 'x' is 0.5 in all samples; ranges after them"
                + " are of no use for others");
    assertThat(told(Collections.nCopies(100, half))).contains("0.5 in the first 64 samples;");
  }

  @Test
  void otherSamplesAreNot() {
    assertThat(told(List.of(sample(0.5f, 0.25f)))).isEmpty();
    assertThat(told(List.of(sample(0, 0), sample(1, 1)))).isEmpty();
    assertThat(told(List.of(sample(Float.NaN, Float.NaN)))).isEmpty();
    assertThat(told(List.of())).isEmpty();
  }

  private static List<Tensor> sample(float first, float second) {
    return List.of(Tensor.ofFloats(TYPE, first, second));
  }

  private static String told(List<List<Tensor>> samples) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    UniformSamples.warn(
        new PrintStream(bytes, true, StandardCharsets.UTF_8),
        samples,
        List.of(IoInfo.sameLayout(new Value("x", TYPE))));
    return bytes.toString(StandardCharsets.UTF_8).strip();
  }
}
