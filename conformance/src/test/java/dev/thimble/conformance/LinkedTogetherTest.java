package dev.thimble.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.CompileOptions;
import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.importer.data.Seeds;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.Strategy;
import dev.thimble.testing.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two networks in one program, each with two arenas whose inferences interleave. */
class LinkedTogetherTest {
  private static final int SEEDS = 3;
  private static final String MAIN =
      """
      #include "one.h"
      #include "two.h"
      #include <stdio.h>

      static one_arena one_a, one_b;
      static two_arena two_a, two_b;

      static void fill(int8_t *to, uint32_t count, uint32_t seed)
      {
          uint32_t i, x = seed;
          for (i = 0; i < count; i++) {
              x = x * 1664525u + 1013904223u;
              to[i] = (int8_t)(x >> 24);
          }
      }

      static void show(const int8_t *from, uint32_t count)
      {
          uint32_t i;
          for (i = 0; i < count; i++) {
              printf("%d%c", from[i], i + 1 < count ? ' ' : '\\n');
          }
      }

      int main(void)
      {
          uint32_t seed;
          if (one_init(&one_a) || two_init(&two_a) || one_init(&one_b) || two_init(&two_b)) {
              return 1;
          }
          for (seed = 1; seed <= SEEDS; seed++) {
              fill(one_input_0(&one_a), ONE_INPUT_0_BYTES, seed);
              fill(two_input_0(&two_a), TWO_INPUT_0_BYTES, seed);
              fill(one_input_0(&one_b), ONE_INPUT_0_BYTES, seed + 100);
              fill(two_input_0(&two_b), TWO_INPUT_0_BYTES, seed + 100);
              if (one_run(&one_a) || two_run(&two_b) || one_run(&one_b) || two_run(&two_a)) {
                  return 1;
              }
              show(one_output_0(&one_a), ONE_OUTPUT_0_BYTES);
              show(one_output_0(&one_b), ONE_OUTPUT_0_BYTES);
              show(two_output_0(&two_a), TWO_OUTPUT_0_BYTES);
              show(two_output_0(&two_b), TWO_OUTPUT_0_BYTES);
          }
          return one_run(0) < 0 && two_run(0) < 0 ? 0 : 2;
      }
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"IN_PLACE", "STREAM"})
  void twoNetworksAnswerAsEachAlone(Strategy strategy) throws Exception {
    answersAsAlone("digits/lenet5_int8", "cifar_net/cifar_net_int8", strategy);
  }

  @Test
  void theSameNetworkTwiceAnswersAsEachAlone() throws Exception {
    answersAsAlone("digits/lenet5_int8", "digits/lenet5_int8", Strategy.STREAM);
  }

  private void answersAsAlone(String first, String second, Strategy strategy) throws Exception {
    Requires.command("gcc");
    Graph one = write("one", first, strategy);
    Graph two = write("two", second, strategy);
    Files.writeString(folder.resolve("main.c"), MAIN.replace("SEEDS", String.valueOf(SEEDS)));
    Path program = folder.resolve("program");
    List<String> words =
        new ArrayList<>(
            List.of(
                "gcc",
                "-std=c99",
                "-O2",
                "-fsanitize=address,undefined",
                "-fno-sanitize-recover=all",
                "-o",
                program.toString()));
    for (String source : List.of("main.c", "one.c", "one_weights.c", "two.c", "two_weights.c")) {
      words.add(folder.resolve(source).toString());
    }
    Launcher.Result built = Launcher.call(Map.of(), words);
    assertThat(built.exitCode()).as(built.err()).isZero();
    Launcher.Result run = Launcher.call(Map.of(), List.of(program.toString()));
    assertThat(run.exitCode()).as(run.err()).isZero();
    List<String> expected = new ArrayList<>();
    for (int seed = 1; seed <= SEEDS; seed++) {
      expected.add(answer(one, seed));
      expected.add(answer(one, seed + 100));
      expected.add(answer(two, seed));
      expected.add(answer(two, seed + 100));
    }
    assertThat(run.out().lines()).containsExactlyElementsOf(expected);
  }

  /** Writes the program under a name into the common folder; returns the network as imported. */
  private Graph write(String name, String model, Strategy strategy) throws Exception {
    Path file = Launcher.ROOT.resolve("examples/" + model + ".tflite");
    var compilation =
        WrittenProgram.compile(file, CompileOptions.DEFAULTS.withName(name).withMemory(strategy));
    for (Map.Entry<String, String> written : compilation.program().files().entrySet()) {
      Files.writeString(folder.resolve(written.getKey()), written.getValue());
    }
    return compilation.imported();
  }

  private static String answer(Graph graph, int seed) {
    int[] output =
        Evaluator.outputs(graph, Seeds.sample(seed, graph.inputs()), Rounding.DOUBLE)
            .getFirst()
            .ints();
    return Arrays.stream(output).mapToObj(String::valueOf).collect(Collectors.joining(" "));
  }
}
