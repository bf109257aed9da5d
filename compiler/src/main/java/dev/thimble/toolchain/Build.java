package dev.thimble.toolchain;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorBytes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Gathers in one folder what a harness needs: itself, the program and the samples. */
final class Build {
  /** The program's sub-folder: whatever its name is, its files hide none of the harness's. */
  private static final String MODEL = "model/";

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
    String header = subject.program().name() + ".h";
    Files.createDirectory(folder.resolve(MODEL));
    Files.copy(subject.folder().resolve(header), folder.resolve(MODEL + header));
    for (String source : subject.sources()) {
      Files.copy(subject.folder().resolve(source), folder.resolve(MODEL + source));
    }
    workspace.addText(
        ModelUnderTest.FILE,
        ModelUnderTest.header(MODEL + header, subject.program(), subject.graph()));
    writeInputs(folder, samples);
  }

  /**
   * Writes what the harness reads as {@code inputs.bin}. A network without inputs has one byte per
   * sample, which tells how many there are.
   */
  static void writeInputs(Path folder, List<List<Tensor>> samples) throws IOException {
    try (OutputStream inputs =
        new BufferedOutputStream(Files.newOutputStream(folder.resolve("inputs.bin")))) {
      for (List<Tensor> sample : samples) {
        TensorBytes.write(sample, inputs);
        if (sample.isEmpty()) {
          inputs.write(0);
        }
      }
    }
  }

  /** The program's C files, relative to the workspace. */
  static List<String> sources(Subject subject) {
    return subject.sources().stream().map(MODEL::concat).toList();
  }
}
