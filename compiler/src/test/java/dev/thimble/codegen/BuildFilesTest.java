package dev.thimble.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.target.Target;
import dev.thimble.testing.Requires;
import dev.thimble.toolchain.ProgramFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The build files make libraries, with the flags that each file is best compiled with. */
class BuildFilesTest {
  private static final BuildSettings M4 = new BuildSettings(Target.CORTEX_M4, false, false);

  @TempDir Path folder;

  private static String cmake(String name, boolean usesFloats, BuildSettings settings) {
    return new BuildFiles(new CName(name), usesFloats, settings).cmake("b");
  }

  @Test
  void cmakeTargetsAvoidTheNamesThatCmakeKeeps() {
    assertThat(cmake("test", false, BuildSettings.PORTABLE))
        .contains("add_library(test_model STATIC test.c test_weights.c)");
    assertThat(cmake("vww", true, BuildSettings.PORTABLE))
        .contains("add_library(vww STATIC vww.c vww_weights.c)", "-ffp-contract=off");
  }

  @Test
  void cmakeGivesTheFlagsOfTheCoreToAProjectThatHasNone() {
    assertThat(cmake("vww", false, BuildSettings.PORTABLE)).doesNotContain("CMAKE_C_FLAGS");
    assertThat(cmake("vww", false, M4))
        .contains(
            """
            if(NOT CMAKE_C_FLAGS)
              target_compile_options(vww PUBLIC -mcpu=cortex-m4 -mthumb -mfpu=fpv4-sp-d16 \
            -mfloat-abi=hard)
            endif()
            """);
  }

  @Test
  void theCodeIsOptimizedAsThePreferenceSaysAndTheTablesForSize() throws Exception {
    assertThat(built(BuildSettings.PORTABLE))
        .anyMatch(line -> line.contains(" -O2 ") && line.contains("/net.c"))
        .anyMatch(line -> line.contains(" -Os ") && line.contains("/net_weights.c"));
    assertThat(built(new BuildSettings(Target.PORTABLE, true, false)))
        .anyMatch(line -> line.contains(" -Os ") && line.contains("/net.c"));
    assertThat(built(BuildSettings.PORTABLE, "-DCMAKE_BUILD_TYPE=Debug"))
        .noneMatch(line -> line.contains(" -O2 "));
  }

  @Test
  void filesAreOptimizedTogetherWhereThatIsAskedFor() throws Exception {
    assertThat(built(BuildSettings.PORTABLE)).noneMatch(line -> line.contains("-flto"));
    assertThat(built(BuildSettings.PORTABLE, "-DNET_LTO=ON"))
        .anyMatch(line -> line.contains("-flto") && line.contains("/net.c"));
  }

  /** Builds a program with its hooks, and returns what the build printed. */
  private List<String> built(BuildSettings settings, String... options) throws Exception {
    String cmake = Requires.command("cmake").toString();
    GoldenGraph golden = GoldenGraph.of("conv_relu");
    CProgram program =
        CodeGenerator.generate(
            golden.plan(), new CName("net"), golden.rounding(), "a test", settings);
    Path source = folder.resolve("source");
    Path build = folder.resolve("build");
    ProgramFiles.write(source, program.files());
    List<String> configure =
        new ArrayList<>(List.of(cmake, "--fresh", "-S", source.toString(), "-B", build.toString()));
    configure.addAll(List.of(options));
    run(configure);
    return run(List.of(cmake, "--build", build.toString(), "--verbose")).lines().toList();
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s%n%s", command, text).isZero();
    return text;
  }
}
