package dev.thimble.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.importer.data.Seeds;
import dev.thimble.op.Rounding;
import dev.thimble.report.Json;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What the reference kernels of TFLite Micro and CMSIS-NN stored, operator by operator. */
class GoldenTest {
  private static final int SEEDS = 3;

  @ParameterizedTest
  @CsvSource({
    "vww, vww/vww_96_int8",
    "ic, ic/pretrainedResnet_int8",
    "kws, kws/kws_ref_model_int8",
    "ad, ad/ad01_int8"
  })
  void everyOperatorsOutputIsTheRecordedOne(String name, String file) throws IOException {
    JsonNode golden = Json.read(Files.readString(Shared.require("golden/" + name + ".json")));
    Path layers = Shared.require("golden/layers");
    Compilation compilation =
        WrittenProgram.compile(
            Shared.require("cases/01_mlperf_tiny/" + file + ".tflite"), CompileOptions.DEFAULTS);
    Graph imported = compilation.imported();
    for (int seed = 1; seed <= SEEDS; seed++) {
      List<Tensor> inputs = Seeds.sample(seed, imported.inputs());
      JsonNode recorded = golden.path("seeds").path(String.valueOf(seed));
      assertThat(crc(inputs.getFirst())).isEqualTo(recorded.path("input_crc32").asString());
      operators(imported, inputs, recorded, layers.resolve(name + "_seed" + seed));
      Tensor expected =
          Tensor.ofInts(
              imported.outputs().getFirst().type(),
              recorded
                  .path("output_tflm_reference")
                  .valueStream()
                  .mapToInt(JsonNode::asInt)
                  .toArray());
      assertThat(Evaluator.outputs(imported, inputs, Rounding.DOUBLE)).containsExactly(expected);
      assertThat(Evaluator.outputs(compilation.graph(), inputs, Rounding.DOUBLE))
          .as("after all rewrites")
          .containsExactly(expected);
    }
  }

  private static void operators(Graph graph, List<Tensor> inputs, JsonNode recorded, Path prefix)
      throws IOException {
    Map<Value, Tensor> values =
        Evaluator.values(
            graph, Map.of(graph.inputs().getFirst(), inputs.getFirst()), Rounding.DOUBLE);
    JsonNode operators = recorded.path("op_output_crc32");
    assertThat(operators.size()).isEqualTo(graph.nodes().size()).isPositive();
    for (int i = 0; i < operators.size(); i++) {
      Node node = graph.nodes().get(i);
      Tensor got = values.get(node.output());
      Path layer = prefix.resolveSibling(String.format("%s_op%02d.bin", prefix.getFileName(), i));
      assertThat(crc(got)).as(node.place()).isEqualTo(operators.get(i).path("crc32").asString());
      assertThat(got).as(node.place()).isEqualTo(RawData.int8(layer, got.type()));
    }
  }

  private static String crc(Tensor tensor) {
    CRC32 crc = new CRC32();
    for (int value : tensor.ints()) {
      crc.update(value);
    }
    return String.format("%08x", crc.getValue());
  }
}
