package dev.thimble.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.FullyConnected;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.RandomGraphs;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FewBitsTest {
  private static final int WIDTH = 24;

  /** Two matrix products; the weights of the first have a few large ones among them. */
  private static Graph network() {
    SplittableRandom random = new SplittableRandom(3);
    Value input = new Value("in", TensorType.float32(1, WIDTH));
    Value hidden = new Value("hidden", TensorType.float32(1, WIDTH));
    Value output = new Value("out", TensorType.float32(1, 4));
    Value[] constants = {
      new Value("w0", TensorType.float32(WIDTH, WIDTH)),
      new Value("b0", TensorType.float32(WIDTH)),
      new Value("w1", TensorType.float32(4, WIDTH)),
      new Value("b1", TensorType.float32(4))
    };
    Map<Value, Tensor> data = new LinkedHashMap<>();
    for (Value constant : constants) {
      float[] values = new float[constant.type().elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (random.nextDouble(-1, 1) * (random.nextInt(20) == 0 ? 3 : 1));
      }
      data.put(constant, Tensor.ofFloats(constant.type(), values));
    }
    Node first =
        new Node(
            new FullyConnected(false, Activation.RELU),
            List.of(input, constants[0], constants[1]),
            hidden);
    Node second =
        new Node(
            new FullyConnected(false, Activation.NONE),
            List.of(hidden, constants[2], constants[3]),
            output);
    return new Graph(
        "two", List.of(input), data, List.of(first, second), List.of(output), Map.of());
  }

  private static List<List<Tensor>> samples(Graph graph) {
    return RandomGraphs.samples(graph, 60);
  }

  private static QuantizationResult quantize(
      Graph graph, WeightFormat format, Quality quality, Optional<MixedLimits> mixed) {
    return PostTraining.run(
        graph,
        samples(graph),
        QuantizeSettings.of(Calibrator.MIN_MAX, quality)
            .withFilters(format, Map.of())
            .withMixed(mixed),
        SampleListener.NONE);
  }

  private static double loss(Graph graph, QuantizationResult result) {
    return new NetworkLoss(graph)
        .of(List.of(result.network().graph()), samples(graph), SampleListener.NONE)[0];
  }

  @ParameterizedTest
  @EnumSource
  void filtersHaveNoMoreBitsThanAskedFor(WeightFormat format) {
    Graph graph = network();
    QuantizationResult result = quantize(graph, format, Quality.BEST, Optional.empty());
    for (Node node : result.network().graph().nodes()) {
      if (node.op() instanceof FullyConnected) {
        Tensor filter = result.network().graph().constant(node.inputs().get(1)).orElseThrow();
        assertThat(Arrays.stream(filter.ints())).allMatch(format::holds);
      }
    }
    assertThat(result.filters()).extracting(FilterFormat::format).containsOnly(format);
  }

  @Test
  void roundingForTheSamplesLosesLessThanRoundingToTheNearest() {
    Graph graph = network();
    for (WeightFormat format : List.of(WeightFormat.INT4, WeightFormat.INT2)) {
      double nearest = loss(graph, quantize(graph, format, Quality.FAST, Optional.empty()));
      double best = loss(graph, quantize(graph, format, Quality.BEST, Optional.empty()));
      assertThat(best).isLessThan(0.7 * nearest);
    }
  }

  @Test
  void aScaleOfFewBitsClipsWhatWouldCostTheOthersMore() {
    float[] weights = new float[64];
    Arrays.fill(weights, 0.5f);
    weights[0] = 5;
    float scale = FilterScale.of(weights, WeightFormat.INT4);
    assertThat(scale).isLessThan(5f / 7);
    assertThat(FilterScale.of(new float[] {1, -3}, WeightFormat.BINARY))
        .isEqualTo(2, within(1e-6f));
  }

  @Test
  void mixedPrecisionTakesBitsUntilTheNetworkFits() {
    Graph graph = network();
    long most = WIDTH * WIDTH / 2 + 4 * WIDTH;
    MixedLimits limits = new MixedLimits(MixedLimits.ANY_LOSS, made -> bytes(made) <= most);
    QuantizationResult result =
        quantize(graph, WeightFormat.INT8, Quality.BALANCED, Optional.of(limits));
    assertThat(result.filters().stream().mapToLong(FilterFormat::bytes).sum())
        .isLessThanOrEqualTo(most);
    assertThat(result.filters()).allSatisfy(f -> assertThat(f.lossAlone()).isPositive());
    assertThat(quantize(graph, WeightFormat.INT8, Quality.BALANCED, Optional.of(limits)))
        .isEqualTo(result);
  }

  /** Ranges are chosen with int8 filters in both, whatever the formats are in the end. */
  @Test
  void formatsThatWereFoundGiveTheSameNetworkWithoutASearch() {
    Graph graph = network();
    long most = WIDTH * WIDTH / 2 + 4 * WIDTH;
    MixedLimits limits = new MixedLimits(MixedLimits.ANY_LOSS, made -> bytes(made) <= most);
    QuantizationResult first = mixed(graph, limits, QuantizeSettings.Found.NOTHING);
    Map<String, WeightFormat> formats = new LinkedHashMap<>();
    first.filters().forEach(filter -> formats.put(filter.node(), filter.format()));
    assertThat(formats.values()).contains(WeightFormat.INT4);
    QuantizationResult again =
        mixed(graph, MixedLimits.NONE, new QuantizeSettings.Found(formats, Set.of()));
    assertThat(again.network().graph()).isEqualTo(first.network().graph());
  }

  private static QuantizationResult mixed(
      Graph graph, MixedLimits limits, QuantizeSettings.Found found) {
    return PostTraining.run(
        graph,
        samples(graph),
        QuantizeSettings.DEFAULTS.withMixed(Optional.of(limits)).withFound(found),
        SampleListener.NONE);
  }

  @Test
  void mixedPrecisionStopsWhereTheLossIsTooMuch() {
    Graph graph = network();
    QuantizationResult none =
        quantize(
            graph, WeightFormat.INT8, Quality.FAST, Optional.of(new MixedLimits(0, made -> false)));
    assertThat(none.filters()).extracting(FilterFormat::format).containsOnly(WeightFormat.INT8);
    QuantizationResult all =
        quantize(
            graph,
            WeightFormat.INT8,
            Quality.FAST,
            Optional.of(new MixedLimits(MixedLimits.ANY_LOSS, made -> false)));
    assertThat(all.filters()).extracting(FilterFormat::format).containsOnly(WeightFormat.INT2);
  }

  /** The bytes of the filters, by the bits that their elements need. */
  private static long bytes(Graph graph) {
    long bytes = 0;
    for (Node node : graph.nodes()) {
      if (node.op() instanceof FullyConnected) {
        int[] filter = graph.constant(node.inputs().get(1)).orElseThrow().ints();
        int bits = 8;
        for (WeightFormat format : List.of(WeightFormat.INT4, WeightFormat.INT2)) {
          bits = Arrays.stream(filter).allMatch(format::holds) ? format.bits() : bits;
        }
        bytes += (long) filter.length * bits / 8;
      }
    }
    return bytes;
  }
}
