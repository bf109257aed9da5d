package dev.thimble.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Seeds;
import dev.thimble.tensor.TensorBytes;
import dev.thimble.testing.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The generated C computes in this process what TensorFlow Lite computes beside it. */
class RunnersTest {
  private static final Path MODEL =
      Path.of("..").resolve("examples/digits/lenet5_int8.tflite").toAbsolutePath().normalize();

  @TempDir Path folder;

  @Test
  void theGeneratedCAgreesWithTensorFlowLite() throws Exception {
    Requires.command("gcc");
    ImportedModel model = ModelImporter.read(MODEL);
    List<byte[]> inputs =
        Seeds.sample(1, model.program().entry().inputs()).stream().map(TensorBytes::of).toList();
    try (GeneratedC generated = new GeneratedC(model);
        TfLite builtin = TfLite.builtin(MODEL);
        TfLite xnnpack = TfLite.xnnpack(MODEL)) {
      for (Runner runner : List.of(generated, builtin, xnnpack)) {
        runner.inputs(inputs);
        runner.run();
      }
      byte[] expected = builtin.outputs().getFirst();
      assertThat(generated.outputs().getFirst()).containsExactly(expected);
      assertThat(xnnpack.outputs().getFirst()).hasSameSizeAs(expected);
    }
  }

  @Test
  void aFileThatIsNoNetworkIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("no.tflite"), "nothing");

    assertThatThrownBy(() -> TfLite.builtin(file))
        .isInstanceOf(PeerException.class)
        .hasMessage("TensorFlow Lite does not load no.tflite");
  }
}
