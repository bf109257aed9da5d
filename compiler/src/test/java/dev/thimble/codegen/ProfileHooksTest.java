package dev.thimble.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.op.Rounding;
import dev.thimble.target.Target;
import dev.thimble.testing.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hooks of {@code --profile}: what they cost when left out, and what they report. */
class ProfileHooksTest {
  private static final List<String> STRICT =
      List.of(
          "-std=c99",
          "-Wall",
          "-Wextra",
          "-Werror",
          "-Wconversion",
          "-Wshadow",
          "-O1",
          "-ffp-contract=off");

  /** A counter that each reading moves by 100: what lies between two readings took 100 cycles. */
  private static final String COUNTER =
      """
      #include <stdint.h>
      uint32_t counter(void);
      uint32_t counter(void) { static uint32_t now = 0xFFFFFF80u; return now += 100; }
      """;

  @TempDir Path folder;

  private static Map<String, String> program(String golden, boolean profile) {
    GoldenGraph graph = GoldenGraph.of(golden);
    return CodeGenerator.generate(
            graph.plan(),
            new CName("net"),
            graph.rounding(),
            golden,
            new BuildSettings(Target.PORTABLE, false, profile))
        .files();
  }

  private String run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s%n%s", command, text).isZero();
    return text;
  }

  private List<String> compiler(String name, List<String> flags) {
    List<String> command = new ArrayList<>(List.of(Requires.command(name).toString()));
    command.addAll(STRICT);
    command.addAll(flags);
    return command;
  }

  private void write(Map<String, String> files) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }

  @Test
  void aProgramWithoutThemIsTheSameToTheByte() {
    GoldenGraph graph = GoldenGraph.of("stream");
    assertThat(program("stream", false))
        .isEqualTo(
            CodeGenerator.generate(graph.plan(), new CName("net"), Rounding.DOUBLE, "stream")
                .files());
    assertThat(program("stream", false).get("net.c")).doesNotContain("PROFILE");
  }

  @Test
  void compiledWithoutTheMacroTheyLeaveTheSameCode() throws Exception {
    List<byte[]> objects = new ArrayList<>();
    for (boolean profile : List.of(false, true)) {
      write(program("stream", profile));
      run(compiler("gcc", List.of("-c", "net.c", "-o", "net.o")));
      objects.add(Files.readAllBytes(folder.resolve("net.o")));
    }
    assertThat(objects.get(1)).isEqualTo(objects.get(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"stream", "classifier", "float_conv", "conv_max_pool", "odd_names"})
  void everyNodeFunctionReportsToTheTable(String golden) throws Exception {
    write(program(golden, true));
    Files.writeString(folder.resolve("counter.c"), COUNTER);
    Files.writeString(
        folder.resolve("counter.h"), "#include <stdint.h>\nuint32_t counter(void);\n");
    run(
        compiler(
            "gcc",
            List.of(
                "-fsanitize=address,undefined",
                "-DNET_PROFILE",
                "-include",
                "counter.h",
                "-DNET_CYCLES()=counter()",
                "net.c",
                "net_weights.c",
                "net_profile_main.c",
                "counter.c",
                "-o",
                "program",
                "-lm")));
    List<String> lines = run(List.of(folder.resolve("program").toString())).lines().toList();
    assertThat(lines.getFirst()).isEqualTo("      cycles   per MAC  node");
    assertThat(lines.getLast()).endsWith(" in all");
    long functions =
        program(golden, true).get("net.c").lines().filter(l -> l.contains("_PROFILE_END(")).count();
    // Two of the lines define the macro.
    assertThat(lines).hasSize((int) functions - 2 + 2);
    assertThat(lines.subList(1, lines.size() - 1))
        .allMatch(line -> line.strip().matches("[1-9][0-9,]*00 .*\\)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cortex-m0plus", "cortex-m4", "cortex-m33"})
  void theyCompileForCoresWithACounterOfTheirOwn(String core) throws Exception {
    write(program("stream", true));
    for (String file : List.of("net.c", "net_profile_main.c")) {
      run(
          compiler(
              "arm-none-eabi-gcc",
              List.of("-mcpu=" + core, "-mthumb", "-DNET_PROFILE", "-c", file, "-o", "net.o")));
    }
  }

  @Test
  void namesBecomeLiteralsWhateverTheyHold() {
    assertThat(ProfileHooks.literal("a\"b\\c\n?7é")).isEqualTo("\"a\\\"b\\\\c \\0777\\303\\251\"");
  }
}
