package dev.thimble.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.GraphParser;
import dev.thimble.graph.Value;
import dev.thimble.quant.Methods.Choice;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.RandomGraphs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PostTrainingTest {
  /** Two filters with a relu between them, of which channel 0 is far larger than channel 1. */
  private static final String TWO_FILTERS =
      """
      input "x": f32[1,2]
      const "w": f32[2,2] = [40.0, 30.0, 0.1, -0.2]
      const "b": f32[2] = [1.0, 0.05]
      const "v": f32[2,2] = [0.01, 4.0, -0.02, 3.0]
      const "c": f32[2] = [0.0, 0.5]
      node "y": f32[1,2] = FullyConnected(keepAxes=false, activation=RELU) "x", "w", "b"
      node "z": f32[1,2] = FullyConnected(keepAxes=false, activation=NONE) "y", "v", "c"
      output "z"
      """;

  private static final String PROBABILITY =
      """
      input "x": f32[1,4]
      node "r": f32[4,1] = Reshape(shape=[4,1]) "x"
      node "s": f32[4,1] = Unary(function=SIGMOID) "r"
      node "t": f32[1,4] = Reshape(shape=[1,4]) "s"
      output "t"
      """;

  @Test
  void quantisedNetworksStayNearTheirFloats() {
    RandomGraphs.forSeeds(
        40,
        seed -> {
          Graph graph = RandomGraphs.float32(seed);
          Quantized made = quantize(graph, samples(graph, 12), Quality.BALANCED).network();
          Graph quantized = GraphChecker.check(made.graph());
          assertThat(quantized.outputs()).hasSameSizeAs(graph.outputs());
          for (int i = 0; i < graph.outputs().size(); i++) {
            assertThat(quantized.outputs().get(i).name()).isEqualTo(graph.outputs().get(i).name());
          }
          requireNear(graph, quantized, samples(graph, 12));
        });
  }

  /** No value may be further from its float than what its inputs and own steps can explain. */
  private static void requireNear(Graph graph, Graph quantized, List<List<Tensor>> samples) {
    double[] loss = new NetworkLoss(graph).of(List.of(quantized), samples, SampleListener.NONE);
    assertThat(loss[0]).isLessThan(0.05);
  }

  @Test
  void theSameSamplesGiveTheSameNetwork() {
    Graph graph = RandomGraphs.float32(7);
    List<List<Tensor>> samples = samples(graph, 30);
    Graph first = quantize(graph, samples, Quality.BEST).network().graph();
    assertThat(quantize(graph, samples, Quality.BEST).network().graph()).isEqualTo(first);
  }

  @Test
  void qualityNeverLosesMoreThanPlainRangesOnTheSamples() {
    RandomGraphs.forSeeds(
        12,
        seed -> {
          Graph graph = RandomGraphs.float32(seed);
          List<List<Tensor>> samples = samples(graph, 10);
          Graph plain =
              PostTraining.run(
                      graph,
                      samples,
                      QuantizeSettings.of(Calibrator.MIN_MAX, Quality.FAST),
                      SampleListener.NONE)
                  .network()
                  .graph();
          Graph best = quantize(graph, samples, Quality.BEST).network().graph();
          double[] losses =
              new NetworkLoss(graph).of(List.of(plain, best), samples, SampleListener.NONE);
          assertThat(losses[1]).isLessThanOrEqualTo(losses[0]);
        });
  }

  @Test
  void qualityDecidesNoSampleWorseThanFastAndGivesNoWorseProbabilities() {
    int better = 0;
    for (long seed = 1; seed <= 4; seed++) {
      Graph graph = GraphParser.parse(classifier(seed));
      List<List<Tensor>> samples = samples(graph, 40);
      Losses fast = losses(graph, samples, Quality.FAST);
      Losses balanced = losses(graph, samples, Quality.BALANCED);
      Losses best = losses(graph, samples, Quality.BEST);
      for (Losses each : List.of(balanced, best)) {
        assertThat(each.decisions()).isLessThanOrEqualTo(fast.decisions());
        assertThat(each.outputs()).isLessThanOrEqualTo(fast.outputs());
        assertThat(each.scores()).isLessThanOrEqualTo(fast.scores());
      }
      better += best.betterThan(fast) ? 1 : 0;
    }
    assertThat(better).isGreaterThanOrEqualTo(2);
  }

  private static Losses losses(Graph graph, List<List<Tensor>> samples, Quality quality) {
    Graph made = quantize(graph, samples, quality).network().graph();
    return new NetworkLoss(graph).all(List.of(made), samples, SampleListener.NONE).getFirst();
  }

  /** Two filters with channels of unequal size, and a softmax of scores that are close. */
  private static String classifier(long seed) {
    return """
    input "x": f32[1,8]
    const "w": f32[6,8] = %s
    const "b": f32[6] = %s
    const "v": f32[3,6] = %s
    const "c": f32[3] = [0.0, 0.01, 0.02]
    node "y": f32[1,6] = FullyConnected(keepAxes=false, activation=RELU) "x", "w", "b"
    node "z": f32[1,3] = FullyConnected(keepAxes=false, activation=NONE) "y", "v", "c"
    node "p": f32[1,3] = Softmax(beta=1.0, axis=-1) "z"
    output "p"
    """
        .formatted(numbers(seed, 48), numbers(seed + 100, 6), numbers(seed + 200, 18));
  }

  private static List<Float> numbers(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    return random
        .doubles(count)
        .mapToObj(d -> (float) ((d - 0.5) * Math.exp(2 * random.nextDouble())))
        .toList();
  }

  @Test
  void aMethodThatChangesADecisionOrTheOutputsIsNotTakenHoweverSmallItsError() {
    Losses fast = new Losses(0.01, 0.002, 3);
    assertThat(new Losses(0.009, 0.002, 3).betterThan(fast)).isTrue();
    assertThat(new Losses(0.001, 0.002, 4).betterThan(fast)).isFalse();
    assertThat(new Losses(0.001, 0.0021, 3).betterThan(fast)).isFalse();
    assertThat(new Losses(0.01, 0.001, 0).betterThan(fast)).isFalse();
  }

  @Test
  void decisionsAreCountedByRowsOfClassesAndBySignsOfSigmoids() {
    Graph classes =
        GraphParser.parse(
            """
            input "x": f32[2,3]
            node "p": f32[2,3] = Softmax(beta=1.0, axis=-1) "x"
            output "p"
            """);
    Graph made =
        Quantizer.run(
                classes,
                new Recipe(
                    Map.of(
                        classes.inputs().getFirst(),
                        new Range(-128, 127),
                        classes.outputs().getFirst(),
                        new Range(0, 1)),
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    false))
            .graph();
    // In steps of 1 the second row's largest element is the first of two equal ones.
    Tensor sample = Tensor.ofFloats(classes.inputs().getFirst().type(), 1, 2, 9, 3.1f, 3.2f, -4);
    Losses losses =
        new NetworkLoss(classes)
            .all(List.of(made), List.of(List.of(sample)), SampleListener.NONE)
            .getFirst();
    assertThat(losses.decisions()).isEqualTo(1);
    assertThat(losses.outputs()).isPositive();

    Graph sigmoid = GraphParser.parse(PROBABILITY);
    Graph coarse =
        Quantizer.run(
                sigmoid,
                new Recipe(
                    ranges(sigmoid, new Range(-128, 127)), Map.of(), Map.of(), Map.of(), false))
            .graph();
    Tensor four = Tensor.ofFloats(sigmoid.inputs().getFirst().type(), 0.2f, -0.2f, 0.3f, 5);
    assertThat(
            new NetworkLoss(sigmoid)
                .all(List.of(coarse), List.of(List.of(four)), SampleListener.NONE)
                .getFirst()
                .decisions())
        .isEqualTo(2);
  }

  private static Map<Value, Range> ranges(Graph graph, Range range) {
    Map<Value, Range> ranges = new HashMap<>();
    Calibration.measured(graph).forEach(value -> ranges.put(value, range));
    return ranges;
  }

  @Test
  void theMeanOfAWholeMapHasARangeOfItsOwn() {
    Graph graph =
        WholePools.asMeans(
            GraphParser.parse(
                """
                input "x": f32[1,2,2,1]
                node "y": f32[1,1,1,1] = Pool2d(pooling=AVERAGE, kernel=(height=2, width=2), stride=(height=2, width=2), padding=(top=0, bottom=0, left=0, right=0), activation=NONE) "x"
                output "y"
                """));
    TensorType type = graph.inputs().getFirst().type();
    List<List<Tensor>> samples = List.of(List.of(Tensor.ofFloats(type, 0, 0, 8, 0)));
    Graph made = quantize(graph, samples, Quality.FAST).network().graph();
    assertThat(made.outputs().getFirst().type().scale()).isEqualTo(2f / 255);
    assertThat(made.inputs().getFirst().type().scale()).isEqualTo(8f / 255);
  }

  @Test
  void equalChannelsComputeTheSameAsFloats() {
    Graph graph = GraphParser.parse(TWO_FILTERS);
    List<List<Tensor>> samples = samples(graph, 8);
    Calibration calibration = Calibration.run(graph, samples, SampleListener.NONE);
    Graph equalized = Equalization.run(graph, calibration).orElseThrow();
    assertThat(equalized).isNotEqualTo(graph);
    assertThat(new NetworkLoss(graph).of(List.of(equalized), samples, SampleListener.NONE)[0])
        .isLessThan(1e-12);
    float[] before = calibration.of(graph.nodes().getFirst().output()).channels();
    float[] after =
        Calibration.run(equalized, samples, SampleListener.NONE)
            .of(graph.nodes().getFirst().output())
            .channels();
    assertThat(Math.max(after[0], after[1]) / Math.min(after[0], after[1]))
        .isLessThan(Math.max(before[0], before[1]) / Math.min(before[0], before[1]));
  }

  @Test
  void highBiasesAreHandedOnAndShrinkRanges() {
    Graph graph =
        GraphParser.parse(
            TWO_FILTERS
                .replace("[40.0, 30.0, 0.1, -0.2]", "[1.0, 0.5, 0.1, -0.2]")
                .replace("[1.0, 0.05]", "[20.0, 20.0]"));
    List<List<Tensor>> samples = samples(graph, 8);
    Graph absorbed = BiasAbsorption.run(graph, samples, SampleListener.NONE).orElseThrow();
    assertThat(new NetworkLoss(graph).of(List.of(absorbed), samples, SampleListener.NONE)[0])
        .isLessThan(1e-10);
    Value between = graph.nodes().getFirst().output();
    float before = Calibration.run(graph, samples, SampleListener.NONE).of(between).seen().max();
    float after = Calibration.run(absorbed, samples, SampleListener.NONE).of(between).seen().max();
    assertThat(after).isLessThan(before / 4);
    assertThat(steps(graph, samples, Choice.ON)).contains("bias absorption");
    assertThat(steps(graph, samples, Choice.OFF)).doesNotContain("bias absorption");
  }

  private static List<String> steps(Graph graph, List<List<Tensor>> samples, Choice absorption) {
    Methods methods = new Methods(Choice.OFF, absorption, Choice.OFF, Choice.OFF);
    return PostTraining.run(
            graph,
            samples,
            QuantizeSettings.of(Calibrator.AUTO, Quality.BEST).withMethods(methods),
            SampleListener.NONE)
        .steps();
  }

  @Test
  void filtersHaveAScaleForEachChannelAndBiasesThatOfTheProduct() {
    Graph graph = GraphParser.parse(TWO_FILTERS);
    Graph made = quantize(graph, samples(graph, 8), Quality.FAST).network().graph();
    Value filter = made.nodes().getFirst().inputs().get(1);
    assertThat(filter.type().quant()).isInstanceOf(QuantParams.PerChannel.class);
    assertThat(filter.type().scaleOf(0)).isEqualTo(40f / 127);
    assertThat(made.constant(filter).orElseThrow().ints()).containsExactly(127, 95, 64, -127);
    Value bias = made.nodes().getFirst().inputs().get(2);
    float scale = made.inputs().getFirst().type().scale();
    assertThat(made.constant(bias).orElseThrow().ints()[0])
        .isEqualTo((int) Math.round(1.0 / ((double) scale * (40f / 127))));
  }

  @Test
  void sigmoidsFixTheTypeOfWhatOnlyMovesIt() {
    Graph graph = GraphParser.parse(PROBABILITY);
    Graph made = quantize(graph, samples(graph, 4), Quality.FAST).network().graph();
    TensorType output = made.outputs().getFirst().type();
    assertThat(output).isEqualTo(TensorType.int8(1f / 256, -128, 1, 4));
    assertThat(made.nodes().getFirst().output().type().quant())
        .isEqualTo(made.inputs().getFirst().type().quant());
  }

  @Test
  void inputsAndOutputsMayStayFloat() {
    Graph graph = GraphParser.parse(PROBABILITY);
    Graph made =
        PostTraining.run(
                graph,
                samples(graph, 4),
                QuantizeSettings.of(Calibrator.AUTO, Quality.FAST).withFloatIo(true),
                SampleListener.NONE)
            .network()
            .graph();
    assertThat(made.inputs()).isEqualTo(graph.inputs());
    assertThat(made.outputs()).isEqualTo(graph.outputs());
    assertThat(made.nodes().getFirst().output().type().dtype()).isEqualTo(DType.INT8);
  }

  @Test
  void oneSampleIsEnough() {
    Graph graph = RandomGraphs.float32(3);
    assertThat(quantize(graph, samples(graph, 1), Quality.BEST).samples()).isEqualTo(1);
  }

  @Test
  void noSamplesAreRefused() {
    Graph graph = GraphParser.parse(PROBABILITY);
    assertThatThrownBy(() -> quantize(graph, List.of(), Quality.FAST))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there are no samples to calibrate on");
  }

  @Test
  void numbersThatAreNotFiniteAreToldWithTheFirstSampleThatHasThem() {
    Graph graph = GraphParser.parse(PROBABILITY);
    List<List<Tensor>> samples = new ArrayList<>(samples(graph, 20));
    Value input = graph.inputs().getFirst();
    for (int at : new int[] {13, 6, 19}) {
      samples.set(at, List.of(Tensor.ofFloats(input.type(), 1, 2, Float.NaN, 4)));
    }
    assertThatThrownBy(() -> quantize(graph, samples, Quality.FAST))
        .hasMessage(
            "sample 6: element 2 of input 'x' is NaN; samples for calibration must be finite"
                + " numbers");
  }

  @Test
  void constantSamplesGiveANetworkThatIsRightForThem() {
    Graph graph = GraphParser.parse(TWO_FILTERS);
    Value input = graph.inputs().getFirst();
    for (float value : new float[] {0, 1, -3}) {
      List<List<Tensor>> samples = List.of(List.of(Tensor.ofFloats(input.type(), value, value)));
      Graph made = quantize(graph, samples, Quality.BALANCED).network().graph();
      assertThat(new NetworkLoss(graph).of(List.of(made), samples, SampleListener.NONE)[0])
          .as("all " + value)
          .isLessThan(0.01);
    }
  }

  @Test
  void samplesAreReadOneAfterTheOther() {
    Graph graph = GraphParser.parse(PROBABILITY);
    int[] alive = {0};
    Iterable<List<Tensor>> stream =
        () ->
            IntStream.range(0, 5000)
                .peek(i -> alive[0]++)
                .mapToObj(i -> RandomGraphs.inputs(graph, i))
                .iterator();
    Recipe recipe =
        new Recipe(
            Calibration.run(graph, stream, SampleListener.NONE).ranges(Calibrator.MIN_MAX),
            Map.of(),
            Map.of(),
            Map.of(),
            false);
    assertThat(alive[0]).isEqualTo(5000);
    assertThat(Quantizer.run(graph, recipe).inFloat()).isEmpty();
  }

  private static QuantizationResult quantize(
      Graph graph, List<List<Tensor>> samples, Quality quality) {
    return PostTraining.run(
        graph, samples, QuantizeSettings.of(Calibrator.AUTO, quality), SampleListener.NONE);
  }

  private static List<List<Tensor>> samples(Graph graph, int count) {
    return RandomGraphs.samples(graph, count);
  }
}
