package dev.thimble.cli.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {
  @Test
  void filesOfAllFormatsAreFound(@TempDir Path folder) throws IOException {
    for (String name : List.of("a.tflite", "b.onnx", "c.PT2", "d.keras", "e.h5", "f.pth", "g.py")) {
      Files.writeString(folder.resolve(name), "");
    }

    assertThat(ModelFiles.below(List.of(folder)))
        .extracting(ModelFiles.Found::format)
        .containsExactly("tflite", "onnx", "pt2", "keras", "h5");
  }
}
