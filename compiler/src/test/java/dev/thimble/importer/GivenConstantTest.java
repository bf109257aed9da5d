package dev.thimble.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.thimble.graph.Evaluator;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.OnnxWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GivenConstantTest {
  @TempDir Path folder;

  /** A Reshape to a shape that is an input, of 1 or 2 extents. */
  private Path reshape() throws IOException {
    OnnxWriter writer =
        new OnnxWriter()
            .input("x", 2, 3)
            .input("shape", DataType.INT64, 0)
            .node("Reshape", List.of("x", "shape"), "y")
            .output("y");
    return Files.write(folder.resolve("model.onnx"), writer.bytes());
  }

  private static ImportOptions with(String name, GivenConstant constant) {
    return ImportOptions.DEFAULTS.withConstants(Map.of(name, constant));
  }

  private static GivenConstant values(String numbers) {
    return new GivenConstant.Values(List.of(numbers.split(",")));
  }

  @Test
  void anInputBecomesAConstantAndIsNoInputAnyMore() throws IOException {
    ImportedModel model = ModelImporter.read(reshape(), with("shape", values("3,2")));

    assertThat(model.inputs()).extracting(input -> input.value().name()).containsExactly("x");
    assertThat(model.outputs().getFirst().sourceShape()).isEqualTo(Shape.of(3, 2));
  }

  @Test
  void theRefusalNamesTheInputsThatWouldHaveToBeConstants() throws IOException {
    Path file = reshape();

    assertThatThrownBy(() -> ModelImporter.read(file))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.openInputs()).containsExactly("shape"))
        .hasMessageContaining("computed shape")
        .hasMessageContaining("as constants: --constant shape=VALUES; or express");
  }

  @Test
  void filesOfBothKindsSayWhatTheNumbersSay() throws IOException {
    TensorProto tensor =
        TensorProto.newBuilder()
            .setDataType(TensorProto.DataType.INT64_VALUE)
            .addDims(1)
            .addInt64Data(6)
            .build();
    Path pb = Files.write(folder.resolve("shape.pb"), tensor.toByteArray());
    Path npy = Files.write(folder.resolve("shape.npy"), npy("<i8", 8).putLong(6).array());

    for (Path file : List.of(pb, npy)) {
      ImportOptions options = with("shape", ConstantFile.read(file, false));
      assertThat(ModelImporter.read(reshape(), options).outputs().getFirst().sourceShape())
          .isEqualTo(Shape.of(6));
    }
  }

  /** The header of an .npy file of one number, and room for it. */
  private static ByteBuffer npy(String descr, int bytes) {
    String header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (1,), }";
    byte[] text =
        (header + " ".repeat(117 - header.length()) + "\n").getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(10 + text.length + bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) text.length)
        .put(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "axes  | 1,2  | --constant names 'axes', the model's inputs are ['x', 'shape']",
        "x     | 1,2  | --constant gives 'x' 2 numbers, it has the shape [2, 3]",
        "shape | 1,.5 | --constant gives 'shape' '.5', which is no number of int64",
        "x     | 1,2,3,4,5,six | --constant gives 'x' 'six', which is no number",
        "x     | 1,2,3,4,5,1e99 | --constant gives 'x' '1e99', which is no finite number of"
            + " float32",
        "x     | 1,2,3,4,5,NaN | --constant gives 'x' 'NaN', which is no finite number of float32",
      })
  void whatDoesNotFitTheInputIsRefused(String name, String numbers, String message)
      throws IOException {
    Path file = reshape();

    assertThatThrownBy(() -> ModelImporter.read(file, with(name, values(numbers))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void whatIsMalformedOnlyWithTheOptionDoubtsTheOption() throws IOException {
    byte[] bytes =
        new OnnxWriter()
            .input("x", 2, 3)
            .input("axes", DataType.INT64, 1)
            .node("ReduceSum", List.of("x", "axes"), "y")
            .output("y")
            .bytes();
    Path file = Files.write(folder.resolve("model.onnx"), bytes);

    assertThatThrownBy(() -> ModelImporter.read(file, with("axes", values("7"))))
        .hasMessageEndingWith(
            "; check what --constant gives 'axes'; if it is right, the file is damaged or its"
                + " exporter faulty: export the model again");
    assertThatThrownBy(() -> ModelImporter.read(file))
        .hasMessageStartingWith(file + ": 1 finding among 1 node:\n")
        .hasMessageEndingWith(
            "--constant axes=VALUES; or express these nodes with supported operators");
  }

  @Test
  void arraysHaveTheInputsOwnTypeAndShape() throws IOException {
    Path file = reshape();
    Tensor floats = Tensor.ofFloats(TensorType.float32(6), new float[6]);

    assertThatThrownBy(
            () -> ModelImporter.read(file, with("shape", new GivenConstant.Array(floats))))
        .hasMessage("--constant gives 'shape' elements of float32, it has int64");
    assertThatThrownBy(() -> ModelImporter.read(file, with("x", new GivenConstant.Array(floats))))
        .hasMessage("--constant gives 'x' the shape [6], it has [2, 3]");
  }

  @Test
  void aRecordingGivesExactlyWhatMustBeConstant() throws IOException {
    Path model = reshape();
    Path data = Files.createDirectory(folder.resolve("test_data_set_0"));
    TensorProto shape =
        TensorProto.newBuilder()
            .setDataType(TensorProto.DataType.INT64_VALUE)
            .addDims(2)
            .addInt64Data(3)
            .addInt64Data(2)
            .build();
    Files.write(data.resolve("input_0.pb"), TensorProto.getDefaultInstance().toByteArray());
    Files.write(data.resolve("input_1.pb"), shape.toByteArray());

    ImportedModel read = Recording.beside(model).read(model, ImportOptions.DEFAULTS);

    assertThat(read.options().constants()).containsOnlyKeys("shape");
    assertThat(read.outputs().getFirst().sourceShape()).isEqualTo(Shape.of(3, 2));
  }

  @Test
  void float64IsRefusedUnlessAnOptionNarrowsIt() throws IOException {
    OnnxWriter writer =
        new OnnxWriter()
            .input("x", DataType.DOUBLE, 2)
            .constant(
                TensorProto.newBuilder()
                    .setName("tenth")
                    .setDataType(TensorProto.DataType.DOUBLE_VALUE)
                    .addDoubleData(0.1)
                    .build())
            .node("Add", List.of("x", "tenth"), "y")
            .output("y");
    Path file = Files.write(folder.resolve("wide.onnx"), writer.bytes());

    assertThatThrownBy(() -> ModelImporter.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("graph input 'x': found double")
        .hasMessageContaining("\nremedy: compute float64 with float32: --float64 narrow; or");
    ImportedModel model = ModelImporter.read(file, ImportOptions.DEFAULTS.withNarrow(true));
    Tensor sample = Tensor.ofFloats(TensorType.float32(2), 1, 2);
    assertThat(
            Evaluator.outputs(model.program().entry(), List.of(sample), Rounding.DOUBLE)
                .getFirst()
                .floats())
        .containsExactly(1.1f, 2.1f);
  }
}
