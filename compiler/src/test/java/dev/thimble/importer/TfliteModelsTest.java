package dev.thimble.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Op;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real models: each is imported, or refused with every unsupported node. */
class TfliteModelsTest {
  /** A file that leaves out the shape of its input, which nothing else tells. */
  private static final String SHAPELESS = "strided_slice_test5.tflite";

  @TestFactory
  Stream<DynamicTest> everyModelIsImportedOrRefusedWithItsNodes() throws IOException {
    Path cases = Shared.require("cases");
    try (Stream<Path> files = Files.walk(cases)) {
      List<Path> models = files.filter(f -> f.toString().endsWith(".tflite")).sorted().toList();
      assertThat(models).hasSizeGreaterThan(100);
      return models.stream()
          .map(model -> dynamicTest(cases.relativize(model).toString(), () -> check(model)));
    }
  }

  private static void check(Path model) {
    ModelException refusal =
        catchThrowableOfType(ModelException.class, () -> ModelImporter.read(model));
    if (model.endsWith(SHAPELESS)) {
      assertThat(refusal).hasMessageContaining("operator 0 (STRIDED_SLICE): input [1,3,4]");
    } else if (refusal != null) {
      assertThat(refusal).hasMessageContaining("not supported:\n  ");
      assertThat(refusal).hasMessageContaining("; supported: ");
      assertThat(refusal).hasMessageContaining("\nremedy: ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "vww/vww_96_int8, 31, 7489664",
    "ic/pretrainedResnet_int8, 16, 12501632",
    "kws/kws_ref_model_int8, 13, 2656768",
    "ad/ad01_int8, 10, 264192",
    "vww/vww_96_float, 31, 7489664",
    "ic/pretrainedResnet_float, 16, 12501632"
  })
  void theModelsOfMlperfTinyAreImported(String file, int nodes, long macs) {
    Graph graph = read("cases/01_mlperf_tiny/" + file + ".tflite").program().entry();
    assertThat(graph.nodes()).hasSize(nodes);
    assertThat(graph.macs()).isEqualTo(macs);
  }

  @Test
  void theKeywordModelHasTheFilesNamesTypesAndAttributes() {
    ImportedModel model = read("cases/01_mlperf_tiny/kws/kws_ref_model_int8.tflite");
    assertThat(model.format()).isEqualTo("tflite");
    assertThat(model.sha256()).matches("[0-9a-f]{64}");
    assertThat(model.program().name()).isEqualTo("kws_ref_model_int8");
    IoInfo input = model.inputs().getFirst();
    assertThat(input.value().name()).isEqualTo("input_1");
    assertThat(input.value().type()).isEqualTo(TensorType.int8(0.5847029f, 83, 1, 49, 10, 1));
    assertThat(input.layout()).isEqualTo(Optional.of("NHWC"));
    assertThat(input.sourceShape()).isEqualTo(Shape.of(1, 49, 10, 1));
    IoInfo output = model.outputs().getFirst();
    assertThat(output.value().type()).isEqualTo(TensorType.int8(1f / 256, -128, 1, 12));

    Graph graph = model.program().entry();
    Node first = graph.nodes().getFirst();
    Conv2d conv = (Conv2d) first.op();
    assertThat(conv.stride()).isEqualTo(new Size2d(2, 2));
    assertThat(conv.padding()).isEqualTo(new Padding2d(4, 5, 1, 1));
    assertThat(conv.groups()).isEqualTo(1);
    TensorType filter = first.inputs().get(1).type();
    assertThat(filter.shape()).isEqualTo(Shape.of(64, 10, 4, 1));
    assertThat(filter.quant()).isInstanceOf(QuantParams.PerChannel.class);
    assertThat(first.inputs().get(2).type()).isEqualTo(TensorType.of(DType.INT32, Shape.of(64)));
    Op second = graph.nodes().get(1).op();
    assertThat(((DepthwiseConv2d) second).multiplier()).isEqualTo(1);
    assertThat(graph.constants().keySet().stream().filter(v -> graph.readers(v).isEmpty()))
        .isEmpty();
  }

  @Test
  void everyUnsupportedNodeHasALineOfItsOwn() {
    Path model = Shared.require("cases/02_tflite/tflm/audio_preprocessor_int8.tflite");
    ModelException refusal =
        catchThrowableOfType(ModelException.class, () -> ModelImporter.read(model));
    List<String> lines = new ArrayList<>(refusal.getMessage().lines().toList());
    assertThat(lines.getFirst()).isEqualTo(model + ": 9 of 22 operators not supported:");
    assertThat(lines)
        .contains(
            "  operator 0 (CUSTOM 'SignalWindow') -> 'signal_window': found int16[1,480],"
                + " int16[480] -> int16[1,480]; supported: no form of this operator")
        .hasSizeGreaterThan(10);
    assertThat(lines.getLast()).startsWith("remedy: ");
  }

  private static ImportedModel read(String relative) {
    return ModelImporter.read(Shared.require(relative));
  }
}
