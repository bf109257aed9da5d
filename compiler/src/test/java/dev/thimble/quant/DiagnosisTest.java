package dev.thimble.quant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
  private static final int CHANNELS = 8;

  @Test
  void anOutlierChannelComesFirstWithTheSwitchThatMendsIt() {
    Graph graph = GraphParser.parse(chain(200));
    QuantizationResult plain = quantize(graph, samples(1), Quality.FAST);
    QuantizationLoss loss = Diagnosis.of(plain, samples(1), SampleListener.NONE);
    NodeLoss worst = loss.nodes().getFirst();
    assertThat(worst.node()).isEqualTo("second");
    assertThat(worst.cause()).isEqualTo(LossCause.OUTLIER_CHANNEL.text());
    assertThat(worst.reason()).startsWith("channel 3 reaches");
    assertThat(worst.remedy()).contains("--equalize");
    assertThat(loss.order()).containsExactly("x", "first", "second", "third");

    QuantizationResult mended = quantize(graph, samples(1), Quality.BALANCED);
    QuantizationLoss better = Diagnosis.of(mended, samples(1), SampleListener.NONE);
    assertThat(better.outputSnrDb()).isGreaterThan(loss.outputSnrDb() + 10);
  }

  @Test
  void aHealthyNetworkHasNoOutlier() {
    Graph graph = GraphParser.parse(chain(1));
    QuantizationLoss loss =
        Diagnosis.of(quantize(graph, samples(1), Quality.FAST), samples(1), SampleListener.NONE);
    assertThat(loss.nodes())
        .extracting(NodeLoss::cause)
        .doesNotContain(LossCause.OUTLIER_CHANNEL.text(), LossCause.SATURATION.text());
    assertThat(loss.outputSnrDb()).isGreaterThan(25);
  }

  @Test
  void aSaturatingAddComesFirst() {
    String quantized =
        """
        input "x": i8[1,4] scale 0.05 zero_point 0
        const "w": i8[4,4] axis 0 scales [0.01, 0.01, 0.01, 0.01] = [90, 10, -20, 30, 10, 80, 30, -20, -20, 10, 85, 5, 30, 10, -5, 70]
        const "b": i32[4] = [0, 10, 20, 30]
        node "full": i8[1,4] scale 0.06 zero_point 0 = FullyConnected(keepAxes=false, activation=NONE) "x", "w", "b"
        node "sum": i8[1,4] scale 0.01 zero_point 0 = Binary(function=ADD, activation=NONE) "full", "x"
        const "v": i8[4,4] axis 0 scales [0.01, 0.01, 0.01, 0.01] = [60, 10, -20, 30, 10, 70, 30, -20, -20, 10, 65, 5, 30, 10, -5, 80]
        const "c": i32[4] = [0, 10, 20, 30]
        node "out": i8[1,4] scale 0.1 zero_point 0 = FullyConnected(keepAxes=false, activation=NONE) "sum", "v", "c"
        output "out"
        """;
    QuantizationLoss loss =
        Diagnosis.ofQuantized(
            GraphParser.parse(quantized), narrow(), Rounding.DOUBLE, SampleListener.NONE);
    NodeLoss worst = loss.nodes().getFirst();
    assertThat(worst.node()).isEqualTo("sum");
    assertThat(worst.cause()).isEqualTo("saturating");
    assertThat(worst.reason()).startsWith("the add saturates");
    assertThat(worst.clipped()).isGreaterThan(0.2);
  }

  @Test
  void anAddThatSaturatesOnOtherSamplesThanItWasCalibratedOnComesFirst() {
    Graph graph =
        GraphParser.parse(
            """
            input "x": f32[1,4]
            input "y": f32[1,4]
            const "w": f32[4,4] = [1.0, 0.5, 0.0, 0.0, 0.0, 1.0, 0.5, 0.0, 0.0, 0.0, 1.0, 0.5, 0.5, 0.0, 0.0, 1.0]
            const "b": f32[4] = [0.0, 0.0, 0.0, 0.0]
            node "s": f32[1,4] = Binary(function=ADD, activation=NONE) "x", "y"
            node "z": f32[1,4] = FullyConnected(keepAxes=false, activation=NONE) "s", "w", "b"
            output "z"
            """);
    // Each input reaches 1 in calibration, but never both in the same element.
    List<List<Tensor>> apart = pairs(true);
    QuantizationResult result =
        PostTraining.run(
            graph,
            apart,
            QuantizeSettings.of(Calibrator.MIN_MAX, Quality.FAST),
            SampleListener.NONE);
    NodeLoss worst = Diagnosis.of(result, pairs(false), SampleListener.NONE).nodes().getFirst();
    assertThat(worst.node()).isEqualTo("s");
    assertThat(worst.cause()).isEqualTo(LossCause.SATURATION.text());
    assertThat(worst.remedy()).contains("--calibrate with samples that reach as far");
  }

  @Test
  void aReluThatOnlyTheRangeOfANetworkQuantisedElsewhereTellsIsNoLoss() {
    String quantized =
        """
        input "x": u8[1,4] scale 0.05 zero_point 128
        node "q": i8[1,4] scale 0.05 zero_point 0 = Requantize() "x"
        const "w": i8[4,4] axis 0 scales [0.01, 0.01, 0.01, 0.01] = [90, 10, -20, 30, 10, 80, 30, -20, -20, 10, 85, 5, 30, 10, -5, 70]
        const "b": i32[4] = [0, 10, 20, 30]
        node "relu": i8[1,4] scale 0.02 zero_point -128 = FullyConnected(keepAxes=false, activation=NONE) "q", "w", "b"
        node "out": i8[1,4] scale 0.05 zero_point 0 = FullyConnected(keepAxes=false, activation=NONE) "relu", "w", "b"
        output "out"
        """;
    QuantizationLoss loss =
        Diagnosis.ofQuantized(
            GraphParser.parse(quantized), narrow(), Rounding.DOUBLE, SampleListener.NONE);
    assertThat(loss.order()).containsExactly("x", "q", "relu", "out");
    assertThat(loss.outputSnrDb()).isGreaterThan(30);
    assertThat(loss.nodes()).allMatch(node -> node.clipped() == 0);
  }

  @Test
  void namesOfANetworkQuantisedElsewhereMayLookLikeThoseOfConversions() {
    String quantized =
        """
        input "x": f32[1,4]
        node "q": i8[1,4] scale 0.05 zero_point 0 = Quantize() "x"
        node "p~int8": i8[1,4] scale 0.05 zero_point 0 = Unary(function=RELU) "q"
        node "n": i8[1,4] scale 0.1 zero_point 0 = Unary(function=NEG) "p~int8"
        node "y": f32[1,4] = Dequantize() "n"
        output "y"
        """;
    QuantizationLoss loss =
        Diagnosis.ofQuantized(
            GraphParser.parse(quantized), narrow(), Rounding.DOUBLE, SampleListener.NONE);
    assertThat(loss.order()).containsExactly("q", "p~int8", "n");
    assertThat(loss.outputSnrDb()).isGreaterThan(20);
  }

  @Test
  void outputsMayBeTakenFromAConstantTableOrBeConstants() {
    Graph graph =
        GraphParser.parse(
            """
            input "x": f32[1,2]
            const "table": f32[2,2] = [0.1, 0.2, 0.3, 0.41]
            const "fixed": f32[1] = [0.5]
            node "index": i32[1] = ArgMax() "x"
            node "row": f32[1,2] = Gather(axis=0, batchAxes=0) "table", "index"
            output "row"
            output "fixed"
            """);
    SplittableRandom random = new SplittableRandom(3);
    List<List<Tensor>> samples = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      samples.add(List.of(tensor(random, -1, 1, TensorType.float32(1, 2))));
    }
    QuantizationResult result = quantize(graph, samples, Quality.BALANCED);
    assertThat(Diagnosis.of(result, samples, SampleListener.NONE).outputSnrDb()).isGreaterThan(30);
  }

  /** Three filters, of which the second's channel 3 is so many times larger than it need be. */
  private static String chain(double outlier) {
    return """
    input "x": f32[1,8]
    const "w1": f32[8,8] = %s
    const "w2": f32[8,8] = %s
    const "w3": f32[8,8] = %s
    const "b": f32[8] = %s
    const "b2": f32[8] = %s
    const "b3": f32[8] = %s
    node "first": f32[1,8] = FullyConnected(keepAxes=false, activation=RELU) "x", "w1", "b"
    node "second": f32[1,8] = FullyConnected(keepAxes=false, activation=NONE) "first", "w2", "b2"
    node "third": f32[1,8] = FullyConnected(keepAxes=false, activation=NONE) "second", "w3", "b3"
    output "third"
    """
        .formatted(
            matrix(1, -1, 1, 1),
            matrix(2, 3, outlier, 1),
            matrix(3, 3, 1, 1 / outlier),
            zeros(),
            zeros(),
            zeros());
  }

  private static String matrix(int seed, int channel, double row, double column) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] elements = new double[CHANNELS * CHANNELS];
    for (int i = 0; i < elements.length; i++) {
      double factor = i / CHANNELS == channel ? row : 1;
      elements[i] = random.nextDouble(-1, 1) * factor * (i % CHANNELS == channel ? column : 1);
    }
    return text(elements);
  }

  private static String zeros() {
    return text(new double[CHANNELS]);
  }

  private static String text(double[] elements) {
    return DoubleStream.of(elements)
        .mapToObj(e -> Float.toString((float) e))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static List<List<Tensor>> samples(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<List<Tensor>> samples = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      samples.add(List.of(tensor(random, -1, 1, TensorType.float32(1, CHANNELS))));
    }
    return samples;
  }

  /** Samples that an int8 input of scale 0.05 holds. */
  private static List<List<Tensor>> narrow() {
    SplittableRandom random = new SplittableRandom(5);
    List<List<Tensor>> samples = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      samples.add(List.of(tensor(random, -3, 3, TensorType.float32(1, 4))));
    }
    return samples;
  }

  private static List<List<Tensor>> pairs(boolean apart) {
    SplittableRandom random = new SplittableRandom(9);
    List<List<Tensor>> samples = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      boolean first = i % 2 == 0;
      TensorType type = TensorType.float32(1, 4);
      samples.add(
          List.of(
              tensor(random, 0, apart && !first ? 0.01 : 1, type),
              tensor(random, 0, apart && first ? 0.01 : 1, type)));
    }
    return samples;
  }

  private static Tensor tensor(SplittableRandom random, double low, double high, TensorType type) {
    float[] elements = new float[type.elements()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) random.nextDouble(low, high);
    }
    return Tensor.ofFloats(type, elements);
  }

  private static QuantizationResult quantize(
      Graph graph, List<List<Tensor>> samples, Quality quality) {
    return PostTraining.run(
        graph,
        samples,
        QuantizeSettings.of(
            quality == Quality.FAST ? Calibrator.MIN_MAX : Calibrator.AUTO, quality),
        SampleListener.NONE);
  }
}
