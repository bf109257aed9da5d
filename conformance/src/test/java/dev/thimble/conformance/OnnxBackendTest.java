package dev.thimble.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.Compiler;
import dev.thimble.Stage;
import dev.thimble.importer.ModelException;
import dev.thimble.op.Rounding;
import dev.thimble.testing.Requires;
import dev.thimble.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * ONNX's own tests of its backends. Each is imported, evaluated, and compared with the outputs that
 * ONNX states; then compiled to C, built on the host and compared with the evaluation. Debian's
 * package libonnx-testdata has all of them, the shared test data most.
 */
class OnnxBackendTest {
  private static final Path PACKAGE = Path.of("/usr/share/libonnx-testdata/data");
  private static final String SHARED = "cases/09_op_conformance/onnx_backend_1.12";
  private static final List<String> KINDS =
      List.of("node", "pytorch-converted", "pytorch-operator", "simple");

  /** Programs that are built together. */
  private static final int BATCH = 24;

  /** Of the programs, those that the short suite builds: one of so many. */
  private static final int SAMPLE = 40;

  /** The cases of the whole set that must pass. */
  private static final int LEAST = 700;

  /**
   * Cases whose stated outputs are not those of the operator's definition: they divide by an output
   * size that is not rounded down.
   */
  private static final List<String> OTHERWISE =
      List.of(
          "test_resize_downsample_scales_cubic_align_corners",
          "test_resize_downsample_scales_linear_align_corners");

  @TempDir Path folder;

  private final List<OnnxCase> passed = new ArrayList<>();
  private final Map<String, String> refused = new TreeMap<>();
  private final Map<String, String> wrong = new TreeMap<>();

  private void evaluate() throws IOException {
    for (Path each : cases()) {
      String name = each.getFileName().toString();
      try {
        OnnxCase read = new OnnxCase(each);
        read.evaluated().ifPresentOrElse(what -> wrong.put(name, what), () -> passed.add(read));
      } catch (ModelException | OnnxCase.OtherDataException e) {
        refused.put(name, String.valueOf(e.getMessage()));
      }
    }
    System.err.println(
        passed.size()
            + " cases pass, "
            + wrong.size()
            + " differ, "
            + refused.size()
            + " are refused");
  }

  private static List<Path> cases() throws IOException {
    Path root = Files.isDirectory(PACKAGE) ? PACKAGE : Shared.require(SHARED);
    List<Path> cases = new ArrayList<>();
    for (String kind : KINDS) {
      if (Files.isDirectory(root.resolve(kind))) {
        try (Stream<Path> folders = Files.list(root.resolve(kind))) {
          folders.filter(f -> Files.exists(f.resolve("model.onnx"))).sorted().forEach(cases::add);
        }
      }
    }
    return cases;
  }

  @Test
  void theReferenceComputesWhatOnnxStates() throws IOException {
    evaluate();

    assertThat(wrong.keySet()).isSubsetOf(OTHERWISE);
    int all = passed.size() + wrong.size() + refused.size();
    assertThat(passed).hasSizeGreaterThan(LEAST * all / 1072);
  }

  @Test
  void everyRefusalSaysWhat() throws IOException {
    evaluate();

    refused.values().forEach(reason -> assertThat(reason).containsAnyOf("supported:", ";", "data"));
  }

  @Test
  void theGeneratedCOfASampleComputesTheSame() throws Exception {
    Requires.command("gcc");
    evaluate();
    List<OnnxCase> sample = new ArrayList<>();
    for (int i = 0; i < passed.size(); i += SAMPLE) {
      sample.add(passed.get(i));
    }

    assertThat(failures(sample)).isEmpty();
  }

  @Test
  @Tag("long")
  void theGeneratedCOfAllComputesTheSame() throws Exception {
    Requires.command("gcc");
    evaluate();

    List<String> failures = failures(passed);
    System.err.println(passed.size() - failures.size() + " programs of " + passed.size() + " pass");
    assertThat(failures).isEmpty();
  }

  /** The cases whose program differs from the evaluation, or that have none. */
  List<String> failures(List<OnnxCase> cases) throws IOException, InterruptedException {
    List<String> failures = new ArrayList<>();
    for (int from = 0; from < cases.size(); from += BATCH) {
      failures.addAll(batch(cases.subList(from, Math.min(cases.size(), from + BATCH))));
    }
    return failures;
  }

  private List<String> batch(List<OnnxCase> cases) throws IOException, InterruptedException {
    Path scratch = Files.createTempDirectory(folder, "batch");
    ProgramBatch batch = new ProgramBatch(scratch);
    List<String> failures = new ArrayList<>();
    for (OnnxCase each : cases) {
      try {
        Compilation compilation =
            Compiler.compile(each.model(), CompileOptions.DEFAULTS, Stage.Listener.NONE);
        batch.add(compilation.plan(), Rounding.DOUBLE, each.sample(), each.name());
      } catch (RuntimeException e) {
        failures.add(each.name() + ": " + e);
      }
    }
    try {
      failures.addAll(batch.size() == 0 ? List.of() : batch.failures());
    } catch (AssertionError e) {
      // One program that does not build hides the others: find it by halves.
      if (cases.size() == 1) {
        return List.of(cases.getFirst().name() + ": " + e.getMessage());
      }
      List<String> halves = new ArrayList<>(batch(cases.subList(0, cases.size() / 2)));
      halves.addAll(batch(cases.subList(cases.size() / 2, cases.size())));
      return halves;
    }
    return failures;
  }
}
