package dev.thimble.toolchain;

import dev.thimble.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Gathers in one folder what a harness needs: itself, the program and the samples. */
final class Build {
  private Build() {}

  static void prepare(
      Workspace workspace,
      Machine machine,
      Subject subject,
      String main,
      List<List<Tensor>> samples)
      throws IOException {
    Path folder = workspace.folder();
    workspace.addResources(machine.harness(main));
    workspace.addText(
        ModelUnderTest.FILE, ModelUnderTest.header(subject.program().name(), subject.graph()));
    Files.write(folder.resolve("inputs.bin"), RawTensors.bytes(samples));
    String header = subject.program().name() + ".h";
    Files.copy(subject.folder().resolve(header), folder.resolve(header));
    for (String source : subject.sources()) {
      Files.copy(subject.folder().resolve(source), folder.resolve(source));
    }
  }
}
