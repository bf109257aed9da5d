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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
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
    for (int seed = 1; seed <= 4; seed++) {
      List<Tensor> sample = Seeds.sample(seed, graph.inputs());
      List<byte[]> expected = run(source, sample);
      assertThat(run(written, sample)).usingRecursiveComparison().isEqualTo(expected);
    }
    assertThat(ModelImporter.read(written).program().entry().macs()).isEqualTo(graph.macs());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kws/kws_ref_model_float32.tflite",
        "ic/pretrainedResnet_float.tflite",
        "vww/vww_96_float.tflite"
      })
  void networksQuantisedHereComputeTheSame(String file) throws IOException {
    Graph graph = quantized(Shared.require(TINY + file));
    report(file, graph);
  }

  @Test
  void aNetworkOfFullyConnectedNodesWithAScaleForEachChannelComputesTheSame() throws IOException {
    Graph graph =
        quantized(Path.of("..").resolve("examples/digits/lenet5_float.tflite").toAbsolutePath());
    report("lenet5", graph);
  }

  private void report(String name, Graph graph) throws IOException {
    Path written = Files.write(folder.resolve("net.tflite"), TfliteExporter.write(graph));
    long differing = 0;
    long singly = 0;
    long count = 0;
    int largest = 0;
    for (int seed = 1; seed <= 8; seed++) {
      List<Tensor> sample = Seeds.sample(seed, graph.inputs());
      byte[] found = run(written, sample).getFirst();
      byte[] wanted = TensorBytes.of(Evaluator.outputs(graph, sample, Rounding.DOUBLE).getFirst());
      byte[] single = TensorBytes.of(Evaluator.outputs(graph, sample, Rounding.SINGLE).getFirst());
      for (int i = 0; i < found.length; i++) {
        differing += found[i] != wanted[i] ? 1 : 0;
        singly += found[i] != single[i] ? 1 : 0;
        largest = Math.max(largest, Math.abs(found[i] - wanted[i]));
        count++;
      }
    }
    System.err.println(
        name
            + ": "
            + differing
            + " of "
            + count
            + " differ (single "
            + singly
            + "), by "
            + largest);
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
      library.inputs(new ArrayList<>(sample.stream().map(TensorBytes::of).toList()));
      library.run();
      return library.outputs();
    }
  }
}
