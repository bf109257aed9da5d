package dev.thimble.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thimble.conformance.Launcher.Result;
import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Samples;
import dev.thimble.report.Json;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.Requires;
import dev.thimble.toolchain.Simulated;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The commands as a user calls them: files, figures, messages and exit codes. */
class CommandLineTest {
  private static final Path DIGITS = Launcher.ROOT.resolve("examples/digits");
  private static final Path MODEL = DIGITS.resolve("lenet5_int8.tflite");
  private static final Path IMAGES = DIGITS.resolve("test_images.npy");

  @TempDir Path folder;

  @Test
  void versionIsPrinted() throws Exception {
    Result result = Launcher.run("--version");
    assertThat(result.out()).startsWith("thimble 0.");
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void compileWritesTheProgramAndItsReports() throws Exception {
    Result result = Launcher.run("compile", MODEL, "--name", "lenet", "--out", folder, "--json");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(files(folder).keySet())
        .containsExactlyInAnyOrder(
            "lenet.h",
            "lenet.c",
            "lenet_weights.c",
            "CMakeLists.txt",
            "report.json",
            "report.html");
    assertThat(result.out()).isEqualTo(Files.readString(folder.resolve("report.json")));
    assertThat(result.err()).contains("bytes of arena").endsWith("written to " + folder + "\n");
  }

  @Test
  void theSameInputAndOptionsGiveTheSameBytes() throws Exception {
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    assertThat(Launcher.run("compile", MODEL, "--prefer", "ram", "--out", one).exitCode()).isZero();
    assertThat(Launcher.run("compile", MODEL, "--prefer", "ram", "--out", two).exitCode()).isZero();
    assertThat(files(one)).hasSize(6).isEqualTo(files(two));
  }

  @Test
  void compileReportsEveryFieldOfTheContract() throws Exception {
    JsonNode json = json("compile", MODEL, "--out", folder);
    has(
        json,
        "model inputs outputs target board options macs_source macs filters_bytes"
            + " bias_requant_bytes weights_bytes code_bytes stack_bytes arena_bytes arena"
            + " arena_lower_bound memory_strategy cycles cycles_basis latency_ms latency_ms_basis"
            + " energy_uj energy_uj_basis nodes buffers rewrites alternatives");
    has(json.path("model"), "name format sha256");
    has(json.path("inputs").get(0), "name dtype shape layout source_shape scale zero_point");
    has(json.path("outputs").get(0), "name dtype shape layout source_shape scale zero_point");
    has(json.path("arena"), "state input output activations scratch holes");
    has(
        json.path("nodes").get(0),
        "name op kernel output_shape macs weights_bytes instructions cycles streamed");
    has(json.path("buffers").get(0), "name offset bytes first last");
    has(json.path("rewrites").get(0), "rule count");
    has(json.path("alternatives").get(0), "strategy arena_bytes cycles");
    long parts = 0;
    for (String part : List.of("state", "input", "output", "activations", "scratch", "holes")) {
      parts += json.path("arena").path(part).asLong();
    }
    assertThat(parts).isEqualTo(json.path("arena_bytes").asLong());
  }

  @Test
  void aCompiledFolderIsVerifiedOnHostAndSimulatedCore() throws Exception {
    tools();
    assertThat(Launcher.run("compile", MODEL, "--out", folder).exitCode()).isZero();
    JsonNode json =
        json("verify", folder, "--target", "portable", "--target", "cortex-m4", "--seeds", "2");
    has(json, "equal samples values_compared targets");
    assertThat(json.path("equal").asBoolean()).isTrue();
    assertThat(json.path("samples").asInt()).isEqualTo(2);
    assertThat(json.path("values_compared").asInt()).isPositive();
    assertThat(json.path("targets").size()).isEqualTo(2);
    JsonNode target = json.path("targets").get(1);
    has(target, "target equal first_difference");
    assertThat(target.path("target").asString()).isEqualTo("cortex-m4");
    assertThat(target.path("equal").asBoolean()).isTrue();
    assertThat(target.path("first_difference").isNull()).isTrue();
  }

  @Test
  void verifyUsesTheFilesThatAreThereAndNamesTheFirstDifference() throws Exception {
    Requires.command("gcc");
    assertThat(Launcher.run("compile", MODEL, "--name", "lenet", "--out", folder).exitCode())
        .isZero();
    Path weights = folder.resolve("lenet_weights.c");
    String text = Files.readString(weights);
    int at = text.indexOf("= {") + 3;
    int comma = text.indexOf(',', at);
    Files.writeString(weights, text.substring(0, at) + "77" + text.substring(comma));
    Result result = Launcher.run("verify", folder, "--seeds", "1", "--json");
    assertThat(result.exitCode()).isEqualTo(1);
    JsonNode difference = Json.read(result.out()).path("targets").get(0).path("first_difference");
    has(difference, "node index expected got");
    assertThat(result.err()).contains("is not what this version writes").contains("DIFFERS");
  }

  @Test
  void profileCountsOneInference() throws Exception {
    tools();
    JsonNode json = json("profile", MODEL, "--target", "m4");
    has(
        json,
        "instructions cycles loads stores unaligned stack_bytes arena_bytes code_bytes"
            + " weights_bytes nodes");
    long nodes =
        json.path("nodes").valueStream().mapToLong(n -> n.path("instructions").asLong()).sum();
    assertThat(nodes).isPositive().isLessThanOrEqualTo(json.path("instructions").asLong());
  }

  @Test
  void cyclesAreNullOnACoreWithoutATimingModel() throws Exception {
    tools(Target.RV64GC);
    JsonNode json = json("profile", MODEL, "--target", "rv64gc");
    assertThat(json.path("instructions").asLong()).isPositive();
    assertThat(json.path("cycles").isNull()).isTrue();
    assertThat(json.path("nodes").get(0).path("cycles").isNull()).isTrue();
  }

  @Test
  void runGivesOneResultForEachSample() throws Exception {
    JsonNode json = json("run", MODEL, "--seeds", "3");
    assertThat(json.path("results").size()).isEqualTo(3);
    JsonNode output = json.path("results").get(2).path("outputs").get(0);
    has(output, "name dtype shape values");
    assertThat(output.path("values").size()).isEqualTo(10);
    assertThat(output.path("dtype").asString()).isEqualTo("int8");
  }

  @Test
  void runReadsAndWritesArrays() throws Exception {
    Path out = folder.resolve("out.npy");
    Result result = Launcher.run("run", MODEL, "--inputs", IMAGES, "--out", out, "--json");
    assertThat(result.exitCode()).as(result.err()).isZero();
    JsonNode printed = Json.read(result.out()).path("results");
    List<List<Tensor>> written =
        Samples.read(out, ModelImporter.read(MODEL).program().entry().outputs());
    assertThat(written).hasSize(320).hasSize(printed.size());
    for (int i = 0; i < written.size(); i++) {
      JsonNode values = printed.get(i).path("outputs").get(0).path("values");
      assertThat(written.get(i).getFirst().ints())
          .containsExactly(values.valueStream().mapToInt(JsonNode::asInt).toArray());
    }
  }

  @Test
  void inspectShowsTheNetworkAsImported() throws Exception {
    JsonNode json = json("inspect", MODEL);
    has(json, "model inputs outputs macs parameters nodes memory unsupported");
    assertThat(json.path("nodes").size()).isPositive();
    assertThat(json.path("unsupported").size()).isZero();
  }

  @Test
  void doctorListsTheTools() throws Exception {
    Result result = Launcher.run("doctor", "--json");
    JsonNode json = Json.read(result.out());
    assertThat(result.exitCode()).isEqualTo(json.path("complete").asBoolean() ? 0 : 4);
    has(json.path("tools").get(0), "tool purpose found path install");
  }

  @ParameterizedTest
  @ValueSource(strings = {"import", "rewrite", "schedule"})
  void dumpedGraphsReadBack(String stage) throws Exception {
    Result result =
        Launcher.run("compile", MODEL, "--dump-after=" + stage, "--out", folder.resolve("out"));
    assertThat(result.exitCode()).as(result.err()).isZero();
    Graph graph = GraphParser.parse(result.out());
    assertThat(graph.nodes()).isNotEmpty();
    if (stage.equals("import")) {
      assertThat(graph).isEqualTo(ModelImporter.read(MODEL).program().entry());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--bogus            | Unknown option: '--bogus'",
        "--target z80       | thimble: unknown target 'z80'; known are portable, cortex-m0plus,"
            + " cortex-m3, cortex-m4, cortex-m7, cortex-m33, cortex-m55, rv32imc, rv32imac, rv32gc,"
            + " rv64gc, rv32gcv, rv64gcv",
        "--memory magic     | thimble: --memory 'magic' is unknown; choose one of naive, ping-pong,"
            + " greedy, in-place, fused-pool, overlap, stream",
        "--prefer beauty    | thimble: --prefer 'beauty' is unknown; choose one of balanced, speed,"
            + " ram, flash",
        "--rounding up      | thimble: --rounding 'up' is unknown; choose one of double, single,"
            + " float",
        "--ram much         | thimble: --ram 'much' is no size; write bytes, or a number with K or"
            + " M",
        "--name int         | thimble: name 'int' cannot name C symbols: use at most 40 lower-case"
            + " letters, digits and underscores, a letter first, and no word of the C language or"
            + " header of its library"
      })
  void anOptionThatCannotBeIsExitCodeTwo(String option, String message) throws Exception {
    String[] words = option.split(" ");
    Path out = folder.resolve("out");
    Result result =
        words.length == 1
            ? Launcher.run("compile", MODEL, "--out", out, words[0])
            : Launcher.run("compile", MODEL, "--out", out, words[0], words[1]);
    assertThat(result.err().lines().findFirst()).contains(message);
    assertThat(result.out()).isEmpty();
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(out).doesNotExist();
  }

  @Test
  void anUnknownCommandIsExitCodeTwo() throws Exception {
    Result result = Launcher.run("no such command");
    assertThat(result.err()).contains("no such command");
    assertThat(result.exitCode()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"compile", "inspect", "run"})
  void aMissingModelIsExitCodeTwo(String command) throws Exception {
    assertMissingIsRefused(command, "file: does not exist; give the path of a model file");
  }

  /** These commands take a model or a folder that {@code compile} wrote. */
  @ParameterizedTest
  @ValueSource(strings = {"verify", "profile"})
  void aMissingModelOrFolderIsExitCodeTwo(String command) throws Exception {
    assertMissingIsRefused(command, "there is no such file or folder");
  }

  private void assertMissingIsRefused(String command, String reason) throws Exception {
    Path missing = folder.resolve("missing.tflite");
    Result result = Launcher.run(command, missing);
    assertThat(result.err()).isEqualTo("thimble: " + missing + ": " + reason + "\n");
    assertThat(result.out()).isEmpty();
    assertThat(result.exitCode()).isEqualTo(2);
  }

  @Test
  void aModelThatDoesNotFitIsExitCodeThree() throws Exception {
    Path out = folder.resolve("out");
    Result result = Launcher.run("compile", MODEL, "--ram", "1K", "--out", out);
    assertThat(result.err())
        .startsWith("thimble: the arena needs ")
        .contains("--ram allows 1024: ")
        .contains("\n  the strategies need naive ");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(out).doesNotExist();
  }

  @Test
  void constantsThatDoNotFitTheFlashAreExitCodeThree() throws Exception {
    Path out = folder.resolve("out");
    Result result = Launcher.run("compile", MODEL, "--flash", "40K", "--out", out);
    assertThat(result.err())
        .startsWith("thimble: the program needs ")
        .contains("--flash allows 40960: ")
        .contains("the largest constants:\n");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(out).doesNotExist();
  }

  @Test
  void aProgramForABoardIsForItsTargetAndVerifiesFromItsFolder() throws Exception {
    JsonNode json = json("compile", MODEL, "--board", "LONGAN-nano", "--out", folder);
    assertThat(json.path("board").asString()).isEqualTo("longan-nano");
    assertThat(json.path("target").asString()).isEqualTo("rv32imac");
    tools(Target.RV32IMAC);
    assertThat(json("verify", folder, "--seeds", "1").path("equal").asBoolean()).isTrue();
  }

  @Test
  void boardsAndTargetsAreListed() throws Exception {
    JsonNode boards = json("boards").path("boards");
    has(boards.get(0), "name part target clock_mhz clock_source regions");
    JsonNode targets = json("targets").path("targets");
    has(targets.get(0), "name aliases verify profile boards");
    Path file = folder.resolve("mine.json");
    Files.writeString(file, Launcher.run("boards", "pico", "--json").out());
    assertThat(json("boards", file).path("part").asString()).isEqualTo("RP2040");
    Result missing = Launcher.run("compile", MODEL, "--board", folder.resolve("no.json"));
    assertThat(missing.err()).contains("no.json: there is no such file");
    assertThat(missing.exitCode()).isEqualTo(2);
  }

  @Test
  void withoutACompilerVerifyIsExitCodeFourAndSaysWhatToInstall() throws Exception {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    for (String tool : List.of("sh", "dirname", "readlink", "find", "head", "sed")) {
      Files.createSymbolicLink(bin.resolve(tool), Requires.command(tool));
    }
    Map<String, String> stripped =
        Map.of("PATH", bin.toString(), "JAVA_HOME", System.getProperty("java.home"));
    Result result = Launcher.run(stripped, "verify", MODEL, "--seeds", "1");
    assertThat(result.err())
        .isEqualTo(
            "thimble: gcc is missing (builds the generated C for the host); on Debian, as root:"
                + " apt-get install -y gcc libc6-dev\n");
    assertThat(result.exitCode()).isEqualTo(4);
    Path out = folder.resolve("out");
    assertThat(Launcher.run(stripped, "compile", MODEL, "--out", out).exitCode()).isZero();
    assertThat(Launcher.run(stripped, "doctor").exitCode()).isEqualTo(4);
    Result vector = Launcher.run(stripped, "profile", MODEL, "--target", "rv64gcv");
    assertThat(vector.err())
        .endsWith(
            " are missing; on Debian, as root: apt-get install -y clang-19 gcc-riscv64-unknown-elf"
                + " picolibc-riscv64-unknown-elf lld-19 qemu-system-misc gcc libc6-dev\n");
    assertThat(vector.exitCode()).isEqualTo(4);
  }

  @Test
  void aProfileForABoardGivesTimeAndEnergyAndWhatTheyComeFrom() throws Exception {
    tools(Target.CORTEX_M4);
    JsonNode json = json("profile", MODEL, "--board", "stm32f407");
    assertThat(json.path("board").asString()).isEqualTo("stm32f407-discovery");
    double cycles = json.path("cycles").asDouble();
    assertThat(json.path("latency_ms").asDouble()).isBetween(cycles / 168e3, cycles / 84e3);
    assertThat(json.path("latency_ms_basis").asString()).contains("Cortex-M4", "168 MHz", "wait 5");
    assertThat(json.path("energy_uj").asDouble())
        .isCloseTo(json.path("latency_ms").asDouble() * 40 * 3.3, within(1.0));
    assertThat(json.path("energy_uj_basis").asString()).contains("40 mA at 3.3 V");
  }

  private static void tools(Target target) {
    Requires.command("gcc");
    Simulated.tools(target).forEach(tool -> Requires.command(tool.command()));
  }

  private static void tools() {
    tools(Target.CORTEX_M4);
  }

  private static JsonNode json(Object... arguments) throws Exception {
    Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = "--json";
    Result result = Launcher.run(all);
    assertThat(result.exitCode()).as(result.err()).isZero();
    return Json.read(result.out());
  }

  private static void has(JsonNode json, String names) {
    assertThat(json.propertyNames()).contains(names.split(" "));
  }

  private static Map<String, String> files(Path folder) throws Exception {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.toList()) {
        files.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return files;
  }
}
