package dev.thimble.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.thimble.schedule.Strategy;
import dev.thimble.testing.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is generated for small networks: {@code codegen/NAME.graph} and beside it {@code NAME.c},
 * {@code NAME.h} and {@code NAME_weights.c}, of which the first has a line in place of the kernel
 * files. With {@code -Dthimble.update=FOLDER} these are written to that folder instead.
 */
class GoldenProgramsTest {
  private static final String KERNELS = "/* The kernel files stand here. */\n\n";
  private static final List<String> WARNINGS =
      List.of("-Wall", "-Wextra", "-Werror", "-Wconversion", "-Wshadow", "-Wdouble-promotion");

  @TestFactory
  Stream<DynamicTest> programsAreAsTheirFilesSay() {
    return GoldenGraph.all().stream()
        .map(golden -> dynamicTest(golden.name(), () -> compare(golden)));
  }

  private static void compare(GoldenGraph golden) throws IOException {
    KernelSources sources = new KernelSources(golden.rounding());
    Map<String, String> files = golden.program(sources).files();
    String update = System.getProperty("thimble.update");
    for (String name : List.of(".c", ".h", "_weights.c")) {
      String file = golden.name() + name;
      String text = files.get(file).replace(sources.text(), KERNELS);
      if (update != null) {
        Files.writeString(Path.of(update, file), text);
      } else {
        assertThat(text).isEqualTo(Files.readString(golden.file().resolveSibling(file)));
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> programsAreCleanInCAndInCPlusPlus(@TempDir Path folder) {
    Path c = Requires.command("gcc");
    Path cPlusPlus = Requires.command("g++");
    return GoldenGraph.all().stream()
        .map(golden ->
            dynamicTest(
                golden.name(),
                () -> {
                  List<String> sources = write(golden, folder);
                  for (String trace : List.of("-DNO_TRACE", "-D" + upper(golden) + "_TRACE")) {
                    check(folder, c, List.of("-std=c99", "-pedantic", "-Wvla", trace), sources);
                    check(folder, cPlusPlus, List.of("-x", "c++", "-std=c++17", trace), sources);
                  }
                }));
  }

  private static List<String> write(GoldenGraph golden, Path folder) throws IOException {
    for (Map.Entry<String, String> file : golden.program().files().entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    return List.of(golden.name() + ".c", golden.name() + "_weights.c");
  }

  private static String upper(GoldenGraph golden) {
    return new CName(golden.name()).upper();
  }

  private static void check(Path folder, Path compiler, List<String> options, List<String> sources)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(compiler.toString(), "-fsyntax-only"));
    command.addAll(options);
    command.addAll(WARNINGS);
    command.addAll(sources);
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s%n%s", command, output).isZero();
  }

  @Test
  void textIsTidy() {
    for (GoldenGraph golden : GoldenGraph.all()) {
      golden
          .program()
          .files()
          .forEach((file, text) -> {
            assertThat(text).as(file).endsWith("\n").doesNotContain("\n\n\n", "\t", " \n", "\r");
            assertThat(text.chars()).as(file).allMatch(c -> c == '\n' || (c >= ' ' && c <= '~'));
          });
    }
  }

  @Test
  void filesDoNotDependOnTheUsersLocale() {
    Locale before = Locale.getDefault();
    GoldenGraph golden = GoldenGraph.of("stream");
    Map<String, String> files = golden.program().files();
    try {
      for (String tag : List.of("ar-EG-u-nu-arab", "hi-IN-u-nu-deva", "de-DE", "tr-TR")) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        assertThat(golden.program().files()).as(tag).isEqualTo(files);
      }
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void theProgramSaysWhichFunctionRunsEachNodeAndWhatItTraces() {
    CProgram fused = GoldenGraph.of("conv_max_pool").program();
    assertThat(fused.nodes()).containsExactly(0, 0);
    assertThat(fused.traced().stream().map(traced -> traced.value().name()))
        .containsExactly("pool");
    CProgram stream = GoldenGraph.of("stream").program();
    assertThat(stream.nodes()).containsExactly(0, 1, 2);
    assertThat(stream.traced().stream().map(CProgram.Traced::whole))
        .containsExactly(false, true, true);
  }

  @Test
  void constantsAreSummedByTheirRole() {
    CProgram.Sizes sizes = GoldenGraph.of("conv_relu").program().sizes();
    assertThat(sizes.filters()).isEqualTo(4 * 3 * 3 * 2);
    // Four channels: an int32 bias and multiplier and an int8 shift each.
    assertThat(sizes.biasRequant()).isEqualTo(4 * (4 + 4 + 1));
    assertThat(sizes.weights()).isEqualTo(sizes.filters() + sizes.biasRequant());
    // A row of two pixels of three channels stands for what is outside of the map.
    CProgram.Sizes padded = GoldenGraph.of("padded_pointwise").program().sizes();
    assertThat(padded.weights()).isEqualTo(padded.filters() + padded.biasRequant() + 6);
  }

  @Test
  void everyFormAndStrategyHasAProgram() {
    assertThat(GoldenGraph.all().stream().map(GoldenGraph::strategy).distinct())
        .hasSize(Strategy.values().length);
    String all = String.join("", GoldenGraph.all().stream().map(GoldenProgramsTest::main).toList());
    for (String part : List.of("thimble_tile_rows(&", "_finish(&", "inputs[0]", "_stream_all(&")) {
      assertThat(all).contains(part);
    }
  }

  private static String main(GoldenGraph golden) {
    return golden.program().files().get(golden.name() + ".c");
  }
}
