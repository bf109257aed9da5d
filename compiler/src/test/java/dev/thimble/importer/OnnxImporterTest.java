package dev.thimble.importer;

import static dev.thimble.testing.OnnxWriter.integer;
import static dev.thimble.testing.OnnxWriter.ints;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.op.Transpose;
import dev.thimble.tensor.Shape;
import dev.thimble.testing.OnnxWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxImporterTest {
  @TempDir Path folder;

  private static ImportedModel read(OnnxWriter writer) {
    return ModelImporter.read("model.onnx", writer.bytes());
  }

  private static OnnxWriter relu(long... dims) {
    return new OnnxWriter().input("x", dims).node("Relu", List.of("x"), "y").output("y");
  }

  private static List<String> kinds(Graph graph) {
    return graph.nodes().stream().map(node -> node.op().kind()).toList();
  }

  @Test
  void aNetworkOfMapsHasItsChannelsLastAndMovesNothing() {
    ImportedModel model = read(OnnxWriter.lenet());

    assertThat(kinds(model.program().entry()))
        .containsExactly("conv2d", "relu", "max_pool2d", "fully_connected", "softmax");
    IoInfo input = model.inputs().getFirst();
    assertThat(input.value().type().shape()).isEqualTo(Shape.of(1, 8, 6, 2));
    assertThat(input.sourceShape()).isEqualTo(Shape.of(1, 2, 8, 6));
    assertThat(input.order()).containsExactly(0, 2, 3, 1);
    assertThat(input.layout()).contains("NHWC");
    assertThat(model.outputs().getFirst().value().name()).isEqualTo("y");
  }

  @Test
  void aTransposeToChannelsFirstInFrontOfAConvolutionCostsNothing() {
    OnnxWriter writer =
        new OnnxWriter()
            .input("x", 1, 8, 6, 2)
            .node("Transpose", List.of("x"), "turned", ints("perm", 0, 3, 1, 2))
            .floats("filter", 4, 2, 3, 3)
            .node("Conv", List.of("turned", "filter"), "y")
            .output("y");

    ImportedModel model = read(writer);

    assertThat(kinds(model.program().entry())).containsExactly("conv2d");
    assertThat(model.inputs().getFirst().isSameLayout()).isTrue();
    assertThat(model.outputs().getFirst().sourceShape()).isEqualTo(Shape.of(1, 4, 6, 4));
  }

  @Test
  void aShuffleOfChannelsMovesOnlyChannels() {
    OnnxWriter writer =
        new OnnxWriter()
            .input("x", 1, 4, 5, 5)
            .floats("filter", 6, 4, 1, 1)
            .node("Conv", List.of("x", "filter"), "conv")
            .integers("groups", 1, 2, 3, 5, 5)
            .node("Reshape", List.of("conv", "groups"), "grouped")
            .node("Transpose", List.of("grouped"), "turned", ints("perm", 0, 2, 1, 3, 4))
            .integers("map", 1, 6, 5, 5)
            .node("Reshape", List.of("turned", "map"), "y")
            .output("y");

    Graph graph = read(writer).program().entry();

    List<Node> moves = graph.nodes().stream().filter(n -> n.op() instanceof Transpose).toList();
    assertThat(moves).hasSize(1);
    assertThat(((Transpose) moves.getFirst().op()).permutation()).startsWith(0, 1, 2);
    assertThat(graph.outputs().getFirst().type().shape()).isEqualTo(Shape.of(1, 5, 5, 6));
  }

  @Test
  void arithmeticOfShapesLeavesNoNode() {
    OnnxWriter writer =
        new OnnxWriter()
            .input("x", 1, 6, 4)
            .node("Shape", List.of("x"), "shape")
            .integers("index", 1)
            .node("Gather", List.of("shape", "index"), "six")
            .integers("two", 2)
            .node("Div", List.of("six", "two"), "three")
            .integers("rest", -1)
            .node("Concat", List.of("three", "rest"), "target", integer("axis", 0))
            .node("Reshape", List.of("x", "target"), "y")
            .output("y");

    ImportedModel model = read(writer);

    assertThat(kinds(model.program().entry())).containsExactly("reshape");
    assertThat(model.outputs().getFirst().sourceShape()).isEqualTo(Shape.of(3, 8));
  }

  @Test
  void everythingThatIsNotSupportedStandsInOneMessage() {
    OnnxWriter writer =
        new OnnxWriter()
            .input("x", 1, 4)
            .node("Det", List.of("x"), "a")
            .node("NoSuchOperator", List.of("a"), "b")
            .node("Relu", List.of("x"), "c", integer("strange", 1))
            .output("b");

    assertThatThrownBy(() -> read(writer))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("3 findings among 3 nodes")
        .hasMessageContaining("node 'a' (Det) -> 'a': found float32[1,4]; supported:")
        .hasMessageContaining("node 'b' (NoSuchOperator) -> 'b': found unknown; supported:")
        .hasMessageContaining("attributes [strange] of unknown meaning")
        .hasMessageContaining("remedy: express these nodes with supported operators (Abs, Acos, ");
  }

  @Test
  void shapesThatNoMemoryHoldsAreNoOpenOnes() throws IOException {
    OnnxWriter huge = relu(1, 1L << 40);
    OnnxWriter open = relu(1, -3);
    Path file = Files.write(folder.resolve("open.onnx"), relu(0, 0).bytes());
    ImportOptions given = new ImportOptions(Map.of("x", List.of(99_999, 99_999)));

    assertThatThrownBy(() -> read(huge))
        .hasMessageEndingWith(
            ": graph input 'x': has the shape [1, 1099511627776], of more than 268435456 elements;"
                + " give a model that a microcontroller could hold");
    assertThatThrownBy(() -> read(open))
        .hasMessageContaining("has a shape of unknown extents, [1, -3]; give all of its extents");
    assertThatThrownBy(() -> ModelImporter.read(file, given))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--shape gives 'x' the shape [99999, 99999], of more than 268435456 elements");
  }

  @Test
  void aValueThatNothingDefinesIsNamed() {
    OnnxWriter writer = new OnnxWriter().input("x", 1).node("Relu", List.of("z"), "y").output("y");

    assertThatThrownBy(() -> read(writer))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("node 'y' (Relu): reads 'z', which nothing before it defines");
  }

  @Test
  void extentsThatTheFileLeavesOpenAreAskedForByOption() throws IOException {
    OnnxWriter writer = new OnnxWriter().input("x", 0, 3, 0).node("Relu", List.of("x"), "y");
    Path file = Files.write(folder.resolve("model.onnx"), writer.output("y").bytes());

    assertThatThrownBy(() -> ModelImporter.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("--shape x=1,...");
    ImportOptions options = new ImportOptions(Map.of("x", List.of(1, 3, 9)));
    assertThat(ModelImporter.read(file, options).inputs().getFirst().sourceShape())
        .isEqualTo(Shape.of(1, 3, 9));
    assertThatThrownBy(
            () -> ModelImporter.read(file, new ImportOptions(Map.of("x", List.of(1, 4, 9)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("axis 1 of 'x'");
    assertThatThrownBy(() -> ModelImporter.read(file, new ImportOptions(Map.of("z", List.of(1)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'z'");
  }

  @Test
  void dataInOtherFilesIsReadFromTheModelsFolderAlone() throws IOException {
    Path inside = Files.createDirectory(folder.resolve("models"));
    Files.write(inside.resolve("data.bin"), new byte[64]);
    Files.write(folder.resolve("secret.bin"), new byte[64]);
    Files.createSymbolicLink(inside.resolve("link.bin"), folder.resolve("secret.bin"));

    assertThat(external(inside, "data.bin").inputs()).hasSize(1);
    for (String outside :
        List.of("../secret.bin", folder.resolve("secret.bin").toString(), "link.bin", "no.bin")) {
      assertThatThrownBy(() -> external(inside, outside))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("initializer 'w'");
    }
  }

  private static ImportedModel external(Path inside, String location) throws IOException {
    TensorProto tensor =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addDims(4)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(
                StringStringEntryProto.newBuilder().setKey("location").setValue(location))
            .addExternalData(StringStringEntryProto.newBuilder().setKey("offset").setValue("16"))
            .addExternalData(StringStringEntryProto.newBuilder().setKey("length").setValue("16"))
            .build();
    OnnxWriter writer =
        new OnnxWriter()
            .input("x", 1, 4)
            .constant(tensor)
            .node("Add", List.of("x", "w"), "y")
            .output("y");
    return ModelImporter.read(Files.write(inside.resolve("model.onnx"), writer.bytes()));
  }

  @Test
  void damagedFilesAreRefusedInWords() {
    byte[] whole = OnnxWriter.lenet().bytes();
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 3000; i++) {
      byte[] damaged = whole.clone();
      for (int k = random.nextInt(1, 4); k > 0; k--) {
        // Most of a model is weights: aim at what describes them.
        int at = random.nextBoolean() ? random.nextInt(400) : random.nextInt(damaged.length);
        damaged[at] = (byte) random.nextInt(256);
      }
      try {
        ModelImporter.read("model.onnx", damaged);
      } catch (ModelException e) {
        assertThat(e).hasMessageStartingWith("model.onnx: ");
      }
    }
  }
}
