package dev.thimble.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import dev.thimble.importer.data.Seeds;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.MemoryPlanner;
import dev.thimble.schedule.PlanRequest;
import dev.thimble.schedule.Preference;
import dev.thimble.schedule.offsets.Effort;
import dev.thimble.testing.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs whose input arrives row by row, as an application calls them. */
class FedRowsTest {
  /** Two arenas that take rows by turns, from one buffer that is spoiled after each call. */
  private static final String MAIN =
      """
      #include "net.h"

      #include <stdio.h>
      #include <string.h>

      #define ROWS NET_INPUT_0_ROWS
      #define CHECK(condition) if (!(condition)) { printf("line %d\\n", __LINE__); return 1; }

      static net_arena a, b;
      static int8_t first[NET_INPUT_0_ELEMENTS], second[NET_INPUT_0_ELEMENTS];
      static int8_t row[NET_INPUT_0_ROW_ELEMENTS];

      static void fill(int8_t *to, uint32_t seed)
      {
          uint32_t x = seed;
          for (uint32_t i = 0; i < NET_INPUT_0_ELEMENTS; i++) {
              x = x * 1664525u + 1013904223u;
              to[i] = (int8_t)(x >> 24);
          }
      }

      static int push(net_arena *arena, const int8_t *from, int r)
      {
          memcpy(row, from + r * NET_INPUT_0_ROW_ELEMENTS, sizeof row);
          int code = net_push_row_0(arena, row);
          memset(row, 0x5A, sizeof row);
          return code;
      }

      static void show(const net_arena *arena)
      {
          const int8_t *from = net_output_0(arena);
          for (uint32_t i = 0; i < NET_OUTPUT_0_ELEMENTS; i++) {
              printf("%d%c", from[i], i + 1 < NET_OUTPUT_0_ELEMENTS ? ' ' : '\\n');
          }
      }

      int main(void)
      {
          fill(first, 1);
          fill(second, 2);
          memset(&a, 0xA5, sizeof a);
          memset(&b, 0xC3, sizeof b);
          CHECK(net_init(0) == NET_E_ARENA && net_push_row_0(0, row) == NET_E_ARENA);
          CHECK(net_init(&a) == 0 && net_init(&b) == 0);
          CHECK(net_push_row_0(&a, 0) == NET_E_ROW);
          CHECK(NET_INPUT_0_ROWS * NET_INPUT_0_ROW_BYTES == NET_INPUT_0_BYTES);
          for (int r = 0; r < ROWS; r++) {
              CHECK(push(&a, first, r) == (r + 1 < ROWS));
              CHECK(push(&b, second, r) == (r + 1 < ROWS));
          }
          show(&a);
          show(&b);
          CHECK(push(&a, second, 0) == NET_E_DONE && push(&a, second, 0) == NET_E_DONE);
          show(&a);
          CHECK(net_init(&a) == 0);
          for (int r = 0; r < ROWS / 2; r++) {
              CHECK(push(&a, first, r) == 1);
          }
          CHECK(net_init(&a) == 0); /* An inference that is given up. */
          for (int r = 0; r < ROWS; r++) {
              CHECK(push(&a, second, r) == (r + 1 < ROWS));
          }
          show(&a);
          return 0;
      }
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      value = Preference.class,
      names = {"RAM", "SPEED"})
  void rowsGiveWhatTheWholeInputGives(Preference prefer) throws Exception {
    Compilation compilation = compile(prefer);
    Path gcc = Requires.command("gcc");
    for (Map.Entry<String, String> file : compilation.program().files().entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    Files.writeString(folder.resolve("main.c"), MAIN);
    Path program = folder.resolve("program");
    List<String> words = new ArrayList<>(List.of(gcc.toString(), "-std=c99", "-Wall", "-Wextra"));
    words.addAll(List.of("-Werror", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"));
    for (String source : List.of("main.c", "net.c", "net_weights.c")) {
      words.add(folder.resolve(source).toString());
    }
    words.addAll(List.of("-o", program.toString()));
    Launcher.Result built = Launcher.call(Map.of(), words);
    assertThat(built.exitCode()).as(built.err()).isZero();
    Launcher.Result run = Launcher.call(Map.of(), List.of(program.toString()));
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    Graph graph = compilation.imported();
    assertThat(run.out().lines())
        .containsExactly(answer(graph, 1), answer(graph, 2), answer(graph, 1), answer(graph, 2));
  }

  @Test
  void theHeaderOffersRowsInsteadOfTheInput() throws Exception {
    String header = compile(Preference.RAM).program().files().get("net.h");
    assertThat(header)
        .contains(
            "#define NET_INPUT_0_ROWS 32\n",
            "#define NET_INPUT_0_ROW_BYTES 32\n",
            "#define NET_INPUT_0_ROW_ELEMENTS 32\n",
            "#define NET_E_ARENA (-1)",
            "#define NET_E_ROW (-2)",
            "#define NET_E_DONE (-3)",
            "int net_init(net_arena *arena);",
            "int net_push_row_0(net_arena *arena, const int8_t *row);")
        .doesNotContain("net_run", "net_input_0(");
  }

  @Test
  void rowsNeedLessThanTheWholeInput() throws Exception {
    assertThat(compile(Preference.RAM).plan().arenaBytes()).isLessThan(1_024);
  }

  @Test
  void severalInputsAreRefused() {
    assertThatThrownBy(() -> plan("input \"a\": i8[1,4] scale 1.0 zero_point 0\n", "1,4"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the network has 2 inputs; --feed rows takes networks of one input");
  }

  @Test
  void severalBatchEntriesAreRefused() {
    assertThatThrownBy(() -> plan("", "2,4"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "input 'x' is [2,4]; --feed rows takes networks whose first axis is a batch of one"
                + " entry");
  }

  private static void plan(String another, String shape) {
    String type = "i8[" + shape + "] scale 1.0 zero_point 0";
    Graph graph =
        GraphParser.parse(
            another
                + "input \"x\": %s\nnode \"y\": %s = Unary(function=RELU) \"x\"\noutput \"y\"\n"
                    .formatted(type, type));
    MemoryPlanner.plans(
        new PlanRequest(
            graph,
            new PortableKernels(),
            Rounding.DOUBLE,
            true,
            OptionalLong.empty(),
            Effort.FAST));
  }

  private static Compilation compile(Preference prefer) {
    Path model = Launcher.ROOT.resolve("examples/digits/lenet5_int8.tflite");
    return WrittenProgram.compile(
        model, CompileOptions.DEFAULTS.withName("net").withPrefer(prefer).withFeedRows(true));
  }

  private static String answer(Graph graph, int seed) {
    int[] output =
        Evaluator.outputs(graph, Seeds.sample(seed, graph.inputs()), Rounding.DOUBLE)
            .getFirst()
            .ints();
    return Arrays.stream(output).mapToObj(String::valueOf).collect(Collectors.joining(" "));
  }
}
