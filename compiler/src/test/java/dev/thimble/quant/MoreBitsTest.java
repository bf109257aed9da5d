package dev.thimble.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.GraphParser;
import dev.thimble.graph.Node;
import dev.thimble.op.MixedConv2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.RandomGraphs;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** int16 activations, and filters of few bits for float ones. */
class MoreBitsTest {
  private static final ActivationTypes ALL =
      new ActivationTypes(true, Set.of(), Set.of(), Set.of());

  /** A narrow value between two wide ones, whose numbers the sum needs exactly. */
  private static final String NARROW =
      """
      input "x": f32[1,4]
      const "w": f32[2,4] = [1.0, 0.5, 0.25, -0.25, 0.5, 1.0, -0.5, 0.25]
      const "b": f32[2] = [0.1, -0.2]
      const "v": f32[4,2] = [1.0, 0.5, -1.0, 1.0, 0.5, -0.5, 0.25, 1.0]
      const "c": f32[4] = [0.0, 0.1, 0.2, 0.3]
      node "y": f32[1,2] = FullyConnected(keepAxes=false, activation=RELU) "x", "w", "b"
      node "z": f32[1,4] = FullyConnected(keepAxes=false, activation=NONE) "y", "v", "c"
      node "s": f32[1,4] = Softmax(beta=1.0, axis=-1) "z"
      output "s"
      """;

  private static List<List<Tensor>> samples(Graph graph) {
    return RandomGraphs.samples(graph, 12);
  }

  private static QuantizationResult quantize(
      Graph graph, ActivationTypes types, Map<String, WeightFormat> formats, double percent) {
    return PostTraining.run(
        graph,
        samples(graph),
        QuantizeSettings.DEFAULTS
            .withFilters(WeightFormat.INT8, formats)
            .withActivations(types)
            .withInt16(percent > 0 ? OptionalDouble.of(percent) : OptionalDouble.empty()),
        SampleListener.NONE);
  }

  private static QuantizationResult quantize(Graph graph, ActivationTypes types) {
    return quantize(graph, types, Map.of(), 0);
  }

  private static double loss(Graph graph, QuantizationResult result) {
    return new NetworkLoss(graph)
        .of(List.of(result.network().graph()), samples(graph), SampleListener.NONE)[0];
  }

