package dev.thimble.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.codegen.CName;
import dev.thimble.codegen.CProgram;
import dev.thimble.codegen.CodeGenerator;
import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.graph.Value;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorBytes;
import dev.thimble.testing.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Many generated programs in one host binary, each in a translation unit of its own with what it
 * should compute. The arena of each is allocated at its exact size, so that the sanitizers see
 * every byte too far.
 */
final class ProgramBatch {
  private static final List<String> GCC =
      List.of(
          "-std=c99",
          "-Wall",
          "-Wextra",
          "-Werror",
          "-ffp-contract=off",
          "-g0",
          "-fsanitize=address,undefined",
          "-fno-sanitize-recover=all",
          "-I.");

  private final Path folder;
  private final List<String> names = new ArrayList<>();
  private final List<String> origins = new ArrayList<>();
  private final Set<Map<String, String>> known = new HashSet<>();

  ProgramBatch(Path folder) {
    this.folder = folder;
  }

  int size() {
    return names.size();
  }

  /**
   * Adds the program of a plan, unless the batch has it already.
   *
   * @param origin how a failure names the program
   */
  void add(MemoryPlan plan, Rounding rounding, List<Tensor> inputs, String origin)
      throws IOException {
    if (!known.add(CodeGenerator.generate(plan, new CName("p"), rounding, "p").files())) {
      return;
    }
    CName name = new CName("p" + names.size());
    CProgram program = CodeGenerator.generate(plan, name, rounding, origin);
    Graph graph = plan.schedule().graph();
    Map<Value, Tensor> given = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      given.put(graph.inputs().get(i), inputs.get(i));
    }
    Map<Value, Tensor> expected = Evaluator.values(graph, given, rounding);
    for (Map.Entry<String, String> file : program.files().entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    StringBuilder unit = new StringBuilder();
    unit.append("#include \"%s.c\"\n#include \"%s_weights.c\"\n".formatted(name, name));
    unit.append("#include \"batch.h\"\n");
    for (int i = 0; i < inputs.size(); i++) {
      table(unit, "input_" + i, inputs.get(i));
    }
    for (int i = 0; i < graph.outputs().size(); i++) {
      table(unit, "expected_" + i, expected.get(graph.outputs().get(i)));
    }
    unit.append(function(program, graph));
    Files.writeString(folder.resolve(name + "_unit.c"), unit);
    names.add(name.lower());
    origins.add(origin);
  }

  /** Two inferences in the same arena. */
  private static String function(CProgram program, Graph graph) {
    CName name = program.name();
    StringBuilder text = new StringBuilder();
    text.append("int check_%s(void);\nint check_%s(void) {\n".formatted(name, name));
    text.append("  void *memory = malloc(%s_ARENA_BYTES);\n".formatted(name.upper()));
    text.append(
        "  %s_arena *arena = (%s_arena *)memory;\n  int wrong = 0;\n".formatted(name, name));
    text.append("  memset(memory, 0xA5, %s_ARENA_BYTES);\n".formatted(name.upper()));
    text.append("  for (int again = 0; again < 2; ++again) {\n");
    text.append("    wrong += %s_init(arena) != 0;\n".formatted(name));
    text.append(program.fedByRows() ? pushes(name) : run(name, graph.inputs().size()));
    for (int i = 0; i < graph.outputs().size(); i++) {
      boolean floats = graph.outputs().get(i).type().isFloat();
      text.append(
          "    wrong += %s(%s_output_%d(arena), expected_%d, sizeof expected_%d);\n"
              .formatted(floats ? "floats_differ" : "bytes_differ", name, i, i, i));
    }
    return text.append("  }\n  free(memory);\n  return wrong;\n}\n").toString();
  }

