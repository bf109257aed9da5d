package dev.thimble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.codegen.GoldenGraph;
import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphException;
import dev.thimble.graph.GraphParser;
import dev.thimble.kernel.KernelException;
import dev.thimble.report.CompileReport;
import dev.thimble.report.InspectReport;
import dev.thimble.report.Json;
import dev.thimble.report.picture.ArenaPicture;
import dev.thimble.schedule.Preference;
import dev.thimble.schedule.Strategy;
import dev.thimble.target.Board;
import dev.thimble.target.BoardReader;
import dev.thimble.target.Boards;
import dev.thimble.testing.Models;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The pipeline, and what its reports say. */
class CompilerTest {
  private static final Graph STREAM = GoldenGraph.of("stream").graph();

  /** Two nodes without kernels: their filter is computed at run time. */
  private static final Graph UNSUPPORTED =
      GraphParser.parse(
          """
          graph "unsupported"
          input "a": i8[1,2] scale 0.5 zero_point 0
          input "w": i8[3,2] scale 0.5 zero_point 0
          const "b": i32[3] = [1, 2, 3]
          node "y": i8[1,3] scale 0.5 zero_point 0 = \
          FullyConnected(keepAxes=false, activation=NONE) "a", "w", "b"
          node "z": i8[1,3] scale 0.5 zero_point 0 = \
          FullyConnected(keepAxes=false, activation=NONE) "a", "w", "b"
          output "y"
          output "z"
          """);

  static List<Graph> golden() {
    return GoldenGraph.all().stream().map(GoldenGraph::graph).toList();
  }

  @ParameterizedTest
  @MethodSource("golden")
  void theSameInputGivesTheSameBytes(Graph graph) {
    Compilation first = compile(graph, CompileOptions.DEFAULTS);
    Compilation second = compile(graph, CompileOptions.DEFAULTS);
    assertThat(second.program().files()).isEqualTo(first.program().files());
    assertThat(report(second)).isEqualTo(report(first));
  }

  @Test
  void stagesAreToldInOrderAndTheirTextReadsBack() {
    Map<Stage, String> texts = new LinkedHashMap<>();
    Compiler.compile(
        Models.of(STREAM), CompileOptions.DEFAULTS, (stage, text) -> texts.put(stage, text.get()));
    assertThat(texts.keySet()).containsExactly(Stage.values());
    assertThat(GraphParser.parse(texts.get(Stage.IMPORT))).isEqualTo(STREAM);
    for (Stage stage : List.of(Stage.DECIDE, Stage.REWRITE, Stage.SCHEDULE)) {
      assertThat(GraphParser.parse(texts.get(stage)).outputs()).isEqualTo(STREAM.outputs());
    }
    assertThat(texts.get(Stage.CODEGEN)).contains("int stream_run(");
    assertThat(Arrays.stream(Stage.values()).map(Stage::text))
        .containsExactly("import", "decide", "rewrite", "schedule", "codegen");
  }

  @Test
  void aProgramOfMoreFlashThanAllowedIsRefusedWithItsLargestConstants() {
    Compilation fits = compile(STREAM, flash(1_000_000));
    long constants = fits.program().sizes().weights();
    long code = CodeEstimate.bytes(fits.plan().schedule(), fits.options());
    assertThat(code).isBetween(500L, 20_000L);
    assertThat(report(compile(STREAM, flash(constants + code))).options())
        .containsEntry("flash", constants + code);
    assertThatThrownBy(() -> compile(STREAM, flash(constants + code - 1)))
        .isInstanceOf(BudgetException.class)
        .hasMessageStartingWith(
            "the program needs "
                + (constants + code)
                + " bytes of flash, "
                + constants
                + " of constants and about "
                + code
                + " of code, --flash allows "
                + (constants + code - 1)
                + ": 1 are missing\n  the largest constants:\n    ")
        .hasMessageContaining("the code is an estimate");
  }

  @Test
  void theReportNamesTheBoardAndHoldsItsDescription() {
    Board board = Boards.ofName("stm32f407");
    CompileOptions options = limited(Limits.of(board));
    JsonNode json = Json.read(Json.write(report(compile(STREAM, options))));
    assertThat(json.path("board").asString()).isEqualTo("stm32f407-discovery");
    assertThat(BoardReader.read(json.path("options").path("board"), "report")).isEqualTo(board);
  }

  @Test
  void copiesOfWeightsAreScratchInThePicture() {
    Compilation plain = compile(STREAM, CompileOptions.DEFAULTS);
    long needed =
        plain.program().sizes().weights()
            + CodeEstimate.bytes(plain.plan().schedule(), plain.options());
    Board board =
        BoardReader.read(
            """
            {"name": "serial", "part": "X", "target": "portable", "clock_mhz": 1,
             "clock_source": "-", "regions": [
              {"name": "ram", "kind": "ram", "bytes": "64K", "address": "0x20000000",
               "executable": false, "dma": true, "source": "-"},
              {"name": "flash", "kind": "flash", "bytes": FLASH, "address": "0x08000000",
               "executable": true, "dma": true, "source": "-"},
              {"name": "serial", "kind": "external_flash", "bytes": "1M",
               "executable": false, "dma": true, "source": "-"}]}
            """
                .replace("FLASH", Long.toString(needed - 1)),
            "serial");
    Compilation compilation = compile(STREAM, limited(Limits.of(board)));
    assertThat(compilation.plan().copies()).isNotEmpty();
    assertThat(ArenaPictures.of(compilation).areas())
        .anySatisfy(area -> {
          assertThat(area.name()).endsWith("weights");
          assertThat(area.kind()).isEqualTo(ArenaPicture.Kind.SCRATCH);
        });
  }

