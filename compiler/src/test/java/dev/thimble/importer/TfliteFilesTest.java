package dev.thimble.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.graph.Graph;
import dev.thimble.tensor.Shape;
import dev.thimble.testing.OnnxWriter;
import dev.thimble.testing.TfliteWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.ModelT;
import org.tensorflow.lite.schema.SubGraphT;

/**
 * The exact words for files that make no sense, and what becomes of shapes that they leave open.
 */
class TfliteFilesTest {
  private static final String DAMAGED =
      "; the file is damaged or its exporter faulty: export the model again";

  private static TfliteWriter convolution() {
    return TfliteImporterTest.convolution();
  }

  private static void assertRefused(TfliteWriter writer, String message) {
    byte[] bytes = writer.bytes();
    assertThatThrownBy(() -> ModelImporter.read("tiny.tflite", bytes))
        .isInstanceOf(ModelException.class)
        .hasMessage(message);
  }

  private static SubGraphT main(ModelT model) {
    return model.getSubgraphs()[0];
  }

  /** Two RELUs, the first of which declares an output of one row where its input has two. */
  private static TfliteWriter rows() {
    return new TfliteWriter()
        .float32("in", 2, 3)
        .input("in")
        .float32("middle", 1, 3)
        .float32("out", 1, 3)
        .output("out")
        .operator(BuiltinOperator.RELU, List.of("in"), List.of("middle"))
        .operator(BuiltinOperator.RELU, List.of("middle"), List.of("out"));
  }

  @Test
  void extentsThatTheFileLeavesOpenAreThoseThatOperatorsCompute() {
    TfliteWriter open = rows().signature("middle", -1, 3).signature("out", -1, 3);

    Graph graph = ModelImporter.read("tiny.tflite", open.bytes()).program().entry();

    assertThat(graph.outputs().getFirst().type().shape()).isEqualTo(Shape.of(2, 3));
    assertThat(graph.nodes().getFirst().output().type().shape()).isEqualTo(Shape.of(2, 3));
  }

  @Test
  void extentsThatTheFileFixesMustBeThoseThatOperatorsCompute() {
    assertRefused(
        rows().signature("middle", 1, 3),
        "tiny.tflite: operator 0 (RELU): computes shape [2,3], its output is declared [1,3]"
            + DAMAGED);
  }

  @Test
  void aBiasScaleThatIsNotTheProductIsRefused() {
    assertRefused(
        convolution().quantization("bias", 0, new float[] {0.125f, 0.75f, 0.5f}, new long[3]),
        "tiny.tflite: operator 0 (CONV_2D): the bias of channel 1 has scale 0.75, the input's and"
            + " the filter's scales make 0.25"
            + DAMAGED);
  }

  @Test
  void constantsFillTheirShapesExactly() {
    assertRefused(
        convolution().data("filter", new byte[5]),
        "tiny.tflite: tensor 1 'filter': int8[3,1,1,2] needs 6 bytes of data, its buffer has 5"
            + DAMAGED);
  }

  @Test
  void scalesArePositiveAndZeroPointsInRange() {
    assertRefused(
        convolution().quantization("in", 0, new float[] {Float.NaN}, new long[1]),
        "tiny.tflite: tensor 0 'in': has the scale NaN, scales are positive and finite" + DAMAGED);
    assertRefused(
        convolution().quantization("in", 0, new float[] {1}, new long[] {200}),
        "tiny.tflite: tensor 0 'in': has the zero point 200, outside int8" + DAMAGED);
    assertRefused(
        convolution().quantization("filter", 0, new float[] {1, 2}, new long[2]),
        "tiny.tflite: tensor 1 'filter': has 2 scales on axis 0 of its shape [3, 1, 1, 2]"
            + DAMAGED);
  }

  @Test
  void shapesAreBoundedAndAgree() {
    assertRefused(
        convolution().edit(m -> main(m).getTensors()[0].setShape(new int[] {1, -4, 4, 2})),
        "tiny.tflite: tensor 0 'in': has the negative extent -4 in its shape" + DAMAGED);
    assertRefused(
        convolution().edit(m -> main(m).getTensors()[0].setShape(new int[] {1 << 20, 1 << 20})),
        "tiny.tflite: tensor 0 'in': has shape [1048576, 1048576], more than 2^28 elements"
            + DAMAGED);
    assertRefused(
        convolution().edit(m -> main(m).getTensors()[3].setShape(new int[] {1, 3, 4, 3})),
        "tiny.tflite: operator 0 (CONV_2D): computes shape [1,4,4,3], its output is declared"
            + " [1,3,4,3]"
            + DAMAGED);
  }

  @Test
  void indicesNameWhatExists() {
    assertRefused(
        convolution().edit(m -> main(m).getOperators()[0].setInputs(new int[] {0, 9, 2})),
        "tiny.tflite: operator 0 (CONV_2D) inputs: name tensor 9, there are 4 tensors" + DAMAGED);
    assertRefused(
        convolution().edit(m -> main(m).getOperators()[0].setOpcodeIndex(7)),
        "tiny.tflite: operator 0: has operator code 7, the file has 1" + DAMAGED);
    assertRefused(
        convolution().edit(m -> main(m).getTensors()[1].setBuffer(99)),
        "tiny.tflite: tensor 1 'filter': names buffer 99, the file has 3 buffers" + DAMAGED);
  }

  @Test
  void valuesAreWrittenOnceAndBeforeTheyAreRead() {
    TfliteWriter cycle =
        new TfliteWriter()
            .float32("a", 1)
            .float32("b", 1)
            .output("b")
            .operator(BuiltinOperator.RELU, List.of("b"), List.of("a"))
            .operator(BuiltinOperator.RELU, List.of("a"), List.of("b"));
    assertRefused(
        cycle,
        "tiny.tflite: operator 0 (RELU): reads tensor 1 'b', which nothing before it writes"
            + DAMAGED);
    TfliteWriter twice =
        new TfliteWriter()
            .float32("a", 1)
            .input("a")
            .output("a")
            .operator(BuiltinOperator.RELU, List.of("a"), List.of("a"));
    assertRefused(
        twice,
        "tiny.tflite: operator 0 (RELU): writes tensor 0 'a', which is written before" + DAMAGED);
  }

  @Test
  void strangeFilesNameWhatIsSupported() {
    assertThatThrownBy(() -> ModelImporter.read("net.bin", new byte[100]))
        .hasMessage(
            "net.bin: format: is not a model of a known format; give a model in a supported"
                + " format: TFLite (.tflite, with the identifier TFL3 at byte 4), ONNX (.onnx),"
                + " Keras (.keras, or .h5 of a whole model),"
                + " or PyTorch (.pt2 of torch.export)");
    assertThatThrownBy(() -> ModelImporter.read("net.tflite", new byte[100]))
        .hasMessage(
            "net.tflite: identifier: bytes 4 to 7 are not TFL3; the file is damaged or no TFLite"
                + " model: export it again");
    byte[] onnx =
        new OnnxWriter().input("x", 2).node("Relu", List.of("x"), "y").output("y").bytes();
    assertThat(ModelImporter.read("net.tflite", onnx).format()).isEqualTo("onnx");
    assertThatThrownBy(() -> ModelImporter.read(Path.of("absent.tflite")))
        .hasMessage("absent.tflite: file: does not exist; give the path of a model file");
    assertRefused(
        convolution().edit(model -> model.setVersion(2)),
        "tiny.tflite: header: has schema version 2, not 3" + DAMAGED);
  }
}