  private static String run(CName name, int inputs) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < inputs; i++) {
      text.append(
          "    memcpy(%s_input_%d(arena), input_%d, sizeof input_%d);\n".formatted(name, i, i, i));
    }
    return text.append("    wrong += %s_run(arena) != 0;\n".formatted(name)).toString();
  }

  private static String pushes(CName name) {
    return """
        for (int r = 0; r < UP_INPUT_0_ROWS; ++r) {
          void *row = malloc(UP_INPUT_0_ROW_BYTES);
          memcpy(row, (const char *)input_0 + r * UP_INPUT_0_ROW_BYTES, UP_INPUT_0_ROW_BYTES);
          wrong += NAME_push_row_0(arena, row) != (r + 1 < UP_INPUT_0_ROWS);
          memset(row, 0x5A, UP_INPUT_0_ROW_BYTES);
          free(row);
        }
        wrong += NAME_push_row_0(arena, (const void *)input_0) != UP_E_DONE;
    """
        .replace("NAME", name.lower())
        .replace("UP", name.upper());
  }

  private static void table(StringBuilder text, String name, Tensor tensor) {
    byte[] bytes = TensorBytes.of(tensor);
    // Numbers of 8 bytes keep the table's address fit for every element type.
    text.append(
        "static const union { unsigned char b[%d]; double a; } u_%s = {{"
            .formatted(bytes.length, name));
    for (byte each : bytes) {
      text.append(each & 0xFF).append(',');
    }
    text.append("}};\n#define %s u_%s.b\n".formatted(name, name));
  }

  private static final String SUPPORT =
      """
      #include <math.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>

      static inline int bytes_differ(const void *got, const void *expected, size_t bytes) {
        return memcmp(got, expected, bytes) != 0;
      }

      /* Within the part of the largest magnitude that `thimble verify` allows. */
      static inline int floats_differ(const void *got, const void *expected, size_t bytes) {
        const float *a = (const float *)got, *b = (const float *)expected;
        float most = 0;
        for (size_t i = 0; i < bytes / 4; ++i) {
          most = isfinite(b[i]) && fabsf(b[i]) > most ? fabsf(b[i]) : most;
        }
        for (size_t i = 0; i < bytes / 4; ++i) {
          int same = a[i] == b[i] || fabsf(a[i] - b[i]) <= 1e-5f * most || (isnan(a[i]) && isnan(b[i]));
          if (!same) {
            return 1;
          }
        }
        return 0;
      }
      """;

  /** Builds the binary, runs it, and asserts that every program computes what it should. */
  void check() throws IOException, InterruptedException {
    assertThat(failures()).isEmpty();
  }

  /** Builds the binary, runs it, and names the programs that do not compute what they should. */
  List<String> failures() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("batch.h"), SUPPORT);
    StringBuilder main = new StringBuilder("#include <stdio.h>\n");
    names.forEach(name -> main.append("int check_%s(void);\n".formatted(name)));
    main.append("int main(void) {\n");
    names.forEach(name ->
        main.append("  if (check_%s()) { printf(\"%s \"); }\n".formatted(name, name))
            .append("  fprintf(stderr, \"%s \");\n".formatted(name)));
    main.append("  return 0;\n}\n");
    Files.writeString(folder.resolve("main.c"), main);
    List<String> command = new ArrayList<>(List.of(Requires.command("gcc").toString()));
    command.addAll(GCC);
    names.forEach(name -> command.add(name + "_unit.c"));
    command.addAll(List.of("main.c", "-o", "batch", "-lm"));
    execute(command);
    String wrong = execute(List.of(folder.resolve("batch").toString()));
    List<String> failures = new ArrayList<>();
    for (String name : wrong.isBlank() ? new String[0] : wrong.strip().split(" ")) {
      failures.add(origins.get(Integer.parseInt(name.substring(1))));
    }
    return failures;
  }

  private String execute(List<String> command) throws IOException, InterruptedException {
    Path errors = folder.resolve("errors.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(errors.toFile())
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String message = Files.readString(errors);
    int code = process.waitFor();
    Matcher done = Pattern.compile("^(p\\d+ )*").matcher(message);
    long count = done.find() ? done.group().chars().filter(c -> c == ' ').count() : 0;
    String at = count < origins.size() ? origins.get((int) count) : "the end";
    assertThat(code).as("%s, at %s: %s", command.getFirst(), at, message).isZero();
    return output;
  }
}
