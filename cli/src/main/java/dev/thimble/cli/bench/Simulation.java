package dev.thimble.cli.bench;

import dev.thimble.Compilation;
import dev.thimble.importer.data.Seeds;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import dev.thimble.toolchain.Profile;
import dev.thimble.toolchain.Profiler;
import dev.thimble.toolchain.ProgramFiles;
import dev.thimble.toolchain.Subject;
import dev.thimble.toolchain.Verifier;
import dev.thimble.toolchain.Workspace;
import java.io.IOException;
import java.util.List;

/**
 * One inference of a program on a simulated core. All programs are built for speed: flags that
 * differ would make the counts differ.
 *
 * @param profile what was counted
 * @param equal whether all values equal those of the network as imported
 */
record Simulation(Profile profile, boolean equal) {
  /**
   * Builds the program in a folder of its own and runs it on the first sample of the documented
   * generator.
   *
   * @throws dev.thimble.toolchain.ProgramException when the program crashes
   * @throws dev.thimble.toolchain.ToolException when a compiler or simulator is missing
   */
  static Simulation of(Compilation compilation, Target target) throws IOException {
    List<Tensor> sample = Seeds.sample(1, compilation.reference().inputs());
    try (Workspace workspace = Workspace.create()) {
      ProgramFiles.write(workspace.folder(), compilation.program().files());
      Subject subject = compilation.subject(workspace.folder());
      return new Simulation(
          new Profiler(subject, sample, false).run(target),
          new Verifier(subject, List.of(sample), false, false)
              .run(List.of(target), done -> {})
              .equal());
    }
  }
}
