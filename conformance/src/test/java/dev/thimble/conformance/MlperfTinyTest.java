package dev.thimble.conformance;

import static dev.thimble.target.Target.CORTEX_M4;
import static dev.thimble.target.Target.PORTABLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.CompileReports;
import dev.thimble.report.CompileReport;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.Preference;
import dev.thimble.schedule.Strategy;
import dev.thimble.testing.Shared;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The four int8 networks of the MLPerf Tiny benchmark, as small as they must be, and exact. */
class MlperfTinyTest {
  private static final int SEEDS = 20;
  private static final long CODE_BYTES = 8192;

  /** A network and the most RAM that {@code --prefer ram} may take for it. */
  enum Network {
    VWW("vww/vww_96_int8", 55_296),
    KWS("kws/kws_ref_model_int8", 16_000),
    IC("ic/pretrainedResnet_int8", 49_152),
    AD("ad/ad01_int8", 768);

    private final String file;
    private final long arenaBytes;

    Network(String file, long arenaBytes) {
      this.file = file;
      this.arenaBytes = arenaBytes;
    }

    Compilation compile(CompileOptions options) {
      Path model = Shared.require("cases/01_mlperf_tiny/" + file + ".tflite");
      return WrittenProgram.compile(model, options);
    }

    Compilation smallest() {
      return compile(CompileOptions.DEFAULTS.withPrefer(Preference.RAM));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSmallestProgramEqualsTheNetworkOnTheHost(Network network) throws IOException {
    try (WrittenProgram program = WrittenProgram.of(network.smallest())) {
      program.assertEqual(program.seeds(SEEDS), false, PORTABLE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSmallestProgramEqualsTheNetworkOnCortexM4(Network network) throws IOException {
    try (WrittenProgram program = WrittenProgram.of(network.smallest())) {
      program.assertEqual(program.seeds(2), false, CORTEX_M4);
    }
  }

  @Tag("long")
  @TestFactory
  Stream<DynamicTest> everyStrategyEqualsTheNetworkOnHostAndCortexM4() {
    return Stream.of(Network.values())
        .flatMap(network ->
            Stream.of(Strategy.values())
                .map(strategy ->
                    DynamicTest.dynamicTest(
                        network + " " + strategy.text(), () -> equal(network, strategy))));
  }

  private static void equal(Network network, Strategy strategy) throws IOException {
    Compilation compilation = network.compile(CompileOptions.DEFAULTS.withMemory(strategy));
    if (compilation.plan().strategy() != strategy) {
      // The strategy has nothing to add here; the program is that of the strategy before it.
      return;
    }
    try (WrittenProgram program = WrittenProgram.of(compilation)) {
      program.assertEqual(program.seeds(SEEDS), false, PORTABLE, CORTEX_M4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theArenaKeepsToItsBar(Network network) {
    assertThat(network.smallest().plan().arenaBytes()).isLessThanOrEqualTo(network.arenaBytes);
  }

  @ParameterizedTest
  @EnumSource
  void theCodeOnCortexM4IsBelowEightKilobytes(Network network) throws IOException {
    try (WrittenProgram program = WrittenProgram.of(network.smallest())) {
      assertThat(program.profile(CORTEX_M4).codeBytes()).isLessThan(CODE_BYTES);
    }
  }

  @Test
  void rewritesHalveTheMacsAndThinTheFiltersOfVisualWakeWords() {
    Compilation compilation = Network.VWW.smallest();
    CompileReport report = CompileReports.of(compilation, Optional.empty());
    assertThat(report.macsSource()).isEqualTo(7_489_664);
    assertThat(report.macs()).isLessThanOrEqualTo(3_733_073);
    assertThat(report.filtersBytes()).isLessThanOrEqualTo(30_500);
  }

  @ParameterizedTest
  @EnumSource
  void noStrategyNeedsLessThanItsLowerBound(Network network) {
    assertThat(network.smallest().plans())
        .isNotEmpty()
        .allSatisfy(plan -> assertThat(plan.arenaBytes()).isGreaterThanOrEqualTo(plan.lowerBound()))
        .extracting(MemoryPlan::strategy)
        .doesNotHaveDuplicates();
  }
}
