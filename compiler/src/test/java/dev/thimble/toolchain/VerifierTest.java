package dev.thimble.toolchain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.codegen.CName;
import dev.thimble.codegen.CProgram;
import dev.thimble.codegen.CodeGenerator;
import dev.thimble.codegen.GoldenGraph;
import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import dev.thimble.importer.data.Seeds;
import dev.thimble.kernel.KernelLibrary;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.op.Rounding;
import dev.thimble.rewrite.GraphOutputs;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.MemoryPlanner;
import dev.thimble.schedule.PlanChoice;
import dev.thimble.schedule.PlanRequest;
import dev.thimble.schedule.Strategy;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Right programs are found equal, and wrong ones are found out. */
class VerifierTest {
  private static final int SAMPLES = 3;

  /** A map of more rows than 16 bits can count: a padded convolution, and a pooling after it. */
  private static final String TALL =
      """
      input "x": i8[1,70001,2,1] scale 0.05 zero_point 3
      const "w": i8[2,3,1,1] scale 0.1 zero_point 0 = [20, -30, 40, 50, 6, -70]
      const "b": i32[2] = [100, -50]
      node "c": i8[1,70001,2,2] scale 0.05 zero_point 3 = Conv2d(stride=(height=1, width=1), \
      dilation=(height=1, width=1), padding=(top=1, bottom=1, left=0, right=0), groups=1, \
      activation=NONE) "x", "w", "b"
      node "p": i8[1,35000,2,2] scale 0.05 zero_point 3 = Pool2d(pooling=MAX, \
      kernel=(height=2, width=1), stride=(height=2, width=1), \
      padding=(top=0, bottom=0, left=0, right=0), activation=NONE) "c"
      node "r": i8[1,35000,2,2] scale 0.05 zero_point 3 = Unary(function=RELU) "p"
      output "r"
      """;

  private static final KernelLibrary KERNELS = new PortableKernels();

  @TempDir private Path folder;

  private boolean sanitize;

  @BeforeEach
  void needsACompiler() {
    Requires.command("gcc");
  }

  static List<String> golden() {
    return GoldenGraph.all().stream().map(GoldenGraph::name).toList();
  }

  @ParameterizedTest
  @MethodSource("golden")
  void theGoldenProgramsEqualTheirNetworks(String name) throws IOException {
    sanitize = true;
    GoldenGraph golden = GoldenGraph.of(name);
    Verification result = verify(golden.program(), golden.graph(), golden.rounding());
    assertThat(result.targets().getFirst().difference()).isEmpty();
    assertThat(result.equal()).isTrue();
    assertThat(result.samples()).isEqualTo(SAMPLES);
    assertThat(result.valuesCompared()).isPositive();
  }

  @Test
  void aWrongWeightIsFoundAtTheFirstValueThatItChanges() throws IOException {
    Verification.Difference found =
        difference("stream", "stream_filter_0[36] = {\n  -30,", "stream_filter_0[36] = {\n  31,");
    assertThat(found.node()).isEqualTo("first");
    assertThat(found.sample()).isZero();
    assertThat(found.expected()).isNotEqualTo(found.got());
  }

  @Test
  void rowsInTheWrongSlotsOfARingAreFoundWhereTheyAreRead() throws IOException {
    assertThat(difference("stream", "64, 32, 8, 3}", "64, 32, 8, 2}").node()).isEqualTo("second");
  }

  @Test
  void anOutputAtTheWrongPlaceIsFound() throws IOException {
    assertThat(difference("stream", "(arena->bytes + 64)", "(arena->bytes + 66)").node())
        .isEqualTo("third");
  }

  @Test
  void aValueThatIsNotReportedIsMissed() throws IOException {
    assertThat(difference("stream", "STREAM_TRACE_ROWS(1, &stream_tile_1);", ""))
        .isEqualTo(new Verification.Difference(0, "second", 0, "64 bytes", "0 bytes"));
  }

  @Test
  void aValueThatIsReportedTwiceIsFound() throws IOException {
    String trace = "STREAM_TRACE_ROWS(2, &stream_tile_2);";
    assertThat(difference("stream", trace, trace + trace))
        .isEqualTo(new Verification.Difference(0, "third", 0, "32 bytes", "64 bytes"));
  }

  @Test
  void aNumberThatNoValueHasIsFound() throws IOException {
    String trace = "CONV_RELU_TRACE_ROWS(0, &";
    assertThat(difference("conv_relu", trace, trace.replace("(0", "(7")))
        .isEqualTo(
            new Verification.Difference(0, "(the trace)", 0, "a number of a value", "number 7"));
  }

  @Test
  void anotherReturnCodeThanZeroIsFound() throws IOException {
    assertThat(difference("conv_relu", "  return 0;\n", "  return -7;\n"))
        .isEqualTo(
            new Verification.Difference(0, "(the program)", 0, "return code 0", "return code -7"));
  }

  @ParameterizedTest
  @CsvSource({"CONV_RELU_ARENA_BYTES, a write after the arena", "-1, a write before the arena"})
  void theGuardsFindWritesBesideTheArena(String index, String what) throws IOException {
    Verification.Difference found =
        difference("conv_relu", "  return 0;\n", write(index) + "  return 0;\n");
    assertThat(found)
        .isEqualTo(new Verification.Difference(0, "(the program)", 0, "exit code 0", what));
  }