  private static DType type(QuantizationResult result, String name) {
    return result.network().graph().nodes().stream()
        .filter(node -> node.name().equals(name))
        .map(node -> node.output().type().dtype())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void networksOfInt16AreNearerToTheirFloats() {
    RandomGraphs.forSeeds(
        8,
        seed -> {
          Graph graph = RandomGraphs.float32(seed);
          QuantizationResult wide = quantize(graph, ALL);
          GraphChecker.check(wide.network().graph());
          double narrow = loss(graph, quantize(graph, ActivationTypes.INT8));
          assertThat(loss(graph, wide)).isLessThanOrEqualTo(Math.max(narrow, 1e-6));
        });
  }

  @Test
  void softmaxHasInt16() {
    QuantizationResult result = quantize(GraphParser.parse(NARROW), ALL);
    assertThat(result.network().inFloat()).isEmpty();
    assertThat(type(result, "z")).isEqualTo(DType.INT16);
    TensorType given = result.network().graph().outputs().getFirst().type();
    assertThat(given.dtype()).isEqualTo(DType.INT16);
    assertThat(given.scale()).isEqualTo(1f / 32768);
    assertThat(given.zeroPoint()).isZero();
  }

  @Test
  void softmaxBehindANodeOfInt16AloneGivesInt8() {
    ActivationTypes scores = new ActivationTypes(false, Set.of("z"), Set.of(), Set.of());
    QuantizationResult result = quantize(GraphParser.parse(NARROW), scores);
    assertThat(result.network().inFloat()).isEmpty();
    assertThat(type(result, "z")).isEqualTo(DType.INT16);
    TensorType given = result.network().graph().outputs().getFirst().type();
    assertThat(given).isEqualTo(TensorType.int8(1f / 256, -128, 1, 4));
  }

  @Test
  void whatHasNoArithmeticOfInt16StaysFloat() {
    String text = NARROW.replace("Softmax(beta=1.0, axis=-1)", "LogSoftmax(axis=-1)");
    QuantizationResult result = quantize(GraphParser.parse(text), ALL);
    assertThat(result.network().inFloat())
        .containsExactly(new Quantized.InFloat("s", "log_softmax", "as int16: has no arithmetic"));
    assertThat(result.network().graph().inputs().getFirst().type().dtype()).isEqualTo(DType.INT16);
    assertThat(type(result, "z")).isEqualTo(DType.INT16);
  }

  @Test
  void aNodeAloneIsInt16BetweenConversions() {
    Graph graph = GraphParser.parse(NARROW);
    ActivationTypes one = new ActivationTypes(false, Set.of("y"), Set.of(), Set.of());
    QuantizationResult result = quantize(graph, one);
    assertThat(result.network().graph().inputs().getFirst().type().dtype()).isEqualTo(DType.INT8);
    assertThat(type(result, "y")).isEqualTo(DType.INT16);
    assertThat(type(result, "z")).isEqualTo(DType.INT8);
    assertThat(result.network().inFloat()).isEmpty();
    assertThat(result.network().graph().nodes())
        .filteredOn(n -> n.op() instanceof MixedConv2d)
        .hasSize(2);
    QuantizationLoss loss = Diagnosis.of(result, samples(graph), SampleListener.NONE);
    assertThat(loss.nodes()).extracting(NodeLoss::node).contains("y", "z", "z~int16");
  }

  @Test
  void aNodeAloneIsInt8OrFloat() {
    Graph graph = GraphParser.parse(NARROW);
    QuantizationResult narrow =
        quantize(graph, new ActivationTypes(true, Set.of(), Set.of("z", "s"), Set.of()));
    assertThat(type(narrow, "z")).isEqualTo(DType.INT8);
    assertThat(type(narrow, "y")).isEqualTo(DType.INT16);
    assertThat(narrow.network().inFloat()).isEmpty();
    QuantizationResult real =
        quantize(graph, new ActivationTypes(false, Set.of(), Set.of(), Set.of("z")));
    assertThat(real.network().inFloat())
        .containsExactly(
            new Quantized.InFloat("z", "fully_connected", "is asked to stay in float32"));
  }

  @Test
  void theSearchTakesWhatGainsMostWithinItsBytes() {
    Graph graph = GraphParser.parse(NARROW);
    QuantizationResult all = quantize(graph, ActivationTypes.INT8, Map.of(), 100);
    assertThat(all.int16()).isNotEmpty();
    assertThat(all.int16())
        .allSatisfy(value -> assertThat(value.after()).isGreaterThan(value.before()));
    // Of 4 + 2 + 4 + 4 elements the narrow value alone is within a fifth.
    QuantizationResult some = quantize(graph, ActivationTypes.INT8, Map.of(), 20);
    assertThat(some.int16()).extracting(Int16Value::node).isSubsetOf("y");
    assertThat(quantize(graph, ActivationTypes.INT8, Map.of(), 5).int16()).isEmpty();
  }

  @Test
  void unknownNodesAreToldWithThoseThatThereAre() {
    Graph graph = GraphParser.parse(NARROW);
    assertThatThrownBy(
            () -> quantize(graph, new ActivationTypes(false, Set.of("conv"), Set.of(), Set.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no node 'conv' to give a precision; there are: 'x', 'y', 'z', 's'");
    assertThatThrownBy(
            () -> quantize(graph, ActivationTypes.INT8, Map.of("s", WeightFormat.INT4), 0))
        .hasMessage("node 's' has no filter; these have one: 'y', 'z'");
    assertThatThrownBy(() -> quantize(graph, ALL, Map.of("z", WeightFormat.INT4), 0))
        .hasMessage(
            "node 'z' (fully_connected) takes or gives int16, for which filters are int8; leave"
                + " its int4 away");
  }

  @Test
  void filtersAloneAreStoredWithFewBits() {
    RandomGraphs.forSeeds(
        8,
        seed -> {
          Graph graph = RandomGraphs.float32(seed);
          QuantizationResult result = StoredFilters.of(graph, WeightFormat.INT8);
          assertThat(loss(graph, result)).isLessThan(1e-3);
          for (Node node : result.network().graph().nodes()) {
            assertThat(node.output().type().isQuantized()).isFalse();
          }
        });
  }
}