  private static CompileOptions flash(long bytes) {
    return limited(new Limits(OptionalLong.empty(), OptionalLong.of(bytes), Optional.empty()));
  }

  private static CompileOptions limited(Limits limits) {
    return CompileOptions.DEFAULTS.withLimits(limits);
  }

  @Test
  void theProgramIsNamedAfterTheModelOrTheOption() {
    assertThat(compile(STREAM, CompileOptions.DEFAULTS).program().files().keySet())
        .containsExactly("stream.h", "stream.c", "stream_weights.c", "CMakeLists.txt");
    assertThat(compile(STREAM, CompileOptions.DEFAULTS.withName("net")).program().files())
        .containsKeys("net.h", "net.c", "net_weights.c");
    assertThatThrownBy(() -> compile(STREAM, CompileOptions.DEFAULTS.withName("Net")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("name 'Net' cannot name C symbols");
  }

  @Test
  void allNodesWithoutKernelsAreInOneMessage() {
    assertThatThrownBy(() -> compile(UNSUPPORTED, CompileOptions.DEFAULTS))
        .isInstanceOf(KernelException.class)
        .satisfies(e ->
            assertThat(e.getMessage().lines())
                .isNotEmpty()
                .allMatch(line -> line.startsWith("node '")));
  }

  @Test
  void aMalformedGraphIsRefused() {
    Graph graph =
        new Graph("g", STREAM.inputs(), Map.of(), STREAM.nodes(), STREAM.outputs(), Map.of());
    assertThatThrownBy(() -> compile(graph, CompileOptions.DEFAULTS))
        .isInstanceOf(GraphException.class)
        .hasMessageStartingWith("node 'first' (conv2d): 'filter_1'");
  }

  @Test
  void theReportsFiguresAddUp() {
    for (Strategy strategy : List.of(Strategy.NAIVE, Strategy.STREAM)) {
      CompileReport report = report(compile(STREAM, CompileOptions.DEFAULTS.withMemory(strategy)));
      CompileReport.Arena arena = report.arena();
      assertThat(report.memoryStrategy()).isEqualTo(strategy.text());
      assertThat(
              arena.state()
                  + arena.input()
                  + arena.output()
                  + arena.activations()
                  + arena.scratch()
                  + arena.holes())
          .isEqualTo(report.arenaBytes());
      assertThat(report.nodes().stream().mapToLong(CompileReport.NodeRow::macs).sum())
          .isEqualTo(report.macs())
          .isEqualTo(STREAM.macs());
      assertThat(report.filtersBytes() + report.biasRequantBytes())
          .isLessThanOrEqualTo(report.weightsBytes());
      assertThat(report.nodes().stream().anyMatch(CompileReport.NodeRow::streamed))
          .isEqualTo(strategy == Strategy.STREAM);
      assertThat(report.buffers()).allMatch(b -> b.offset() + b.bytes() <= report.arenaBytes());
    }
  }

  @Test
  void theReportNamesPortsOptionsAndAlternatives() {
    CompileReport report =
        report(compile(STREAM, CompileOptions.DEFAULTS.withPrefer(Preference.RAM)));
    assertThat(report.inputs())
        .containsExactly(
            new CompileReport.Port(
                "image", "int8", List.of(1, 8, 8, 1), "NHWC", List.of(1, 8, 8, 1), 0.05f, 3));
    assertThat(report.options())
        .containsOnly(
            Map.entry("target", "portable"),
            Map.entry("rounding", "double"),
            Map.entry("prefer", "ram"),
            Map.entry("feed", "whole"),
            Map.entry("offsets", "fast"));
    assertThat(report.alternatives())
        .extracting(CompileReport.Alternative::strategy)
        .containsExactly("naive", "ping-pong", "greedy", "in-place", "overlap", "stream");
    assertThat(report.model())
        .isEqualTo(new CompileReport.Model("stream", "tflite", "00ff", "../m.tflite"));
    assertThat(Json.read(Json.write(report)).path("arena_bytes").asLong()).isEqualTo(160);
  }

  @Test
  void inspectionShowsTheNetworkBeforeAnyRewrite() {
    InspectReport report = InspectReports.of(Models.of(STREAM), CompileOptions.DEFAULTS);
    assertThat(report.macs()).isEqualTo(STREAM.macs());
    assertThat(report.parameters()).isEqualTo(36 + 4 + 36 + 4 + 8 + 2);
    assertThat(report.constantBytes()).isEqualTo(36 + 16 + 36 + 16 + 8 + 8);
    assertThat(report.unsupported()).isEmpty();
    assertThat(report.nodes())
        .extracting(InspectReport.NodeRow::quantization)
        .containsOnly("int8 scale 0.05 zero point 3");
  }

  @Test
  void inspectionListsWhatIsUnsupportedInsteadOfFailing() {
    InspectReport report = InspectReports.of(Models.of(UNSUPPORTED), CompileOptions.DEFAULTS);
    assertThat(report.memory()).isEmpty();
    assertThat(report.unsupported()).isNotEmpty().allMatch(line -> line.startsWith("node '"));
    assertThat(report.nodes()).hasSize(2);
  }

  @Test
  void decisionsExcludeEachOther() {
    assertThatThrownBy(() -> new CompileOptions.Decision(true, OptionalDouble.of(0.5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--classify and --threshold exclude each other");
  }

  private static CompileReport report(Compilation compilation) {
    return CompileReports.of(compilation, Optional.of("../m.tflite"));
  }

  private static Compilation compile(Graph graph, CompileOptions options) {
    return Compiler.compile(Models.of(graph), options, Stage.Listener.NONE);
  }
}
