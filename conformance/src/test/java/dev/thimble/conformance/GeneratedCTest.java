package dev.thimble.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.conformance.Launcher.Result;
import dev.thimble.schedule.Strategy;
import dev.thimble.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the generated C promises whoever builds it into a firmware. */
class GeneratedCTest {
  private static final List<String> WARNINGS =
      List.of("-Wall", "-Wextra", "-Werror", "-Wconversion", "-Wshadow");

  /** Without them the C compiler's own symbols would be among the program's. */
  private static final List<String> PLAIN =
      List.of("-O2", "-fno-pie", "-fno-stack-protector", "-ffp-contract=off");

  private static final Set<String> LIBRARY = Set.of("memcpy", "memset", "memmove");
  private static final Set<String> MATH = Set.of("expf", "sqrtf", "roundf", "floorf");
  private static final Pattern INCLUDE = Pattern.compile("#include <([^>]*)>");
  private static final List<Strategy> STRATEGIES = List.of(Strategy.NAIVE, Strategy.STREAM);

  /** A check of one written program. */
  private interface Check {
    void run(WrittenProgram program) throws Exception;
  }

  @TestFactory
  Stream<DynamicTest> itIsCleanC99AndCxx() throws Exception {
    return each(program -> {
      for (String dialect : List.of("c99", "c++11", "c++17")) {
        List<String> words = new ArrayList<>(WARNINGS);
        words.addAll(List.of("-O2", "-std=" + dialect, "-fsyntax-only"));
        words.addAll(dialect.startsWith("c++") ? List.of("-x", "c++") : List.of("-pedantic"));
        words.addAll(program.subject().sources());
        build(program, dialect.startsWith("c++") ? "g++" : "gcc", words);
      }
    });
  }

  @TestFactory
  Stream<DynamicTest> itNeedsNothingAndWritesNothingGlobal() throws Exception {
    return each(program -> {
      String prefix = program.subject().program().name() + "_";
      Set<String> allowed = new TreeSet<>(LIBRARY);
      if (!integer(program)) {
        allowed.addAll(MATH);
      }
      for (Symbol symbol : symbols(program)) {
        if (symbol.kind == 'U' && !symbol.name.startsWith(prefix)) {
          assertThat(allowed).contains(symbol.name);
        } else if (symbol.kind != 'U') {
          assertThat(symbol.kind).as(symbol.name).isIn('T', 't', 'R', 'r');
          if (Character.isUpperCase(symbol.kind)) {
            assertThat(symbol.name).startsWith(prefix);
          }
        }
      }
    });
  }

  @TestFactory
  Stream<DynamicTest> itIncludesOnlyWhatItMay() throws Exception {
    return each(program -> {
      Set<String> allowed = new TreeSet<>(Set.of("stdint.h", "string.h"));
      if (!integer(program)) {
        allowed.add("math.h");
      }
      for (String source : program.subject().program().files().values()) {
        INCLUDE.matcher(source).results().forEach(m -> assertThat(allowed).contains(m.group(1)));
      }
    });
  }

  private record Symbol(char kind, String name) {}

  private static List<Symbol> symbols(WrittenProgram program) throws Exception {
    List<String> words = new ArrayList<>(PLAIN);
    words.addAll(List.of("-std=c99", "-c"));
    words.addAll(program.subject().sources());
    build(program, "gcc", words);
    List<Symbol> symbols = new ArrayList<>();
    for (String source : program.subject().sources()) {
      String object = source.replaceAll("\\.c$", ".o");
      for (String line : build(program, "nm", List.of(object)).lines().toList()) {
        String[] columns = line.strip().split("\\s+");
        symbols.add(new Symbol(columns[columns.length - 2].charAt(0), columns[columns.length - 1]));
      }
    }
    assertThat(symbols).isNotEmpty();
    return symbols;
  }

  private static boolean integer(WrittenProgram program) {
    return program.subject().graph().nodes().stream()
        .flatMap(node -> Stream.concat(node.inputTypes().stream(), node.outputTypes().stream()))
        .noneMatch(type -> type.isFloat());
  }

  /** Runs a tool in the program's folder; returns what it printed. */
  private static String build(WrittenProgram program, String tool, List<String> arguments)
      throws IOException, InterruptedException {
    Requires.command(tool);
    // The shell only changes the folder: the files' names are then as short as in a firmware.
    List<String> words =
        new ArrayList<>(
            List.of("sh", "-c", "cd \"$0\" && exec \"$@\"", program.folder().toString(), tool));
    words.addAll(arguments);
    Result result = Launcher.call(Map.of(), words);
    assertThat(result.exitCode()).as(() -> String.join(" ", words) + "\n" + result.err()).isZero();
    return result.out();
  }

  /** The examples and all small networks of the goldens, plainly and as streams. */
  private static Stream<DynamicTest> each(Check check) throws Exception {
    List<Path> models = new ArrayList<>();
    Path examples = Launcher.ROOT.resolve("examples");
    models.add(examples.resolve("digits/lenet5_int8.tflite"));
    models.add(examples.resolve("digits/lenet5_float.tflite"));
    models.add(examples.resolve("cifar_net/cifar_net_int8.tflite"));
    Path goldens =
        Path.of(Objects.requireNonNull(GeneratedCTest.class.getResource("/goldens")).toURI());
    try (Stream<Path> files = Files.list(goldens)) {
      files
          .filter(f -> f.getFileName().toString().matches("net_.*\\.tflite"))
          .sorted()
          .forEach(models::add);
    }
    assertThat(models).hasSizeGreaterThan(6);
    return models.stream()
        .flatMap(model -> STRATEGIES.stream().map(strategy -> test(model, strategy, check)));
  }

  private static DynamicTest test(Path model, Strategy strategy, Check check) {
    return DynamicTest.dynamicTest(
        model.getFileName() + " " + strategy.text(),
        () -> {
          Compilation compilation =
              WrittenProgram.compile(model, CompileOptions.DEFAULTS.withMemory(strategy));
          try (WrittenProgram program = WrittenProgram.of(compilation)) {
            check.run(program);
          }
        });
  }
}
