package dev.thimble.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Samples that nobody would wish for give clear errors or right answers. */
class HostileSamplesTest {
  private static final Graph GRAPH =
      GraphParser.parse(
          """
          input "x": f32[1,2]
          const "w": f32[2,2] = [0.5, -0.25, 1.0, 0.75]
          const "b": f32[2] = [0.1, -0.2]
          node "y": f32[1,2] = FullyConnected(keepAxes=false, activation=RELU) "x", "w", "b"
          output "y"
          """);

  private static final TensorType TYPE = TensorType.float32(1, 2);

  @Test
  void theLossOfNoSamplesIsRefused() {
    QuantizationResult result = quantize(() -> generated(4));
    assertThatThrownBy(() -> Diagnosis.of(result, List.of(), SampleListener.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there are no samples to measure the loss on");
  }

  @Test
  void theLossOfWhatIsNoNumberIsRefused() {
    QuantizationResult result = quantize(() -> generated(4));
    for (float value : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      List<List<Tensor>> samples = List.of(List.of(Tensor.ofFloats(TYPE, 0, value)));
      assertThatThrownBy(() -> Diagnosis.of(result, samples, SampleListener.NONE))
          .hasMessageStartingWith("element 1 of 'x' is " + value)
          .hasMessageEndingWith("; the loss is measured on finite numbers");
    }
    List<List<Tensor>> large = List.of(List.of(Tensor.ofFloats(TYPE, 3e38f, 3e38f)));
    assertThatThrownBy(() -> Diagnosis.of(result, large, SampleListener.NONE))
        .hasMessageStartingWith("element 1 of 'y' is Infinity");
  }

  @Test
  void constantAndHugeInputsHaveALossThatIsANumber() {
    for (float value : new float[] {0, 1, -3e30f, 1e-30f}) {
      List<List<Tensor>> samples = List.of(List.of(Tensor.ofFloats(TYPE, value, value)));
      QuantizationLoss loss = Diagnosis.of(quantize(samples), samples, SampleListener.NONE);
      for (NodeLoss node : loss.nodes()) {
        assertThat(node.scale()).isPositive();
        if (node.snrDb() != null) {
          assertThat(node.snrDb()).isFinite();
        }
      }
    }
  }

  @Test
  void samplesAreForgottenAsTheyAreRead() {
    AtomicLong read = new AtomicLong();
    QuantizationResult result =
        PostTraining.run(
            GRAPH,
            () -> counting(20_000, read),
            QuantizeSettings.of(Calibrator.MIN_MAX, Quality.FAST),
            SampleListener.NONE);
    assertThat(result.samples()).isEqualTo(20_000);
    assertThat(SampleSpread.of(() -> generated(20_000), 32)).hasSizeBetween(16, 32);
  }

  @Test
  @Tag("long")
  void aMillionSamplesAreStreamed() {
    long before = used();
    QuantizationResult result = quantize(() -> generated(1_000_000));
    assertThat(result.samples()).isEqualTo(1_000_000);
    assertThat(used() - before).isLessThan(64L << 20);
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static QuantizationResult quantize(Iterable<List<Tensor>> samples) {
    return PostTraining.run(
        GRAPH, samples, QuantizeSettings.of(Calibrator.MIN_MAX, Quality.FAST), SampleListener.NONE);
  }

  private static Iterator<List<Tensor>> generated(long count) {
    return counting(count, new AtomicLong());
  }

  private static Iterator<List<Tensor>> counting(long count, AtomicLong read) {
    return new Iterator<>() {
      private long next;

      @Override
      public boolean hasNext() {
        return next < count;
      }

      @Override
      public List<Tensor> next() {
        read.incrementAndGet();
        float x = (next++ % 1000) / 500f - 1;
        return List.of(Tensor.ofFloats(TYPE, x, -x * x));
      }
    };
  }
}