  @Test
  void theSanitizersNameTheLineOfAWriteBesideTheArena() throws IOException {
    sanitize = true;
    Verification.Difference found =
        difference("conv_relu", "  return 0;\n", write("CONV_RELU_ARENA_BYTES") + "  return 0;\n");
    assertThat(found.node()).isEqualTo("(the program)");
    assertThat(found.got()).startsWith("exit code 1: ").contains("conv_relu.c:");
  }

  private static String write(String index) {
    return "  { volatile int32_t i = " + index + "; arena->bytes[i] = 1; }\n";
  }

  @Test
  void aCrashIsADifference() throws IOException {
    Verification.Difference found =
        difference("conv_relu", "  return 0;\n", "  __builtin_trap();\n  return 0;\n");
    assertThat(found.expected()).isEqualTo("exit code 0");
    assertThat(found.got()).startsWith("exit code 1");
  }

  @Test
  void whatTheCompilerRefusesIsShown() {
    assertThatThrownBy(() -> difference("conv_relu", "  return 0;\n", "  return unknown;\n"))
        .isInstanceOf(ProgramException.class)
        .hasMessageContaining("failed with exit code 1:\n")
        .hasMessageContaining("'unknown' undeclared");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sample", "platform", "program", "test", "model_under_test"})
  void noNameOfAProgramHidesTheHarness(String name) throws IOException {
    GoldenGraph golden = GoldenGraph.of("add_in_place");
    CProgram program =
        CodeGenerator.generate(golden.plan(), new CName(name), golden.rounding(), name);
    assertThat(verify(program, golden.graph(), golden.rounding()).equal()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = Strategy.class,
      names = {"GREEDY", "FUSED_POOL", "STREAM"})
  void moreRowsThanSixteenBitsCountAreRight(Strategy strategy) throws IOException {
    Graph graph = GraphParser.parse(TALL);
    MemoryPlan plan =
        strategy == Strategy.STREAM
            ? MemoryPlanner.everythingStreamed(PlanRequest.of(graph, KERNELS, Rounding.DOUBLE))
            : PlanChoice.choose(MemoryPlanner.plans(graph, KERNELS, Rounding.DOUBLE), strategy);
    assertThat(plan.strategy()).isEqualTo(strategy);
    CProgram program = CodeGenerator.generate(plan, new CName("tall"), Rounding.DOUBLE, "a test");
    assertThat(program.files().get("tall.c")).contains("#define THIMBLE_WIDE_ROWS");
    assertThat(verify(program, graph, Rounding.DOUBLE).targets().getFirst().difference()).isEmpty();
  }

  @Test
  void aNetworkWithoutInputsIsRunForEachSample() throws IOException {
    Graph graph =
        GraphOutputs.materialise(
            GraphParser.parse(
                """
                const "values": f32[3] = [1.5, -2, 0.25]
                output "values"
                """));
    MemoryPlan plan =
        PlanChoice.choose(MemoryPlanner.plans(graph, KERNELS, Rounding.DOUBLE), Strategy.NAIVE);
    CProgram program = CodeGenerator.generate(plan, new CName("values"), Rounding.DOUBLE, "a test");
    Verification result = verify(program, graph, Rounding.DOUBLE);
    assertThat(result.targets().getFirst().difference()).isEmpty();
    assertThat(result.samples()).isEqualTo(SAMPLES);
  }

  /** What is found when a part of the program's text is replaced, which must be there. */
  private Verification.Difference difference(String name, String from, String to)
      throws IOException {
    GoldenGraph golden = GoldenGraph.of(name);
    CProgram program = golden.program();
    write(program);
    boolean changed = false;
    for (String file : program.files().keySet()) {
      String text = Files.readString(folder.resolve(file));
      // The last occurrence: the kernels' code stands before the program's own.
      int at = text.lastIndexOf(from);
      if (at >= 0) {
        String start = text.substring(0, at);
        Files.writeString(folder.resolve(file), start + to + text.substring(at + from.length()));
        changed = true;
      }
    }
    assertThat(changed).as("the program has %s", from).isTrue();
    Verification result = run(program, golden.graph(), golden.rounding());
    assertThat(result.equal()).isFalse();
    return result.targets().getFirst().difference().orElseThrow();
  }

  private Verification verify(CProgram program, Graph graph, Rounding rounding) throws IOException {
    write(program);
    return run(program, graph, rounding);
  }

  private void write(CProgram program) throws IOException {
    ProgramFiles.write(folder, program.files());
  }

  private Verification run(CProgram program, Graph graph, Rounding rounding) throws IOException {
    Subject subject = new Subject(folder, program, graph, graph, rounding);
    return new Verifier(subject, samples(graph), false, sanitize)
        .run(List.of(Target.PORTABLE), sample -> {});
  }

  private static List<List<Tensor>> samples(Graph graph) {
    List<List<Tensor>> samples = new ArrayList<>();
    for (int seed = 1; seed <= SAMPLES; seed++) {
      samples.add(Seeds.sample(seed, graph.inputs()));
    }
    return samples;
  }
}
