package dev.thimble.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.Compiler;
import dev.thimble.Stage;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Seeds;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.Requires;
import dev.thimble.toolchain.Profile;
import dev.thimble.toolchain.Profiler;
import dev.thimble.toolchain.ProgramFiles;
import dev.thimble.toolchain.Simulated;
import dev.thimble.toolchain.Subject;
import dev.thimble.toolchain.Verification;
import dev.thimble.toolchain.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A generated program whose files lie in a temporary folder until it is closed. It is built for
 * size: the code that small machines get.
 */
record WrittenProgram(Subject subject) implements AutoCloseable {
  static Compilation compile(Path model, CompileOptions options) {
    return Compiler.compile(ModelImporter.read(model), options, Stage.Listener.NONE);
  }

  static WrittenProgram of(Compilation compilation) throws IOException {
    Path folder = Files.createTempDirectory("thimble");
    ProgramFiles.write(folder, compilation.program().files());
    return new WrittenProgram(compilation.subject(folder));
  }

  Path folder() {
    return subject.folder();
  }

  /** The samples 1 to {@code count} of the documented generator. */
  List<List<Tensor>> seeds(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(seed -> Seeds.sample(seed, subject.reference().inputs()))
        .toList();
  }

  /** Fails unless the C stores and returns what the network as imported computes. */
  void assertEqual(List<List<Tensor>> samples, boolean sanitize, Target... targets)
      throws IOException {
    for (Target target : targets) {
      requireTools(target);
    }
    Verification result =
        new Verifier(subject, samples, true, sanitize).run(List.of(targets), sample -> {});
    assertThat(result.targets())
        .hasSize(targets.length)
        .allSatisfy(target ->
            assertThat(target.difference())
                .as("%s on %s", subject.program().name(), target.target())
                .isEmpty());
    assertThat(result.samples()).isEqualTo(samples.size()).isPositive();
    assertThat(result.valuesCompared()).isGreaterThanOrEqualTo((long) samples.size());
  }

  Profile profile(Target target) throws IOException {
    requireTools(Target.PORTABLE);
    requireTools(target);
    return new Profiler(subject, seeds(1).getFirst(), true).run(target);
  }

  private static void requireTools(Target target) {
    Simulated.tools(target).forEach(tool -> Requires.command(tool.command()));
  }

  @Override
  public void close() throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(folder())) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.delete(each);
    }
  }
}
