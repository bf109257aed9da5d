package dev.thimble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.codegen.GoldenGraph;
import dev.thimble.importer.ImportedModel;
import dev.thimble.report.CompileReport;
import dev.thimble.report.EstimateReport;
import dev.thimble.report.EstimateReport.Variant;
import dev.thimble.target.Board;
import dev.thimble.target.BoardReader;
import dev.thimble.target.Boards;
import dev.thimble.target.Target;
import dev.thimble.testing.Models;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EstimatesTest {
  private static final ImportedModel STREAM = Models.of(GoldenGraph.of("stream").graph());
  private static final Board F4 = Boards.ofName("stm32f407");

  private static CompileOptions on(Board board) {
    return CompileOptions.DEFAULTS.withTarget(board.target()).withLimits(Limits.of(board));
  }

  private static CompileReport compiled(ImportedModel model, CompileOptions options) {
    return CompileReports.of(
        Compiler.compile(model, options, Stage.Listener.NONE), Optional.empty());
  }

  private static Board tiny(long ram) {
    return BoardReader.read(
        """
        {"name": "tiny", "part": "X", "target": "m4", "clock_mhz": 10, "clock_source": "none",
         "regions": [
          {"name": "ram", "kind": "ram", "bytes": %d, "address": "0x20000000",
           "executable": true, "dma": true, "source": "none"},
          {"name": "flash", "kind": "flash", "bytes": "64K", "address": "0x08000000",
           "executable": true, "dma": true, "source": "none"}]}
        """
            .formatted(ram),
        "tiny");
  }

  @Test
  void theFiguresOfTheNetworkAsGivenAreThoseOfCompile() {
    Variant int8 = new Estimates(STREAM, CompileOptions.DEFAULTS).on(F4).variants().getFirst();
    CompileReport compiled = compiled(STREAM, on(F4));
    assertThat(int8.precision()).isEqualTo("int8");
    assertThat(int8.given()).isTrue();
    assertThat(int8.fits()).isTrue();
    assertThat(int8.arenaBytes()).isEqualTo(compiled.arenaBytes());
    assertThat(int8.weightsBytes()).isEqualTo(compiled.weightsBytes());
    assertThat(int8.cycles()).isEqualTo(compiled.cycles());
    assertThat(int8.latencyMs()).isEqualTo(compiled.latencyMs());
    assertThat(int8.energyUj()).isEqualTo(compiled.energyUj());
  }

  @Test
  void floatsTakeMoreMemoryThanInt8WithTheWorkingMemoryOfItsKernels() {
    List<Variant> variants = new Estimates(STREAM, CompileOptions.DEFAULTS).on(F4).variants();
    assertThat(variants.get(1).precision()).isEqualTo("float32");
    assertThat(variants.get(1).given()).isFalse();
    assertThat((double) variants.get(1).arenaBytes() / variants.get(0).arenaBytes())
        .isBetween(1.5, 5.0);
  }

  @Test
  void aFloatNetworkIsShownBesideOneOfInt8() {
    ImportedModel model = Models.of(GoldenGraph.of("float_conv").graph());
    List<Variant> variants = new Estimates(model, CompileOptions.DEFAULTS).on(F4).variants();
    assertThat(variants).extracting(Variant::precision).containsExactly("float32", "int8");
    assertThat(variants).extracting(Variant::fits).containsExactly(true, true);
    assertThat(variants.get(1).weightsBytes()).isLessThan(variants.get(0).weightsBytes());
  }

  @Test
  void whatDoesNotFitHasItsReasonAndWhatItWouldNeed() {
    Board tiny = tiny(1024 + 16);
    Variant variant = new Estimates(STREAM, CompileOptions.DEFAULTS).on(tiny).variants().getFirst();
    assertThat(variant.fits()).isFalse();
    assertThat(variant.reason()).startsWith("the arena needs ").contains("'tiny' allows 16 ");
    assertThat(variant.arenaBytes()).isGreaterThan(16);
  }

  @Test
  void everyFigureOfAModelSaysSo() {
    for (Board board : Boards.all()) {
      EstimateReport.BoardRow row = new Estimates(STREAM, CompileOptions.DEFAULTS).on(board);
      Variant variant = row.variants().getFirst();
      assertThat(variant.cyclesBasis()).as(board.name()).startsWith("estimate, not measured");
      assertThat(variant.latencyMs()).as(board.name()).isPositive();
      assertThat(variant.energyUj() == null)
          .as(board.name())
          .isEqualTo(board.activePower().isEmpty());
      assertThat(variant.energyUjBasis()).isNotBlank();
    }
  }

  @Test
  void withoutABoardThereAreCyclesAndNoTime() {
    CompileReport report = compiled(STREAM, CompileOptions.DEFAULTS.withTarget(Target.CORTEX_M4));
    assertThat(report.cycles()).isPositive();
    assertThat(report.latencyMs()).isNull();
    assertThat(report.latencyMsBasis()).contains("--board");
    assertThat(
            report.nodes().stream()
                .mapToLong(node -> node.cycles() == null ? 0 : node.cycles())
                .sum())
        .isEqualTo(report.cycles());
  }

  @Test
  void aProgramForNoTargetInParticularHasNoCycles() {
    CompileReport report = compiled(STREAM, CompileOptions.DEFAULTS);
    assertThat(report.cycles()).isNull();
    assertThat(report.cyclesBasis()).isNull();
    assertThat(report.nodes()).allMatch(node -> node.cycles() == null);
  }
}
