package dev.thimble.cli.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.cli.coverage.ModelResult.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoveragePageTest {
  private static final ModelResult VERIFIED =
      new ModelResult("a/x.tflite", "tflite", "", Status.VERIFIED, 3, List.of(), "bit for bit");

  private static final ModelResult REFUSED =
      new ModelResult(
          "a/y.onnx",
          "onnx",
          "QDQ",
          Status.REFUSED,
          0,
          List.of("node 'n_1' (Loop) -> 'out': found a | body; supported: none"),
          null);

  @Test
  void everyModelStandsUnderItsFolderWithItsReasons() {
    String page = CoveragePage.write(List.of(VERIFIED, REFUSED));
    assertThat(page)
        .contains("### a\n\n- `x.tflite`: **verified**, 3 nodes; TensorFlow Lite: bit for bit\n")
        .contains(
            "- `y.onnx` (QDQ): **refused**\n  - node 'n_1' (Loop) -> 'out': found a \\| body");
  }

  @Test
  void whatTheImportWasToldStandsInTheRow() {
    ModelResult told =
        new ModelResult(
            "a/z.onnx",
            "onnx",
            "",
            Status.VERIFIED,
            1,
            List.of(),
            "bit for bit",
            List.of("axes", "steps"),
            true);

    assertThat(CoveragePage.write(List.of(told)))
        .contains(
            "- `z.onnx`: **verified** with `axes`, `steps` given with float64 narrowed, 1 node;"
                + " ONNX");
  }

  @Test
  void totalsCountByFormatFamilyAndReason() {
    String page = CoveragePage.write(List.of(VERIFIED, REFUSED, REFUSED));
    assertThat(page)
        .contains("| onnx, QDQ | 2 | 0 | 2 | 0 | 0 | 0 |\n")
        .contains("| tflite | 1 | 1 | 0 | 0 | 0 | 0 |\n")
        .contains("| **all** | 3 | 1 | 2 | 0 | 0 | 0 |\n")
        .contains("| tflite: bit for bit | 1 |\n")
        .contains("| onnx: Loop: a \\| body | 2 |\n");
  }

  @Test
  void reasonsAreCountedWithoutNamesAndNumbers() {
    assertThat(
            CoveragePage.kind("operator 3 (CUSTOM \"x\") -> 'y': found 'z' of [1,2]; supported: w"))
        .isEqualTo("CUSTOM \"x\": '…' of […]");
  }

  @Test
  void modelsAreFoundAtAnyDepthAndNamedFromTheirFolder(@TempDir Path folder) throws IOException {
    Path deep = Files.createDirectories(folder.resolve("models/b"));
    Files.writeString(deep.resolve("two.ONNX"), "… QLinearConv …");
    Files.writeString(folder.resolve("models/one.h5"), "");
    Files.writeString(folder.resolve("models/readme.md"), "");
    List<ModelFiles.Found> found = ModelFiles.below(List.of(folder.resolve("models")));
    assertThat(found)
        .extracting(ModelFiles.Found::name)
        .containsExactly("models/b/two.ONNX", "models/one.h5");
    assertThat(ModelFiles.family(found.getFirst())).isEqualTo("QOperator");
  }

  @Test
  void aModelThatEndsTheProcessCostsOnlyItself() throws IOException {
    List<String> command =
        List.of(
            "sh",
            "-c",
            "while read line; do case $line in *bad) exit 1;; *slow) sleep 9;;"
                + " esac; echo '{\"status\"}'; done");
    try (Worker worker = new Worker(command, 1)) {
      assertThat(worker.ask(Path.of("good"))).contains("{\"status\"}");
      assertThat(worker.ask(Path.of("bad"))).isEmpty();
      assertThat(worker.ask(Path.of("slow"))).isEmpty();
      assertThat(worker.ask(Path.of("good"))).contains("{\"status\"}");
    }
  }
}
