package dev.thimble.importer.pytorch.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.testing.Examples;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Archives of each generation, as PyTorch wrote them. */
class Pt2ArchiveTest {
  private static ExportedProgram read(String name) {
    byte[] bytes = Examples.bytes("pytorch/" + name);
    return Pt2Archive.read(new Source(name, bytes.length), bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "lenet_torch2.7.pt2, 2.7.1",
    "lenet_torch2.8.pt2, 2.8.0",
    "lenet.pt2, 2.10.0",
  })
  void everyGenerationHoldsTheSameNetwork(String file, String version) {
    ExportedProgram program = read(file);
    assertThat(program.torchVersion()).startsWith(version);
    assertThat(program.nodes().stream().map(ExportedNode::target))
        .containsExactly(
            "aten.conv2d.default",
            "aten.relu.default",
            "aten.max_pool2d.default",
            "aten.conv2d.default",
            "aten.relu.default",
            "aten.max_pool2d.default",
            "aten.flatten.using_ints",
            "aten.linear.default",
            "aten.relu.default",
            "aten.linear.default",
            "aten.relu.default",
            "aten.linear.default");
    assertThat(program.inputs().getLast()).isEqualTo(new ExportedInput.User("image"));
    assertThat(program.metas().get("image").describe()).isEqualTo("float32[1, 1, 28, 28]");
    assertThat(program.outputs())
        .containsExactly(new ExportedOutput.User(new Argument.Tensor("linear_2")));
  }

  @ParameterizedTest
  @CsvSource({"lenet_torch2.7.pt2", "lenet_torch2.8.pt2"})
  void everyGenerationHoldsTheSameWeights(String file) {
    Weights newest = read("lenet.pt2").weights();
    Weights older = read(file).weights();
    for (String name : List.of("conv1.weight", "conv2.bias", "fc1.weight", "fc3.bias")) {
      ExportedTensor expected = newest.state(name).orElseThrow();
      assertThat(older.state(name).orElseThrow().floats()).isEqualTo(expected.floats());
      assertThat(older.state(name).orElseThrow().dims()).isEqualTo(expected.dims());
    }
    assertThat(newest.state("fc4.weight")).isEmpty();
  }

  @Test
  void nodesTellTheLineOfPythonThatMadeThem() {
    assertThat(read("lenet.pt2").nodes().getFirst().python().orElseThrow())
        .startsWith("networks.py:")
        .endsWith("x = F.max_pool2d(F.relu(self.conv1(image)), 2)");
  }
}
