package dev.thimble.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.Quantization;
import dev.thimble.exporter.TfliteExporter;
import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Seeds;
import dev.thimble.op.Conv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Rounding;
import dev.thimble.quant.Calibrator;
import dev.thimble.quant.Quality;
import dev.thimble.quant.QuantizeSettings;
import dev.thimble.quant.SampleListener;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorBytes;
import dev.thimble.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What export writes computes in TensorFlow Lite what the network computes here. */
class ExportedModelsTest {
  private static final String TINY = "cases/01_mlperf_tiny/";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kws/kws_ref_model_int8.tflite",
        "vww/vww_96_int8.tflite",
        "ic/pretrainedResnet_int8.tflite",
        "ad/ad01_int8.tflite"
      })
  void quantisedModelsComputeTheSameAsTheFileThatTheyWereReadFrom(String file) throws IOException {
    Path source = Shared.require(TINY + file);
    Graph graph = ModelImporter.read(source).program().entry();
    Path written = Files.write(folder.resolve("net.tflite"), TfliteExporter.write(graph));
    for (int seed = 1; seed <= 2; seed++) {
      List<Tensor> sample = Seeds.sample(seed, graph.inputs());
      assertThat(run(TfLite.builtin(written), sample))
          .usingRecursiveComparison()
          .isEqualTo(run(TfLite.builtin(source), sample));
      assertThat(run(TfLite.reference(written), sample))
          .usingRecursiveComparison()
          .isEqualTo(run(TfLite.reference(source), sample));
    }
    assertThat(ModelImporter.read(written).program().entry().macs()).isEqualTo(graph.macs());
  }

  @ParameterizedTest
  @CsvSource({
    "kws/kws_ref_model_int8.tflite, DOUBLE",
    "vww/vww_96_int8.tflite, DOUBLE",
    "ic/pretrainedResnet_int8.tflite, DOUBLE",
    "ad/ad01_int8.tflite, SINGLE"
  })
  void theReferenceKernelsGiveTheOutputsInOneRounding(String file, Rounding rounding)
      throws IOException {
    Graph graph = ModelImporter.read(Shared.require(TINY + file)).program().entry();
    requireEqual(graph, 3, sample -> Evaluator.outputs(graph, sample, rounding).getFirst());
    requireEqual(graph, 2, sample -> asReferenceKernels(graph, sample));
  }

  @Test
  @Tag("long")
  void theReferenceKernelsGiveTheOutputsOfNetworksQuantisedHere() throws IOException {
    for (String file :
        List.of(
            "kws/kws_ref_model_float32.tflite",
            "vww/vww_96_float.tflite",
            "ic/pretrainedResnet_float.tflite")) {
      Graph graph = quantized(Shared.require(TINY + file));
      requireEqual(
          graph, 8, sample -> Evaluator.outputs(graph, sample, Rounding.DOUBLE).getFirst());
      requireEqual(graph, 4, sample -> asReferenceKernels(graph, sample));
    }
  }

  @Test
  void aNetworkOfFullyConnectedNodesWithAScaleForEachChannelComputesTheSame() throws IOException {
    Graph graph =
        quantized(Path.of("..").resolve("examples/digits/lenet5_float.tflite").toAbsolutePath());
    requireEqual(graph, 4, sample -> Evaluator.outputs(graph, sample, Rounding.DOUBLE).getFirst());
    requireEqual(graph, 4, sample -> asReferenceKernels(graph, sample));
  }

  /**
   * The optimised kernels round twice, too, but in products of matrices ties of negative numbers go
   * up. So they differ where no relu follows, by one, and nowhere else.
   */
  @ParameterizedTest
  @ValueSource(strings = {"ic/pretrainedResnet_int8.tflite", "ad/ad01_int8.tflite"})
  void theOptimisedKernelsDifferByOneInNegativeNumbersOfFilters(String file) throws IOException {
    Graph graph = ModelImporter.read(Shared.require(TINY + file)).program().entry();
    Map<Value, Tensor> values =
        values(graph, Seeds.sample(3, graph.inputs()), node -> Rounding.DOUBLE);
    for (Node node : graph.nodes()) {
      List<Value> computed =
          node.inputs().stream().filter(value -> !graph.isConstant(value)).toList();
      Graph one =
          new Graph(
              "one", computed, constants(graph, node), List.of(node), node.outputs(), Map.of());
      Path written = Files.write(folder.resolve("one.tflite"), TfliteExporter.write(one));
      List<Tensor> operands = computed.stream().map(value -> at(values, value)).toList();
      byte[] got = run(TfLite.builtin(written), operands).getFirst();
      int[] wanted = at(values, node.output()).ints();
      for (int i = 0; i < got.length; i++) {
        if (got[i] != wanted[i]) {
          assertThat(node.op()).isInstanceOfAny(Conv2d.class, FullyConnected.class);
          assertThat(got[i]).isEqualTo((byte) (wanted[i] + 1));
          assertThat((int) got[i]).isLessThanOrEqualTo(node.output().type().zeroPoint());
        }
      }
    }
  }

  /** The outputs in the library's reference kernels, which must be these. */
  private void requireEqual(Graph graph, int seeds, Function<List<Tensor>, Tensor> expected)
      throws IOException {
    Path written = Files.write(folder.resolve("net.tflite"), TfliteExporter.write(graph));
    for (int seed = 1; seed <= seeds; seed++) {
      List<Tensor> sample = Seeds.sample(seed, graph.inputs());
      byte[] wanted = TensorBytes.of(expected.apply(sample));
      assertThat(run(TfLite.reference(written), sample).getFirst()).containsExactly(wanted);
    }
  }

  /** The output where, as in the library, only fully connected nodes round once. */
  private static Tensor asReferenceKernels(Graph graph, List<Tensor> sample) {
    Map<Value, Tensor> values =
        values(
            graph,
            sample,
            node -> node.op() instanceof FullyConnected ? Rounding.SINGLE : Rounding.DOUBLE);
    return at(values, graph.outputs().getFirst());
  }

  private static Map<Value, Tensor> values(
      Graph graph, List<Tensor> sample, Function<Node, Rounding> rounding) {
    Map<Value, Tensor> values = new HashMap<>(graph.constants());
    for (int i = 0; i < sample.size(); i++) {
      values.put(graph.inputs().get(i), sample.get(i));
    }
    for (Node node : graph.nodes()) {
      List<Tensor> operands = node.inputs().stream().map(value -> at(values, value)).toList();
      Tensor result =
          node.op().evaluate(operands, node.outputTypes(), rounding.apply(node)).getFirst();
      values.put(node.output(), result);
    }
    return values;
  }

  private static Map<Value, Tensor> constants(Graph graph, Node node) {
    Map<Value, Tensor> constants = new LinkedHashMap<>();
    node.inputs()
        .forEach(value -> graph.constant(value).ifPresent(data -> constants.put(value, data)));
    return constants;
  }

  private static Tensor at(Map<Value, Tensor> values, Value value) {
    return Objects.requireNonNull(values.get(value));
  }

  private static Graph quantized(Path file) {
    ImportedModel model = ModelImporter.read(file);
    List<Value> inputs = model.program().entry().inputs();
    List<List<Tensor>> samples =
        IntStream.rangeClosed(1, 8).mapToObj(seed -> Seeds.sample(seed, inputs)).toList();
    return Quantization.of(
            model,
            samples,
            QuantizeSettings.of(Calibrator.MIN_MAX, Quality.FAST),
            SampleListener.NONE)
        .model()
        .program()
        .entry();
  }

  private static List<byte[]> run(TfLite opened, List<Tensor> sample) {
    try (TfLite library = opened) {
      library.inputs(sample.stream().map(TensorBytes::of).toList());
      library.run();
      return library.outputs();
    }
  }
}
