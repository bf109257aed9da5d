package dev.thimble.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.Compiler;
import dev.thimble.Stage;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Seeds;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.Requires;
import dev.thimble.testing.TfliteSamples;
import dev.thimble.testing.TfliteWriter;
import dev.thimble.toolchain.ProgramFiles;
import dev.thimble.toolchain.Verification;
import dev.thimble.toolchain.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.tensorflow.lite.schema.BuiltinOperator;

/**
 * Every operator from file to running C. The models stay in {@code conformance/target/operators},
 * where the command can be tried on them.
 */
class OperatorsTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("thimble.root"), "conformance", "target", "operators");

  /** A model from an earlier run, of an operator since renamed, would look like a current one. */
  @BeforeAll
  static void clearTheFolder() throws IOException {
    if (Files.exists(FOLDER)) {
      try (Stream<Path> files = Files.walk(FOLDER)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> programsComputeWhatTheirModelsDo() {
    return Stream.of(true, false)
        .flatMap(floats ->
            TfliteSamples.models(floats).entrySet().stream()
                .map(sample -> {
                  String type = floats ? "float32" : "int8";
                  String name = BuiltinOperator.name(sample.getKey()) + "_" + type;
                  return dynamicTest(name, () -> verify(name, sample.getValue()));
                }));
  }

  private static void verify(String name, TfliteWriter writer) throws IOException {
    Requires.command("gcc");
    Files.createDirectories(FOLDER);
    Path model = FOLDER.resolve(name + ".tflite");
    Files.write(model, writer.bytes());
    Compilation compiled =
        Compiler.compile(ModelImporter.read(model), CompileOptions.DEFAULTS, Stage.Listener.NONE);
    Path folder = FOLDER.resolve(name + "_c");
    ProgramFiles.write(folder, compiled.program().files());
    List<List<Tensor>> samples =
        IntStream.rangeClosed(1, 3)
            .mapToObj(seed -> Seeds.sample(seed, compiled.reference().inputs()))
            .toList();
    Verification result =
        new Verifier(compiled.subject(folder), samples, false, true)
            .run(List.of(Target.PORTABLE), sample -> {});
    assertThat(result.valuesCompared()).isPositive();
    assertThat(result.targets()).allSatisfy(target -> assertThat(target.difference()).isEmpty());
  }
}
