package dev.thimble.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.CompileReports;
import dev.thimble.conformance.Launcher.Result;
import dev.thimble.importer.data.Seeds;
import dev.thimble.report.CompileReport;
import dev.thimble.report.Json;
import dev.thimble.target.Target;
import dev.thimble.testing.Requires;
import dev.thimble.testing.Shared;
import dev.thimble.toolchain.Profile;
import dev.thimble.toolchain.Profiler;
import java.nio.file.Path;
import java.util.Optional;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Estimates beside what a simulated core counts, and the command that prints them. */
class EstimateTest {
  /**
   * What estimates may be off: kernels of an instruction set are held to 15 % by their formulas.
   */
  private static final Percentage ERROR = Percentage.withPercentage(20);

  private static final Path DIGITS = Launcher.ROOT.resolve("examples/digits/lenet5_int8.tflite");

  @ParameterizedTest
  @CsvSource({
    "CORTEX_M4, kws/kws_ref_model_int8",
    "CORTEX_M4, ad/ad01_int8",
    "CORTEX_M4, ic/pretrainedResnet_int8",
    "CORTEX_M0PLUS, kws/kws_ref_model_int8",
    "CORTEX_M3, vww/vww_96_int8"
  })
  void theCyclesOfANetworkAreAboutThoseOfItsProfile(Target target, String name) throws Exception {
    Requires.command("qemu-system-arm");
    Requires.command("arm-none-eabi-gcc");
    Path model = Shared.require("cases/01_mlperf_tiny/" + name + ".tflite");
    Compilation compilation = WrittenProgram.compile(model, options(target));
    CompileReport report = CompileReports.of(compilation, Optional.empty());
    try (WrittenProgram program = WrittenProgram.of(compilation)) {
      Profile profile =
          new Profiler(program.subject(), Seeds.sample(1, compilation.reference().inputs()), false)
              .run(target);
      assertThat((double) report.cycles()).isCloseTo(profile.total().cycles(), ERROR);
    }
  }

  private static CompileOptions options(Target target) {
    return CompileOptions.DEFAULTS.withTarget(target);
  }

  @Test
  void estimateTakesSeveralBoardsAndPrintsBothKindsOfElements() throws Exception {
    Result result =
        Launcher.run("estimate", DIGITS, "--board", "stm32f407", "--board", "pico", "--json");
    assertThat(result.exitCode()).as(result.err()).isZero();
    JsonNode boards = Json.read(result.out()).path("boards");
    assertThat(boards).hasSize(2);
    assertThat(boards.get(1).path("target").asString()).isEqualTo("cortex-m0plus");
    assertThat(boards.get(0).path("variants").findValuesAsString("precision"))
        .containsExactly("int8", "float32");
    assertThat(result.err()).contains("estimate, not measured");
  }

  @Test
  void withATargetAllItsBoardsAreShown() throws Exception {
    Result result = Launcher.run("estimate", DIGITS, "--target", "m0+", "--json");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(Json.read(result.out()).path("boards").findValuesAsString("board"))
        .containsExactly("nucleo-g0b1re", "pico");
  }

  @Test
  void whatFitsNoBoardEndsWithTheReason() throws Exception {
    Result result = Launcher.run("estimate", DIGITS, "--board", "stm32f407", "--ram", "100");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err()).contains("fits not: the arena needs ", "--ram allows 100");
  }

  @Test
  void otherCommandsTakeOneBoard() throws Exception {
    Result result = Launcher.run("inspect", DIGITS, "--board", "pico", "--board", "pico2");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("--board was given 2 times");
  }
}
