package dev.thimble.conformance;

import static dev.thimble.target.Target.CORTEX_M4;
import static dev.thimble.target.Target.PORTABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.importer.ModelException;
import dev.thimble.importer.ModelImporter;
import dev.thimble.schedule.Preference;
import dev.thimble.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Networks that others published: each is compiled and proved, or refused in full. */
class CaseModelsTest {
  private static final List<String> FOLDERS = List.of("02_tflite", "10_same_net_many_formats");
  private static final long SANITIZED_BYTES = 40_000;

  /** The networks with an operator or a form of one that is not supported. */
  private static final Set<String> REFUSED = Set.of("02_tflite/tflm/audio_preprocessor_int8");

  private interface Check {
    void run(Path model) throws IOException;
  }

  @TestFactory
  Stream<DynamicTest> everySupportedNetworkEqualsItsCodeOnTheHost() throws IOException {
    return each(name -> !REFUSED.contains(name), CaseModelsTest::equalOnTheHost);
  }

  private static void equalOnTheHost(Path model) throws IOException {
    try (WrittenProgram program = WrittenProgram.of(smallest(model))) {
      program.assertEqual(program.seeds(2), Files.size(model) < SANITIZED_BYTES, PORTABLE);
    }
  }

  @Tag("long")
  @TestFactory
  Stream<DynamicTest> everySupportedNetworkEqualsItsCodeOnCortexM4() throws IOException {
    return each(
        name -> !REFUSED.contains(name),
        model -> {
          try (WrittenProgram program = WrittenProgram.of(smallest(model))) {
            program.assertEqual(program.seeds(2), false, CORTEX_M4);
          }
        });
  }

  private static Compilation smallest(Path model) {
    return WrittenProgram.compile(model, CompileOptions.DEFAULTS.withPrefer(Preference.RAM));
  }

  @TestFactory
  Stream<DynamicTest> everyOtherNetworkIsRefusedWithAllItsReasons() throws IOException {
    return each(
        REFUSED::contains,
        model ->
            assertThatThrownBy(() -> ModelImporter.read(model))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("not supported:\n  ")
                .hasMessageContaining("; supported: ")
                .hasMessageContaining("\nremedy: "));
  }

  @Test
  void theRefusedNetworksAreExactlyThese() throws IOException {
    Set<String> refused = new TreeSet<>();
    for (Path model : models()) {
      try {
        ModelImporter.read(model);
      } catch (ModelException e) {
        refused.add(name(model));
      }
    }
    assertThat(refused).containsExactlyInAnyOrderElementsOf(REFUSED);
  }

  private static Stream<DynamicTest> each(Predicate<String> names, Check check) throws IOException {
    return models().stream()
        .filter(model -> names.test(name(model)))
        .map(model -> DynamicTest.dynamicTest(name(model), () -> check.run(model)));
  }

  private static List<Path> models() throws IOException {
    List<Path> all = new ArrayList<>();
    for (String folder : FOLDERS) {
      try (Stream<Path> files = Files.walk(Shared.require("cases/" + folder))) {
        files.filter(file -> file.toString().endsWith(".tflite")).sorted().forEach(all::add);
      }
    }
    assertThat(all).hasSizeGreaterThanOrEqualTo(44);
    return all;
  }

  private static String name(Path model) {
    String path = Shared.require("cases").relativize(model).toString();
    return path.substring(0, path.length() - ".tflite".length());
  }
}
