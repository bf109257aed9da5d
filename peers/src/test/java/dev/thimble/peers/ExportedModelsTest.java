package dev.thimble.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.Quantization;
import dev.thimble.exporter.TfliteExporter;
import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.graph.Value;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Seeds;
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
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
      List<byte[]> expected = run(source, sample);
      assertThat(run(written, sample)).usingRecursiveComparison().isEqualTo(expected);
    }
    assertThat(ModelImporter.read(written).program().entry().macs()).isEqualTo(graph.macs());
  }

  @Test
  @Tag("long")
  void networksQuantisedHereComputeTheSame() throws IOException {
    requireEqual(quantized(Shared.require(TINY + "kws/kws_ref_model_float32.tflite")));
    requireEqual(quantized(Shared.require(TINY + "vww/vww_96_float.tflite")));
  }

  @Test
  void aNetworkOfFullyConnectedNodesWithAScaleForEachChannelComputesTheSame() throws IOException {
    requireEqual(
        quantized(Path.of("..").resolve("examples/digits/lenet5_float.tflite").toAbsolutePath()));
  }

  private void requireEqual(Graph graph) throws IOException {
    Path written = Files.write(folder.resolve("net.tflite"), TfliteExporter.write(graph));
    for (int seed = 1; seed <= 4; seed++) {
      List<Tensor> sample = Seeds.sample(seed, graph.inputs());
      byte[] wanted = TensorBytes.of(Evaluator.outputs(graph, sample, Rounding.DOUBLE).getFirst());
      assertThat(run(written, sample).getFirst()).containsExactly(wanted);
    }
  }

  private static Graph quantized(Path file) {
    ImportedModel model = ModelImporter.read(file);
    List<Value> inputs = model.program().entry().inputs();
    List<List<Tensor>> samples =
        IntStream.rangeClosed(1, 8).mapToObj(seed -> Seeds.sample(seed, inputs)).toList();
    return Quantization.of(
            model,
            samples,
            new QuantizeSettings(Calibrator.MIN_MAX, Quality.FAST, false),
            SampleListener.NONE)
        .model()
        .program()
        .entry();
  }

  private static List<byte[]> run(Path file, List<Tensor> sample) {
    try (TfLite library = TfLite.builtin(file)) {
      library.inputs(sample.stream().map(TensorBytes::of).toList());
      library.run();
      return library.outputs();
    }
  }
}
