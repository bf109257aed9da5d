package dev.thimble.importer;

import static dev.thimble.testing.OnnxWriter.integer;
import static dev.thimble.testing.OnnxWriter.ints;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import dev.thimble.graph.Evaluator;
import dev.thimble.importer.data.Seeds;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.OnnxWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operands that are computed at run time make what the same operands make as constants. */
class ComputedOperandsTest {
  @TempDir Path folder;

  /** Evaluates a model of the input {@code x} and others, once with those others as constants. */
  private void assertSame(OnnxWriter writer) throws IOException {
    Path file = Files.write(folder.resolve("model.onnx"), writer.bytes());
    ImportedModel computed = ModelImporter.read(file);
    List<Tensor> sample = Seeds.sample(1, computed.program().entry().inputs());
    Map<String, GivenConstant> constants = new LinkedHashMap<>();
    for (int i = 1; i < sample.size(); i++) {
      IoInfo input = computed.inputs().get(i);
      Tensor data = input.toSource(sample.get(i));
      constants.put(input.value().name(), new GivenConstant.Array(data));
    }
    ImportedModel given = ModelImporter.read(file, ImportOptions.DEFAULTS.withConstants(constants));

    assertThat(given.inputs()).hasSize(1);
    Tensor x = computed.inputs().getFirst().toSource(sample.getFirst());
    float[] expected = output(given, List.of(given.inputs().getFirst().ofSource(x)));
    assertThat(output(computed, sample)).containsExactly(expected, Offset.offset(1e-5f));
  }

  /** The output as the file has it. */
  private static float[] output(ImportedModel model, List<Tensor> sample) {
    List<Tensor> outputs =
        Evaluator.outputs(model.program().entry(), new ArrayList<>(sample), Rounding.DOUBLE);
    return model.outputs().getFirst().toSource(outputs.getFirst()).floats();
  }

  @Test
  void filtersAndBiasesOfConvolutions() throws IOException {
    for (int groups : List.of(1, 2)) {
      assertSame(
          new OnnxWriter()
              .input("x", 1, 4, 5, 6)
              .input("w", 6, 4 / groups, 3, 2)
              .input("b", 6)
              .node(
                  "Conv",
                  List.of("x", "w", "b"),
                  "y",
                  integer("group", groups),
                  ints("pads", 1, 0, 1, 1),
                  ints("strides", 2, 1))
              .output("y"));
    }
    assertSame(
        new OnnxWriter()
            .input("x", 1, 2, 7)
            .input("w", 3, 2, 3)
            .node("Conv", List.of("x", "w"), "y")
            .output("y"));
  }

  @Test
  void filtersOfTransposedConvolutions() throws IOException {
    assertSame(
        new OnnxWriter()
            .input("x", 1, 3, 3, 4)
            .input("w", 3, 2, 3, 3)
            .node("ConvTranspose", List.of("x", "w"), "y", ints("strides", 2, 2))
            .output("y"));
  }

  @Test
  void sumsOfProductsByLetters() throws IOException {
    for (String equation : List.of("bij,bjk->bik", "bij,bjk->kb", "bij,bjk", "bij,kjb->ki")) {
      boolean turned = equation.contains("kjb");
      long[] second = turned ? new long[] {5, 4, 2} : new long[] {2, 4, 5};
      AttributeProto attribute =
          AttributeProto.newBuilder()
              .setName("equation")
              .setType(AttributeProto.AttributeType.STRING)
              .setS(com.google.protobuf.ByteString.copyFromUtf8(equation))
              .build();
      assertSame(
          new OnnxWriter()
              .input("x", 2, 3, 4)
              .input("w", second)
              .node("Einsum", List.of("x", "w"), "y", attribute)
              .output("y"));
    }
  }

  @Test
  void weightsOfRecurrentLayersMustBeConstants() throws IOException {
    OnnxWriter writer =
        new OnnxWriter()
            .input("x", 3, 1, 2)
            .input("w", 1, 4, 2)
            .input("r", 1, 4, 4)
            .node("RNN", List.of("x", "w", "r"), "y", integer("hidden_size", 4))
            .output("y");
    Path file = Files.write(folder.resolve("model.onnx"), writer.bytes());

    assertThatThrownBy(() -> ModelImporter.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("computed weights");
  }
}
