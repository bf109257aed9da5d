package dev.thimble.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.BudgetException;
import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.Compiler;
import dev.thimble.Limits;
import dev.thimble.Stage;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Seeds;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.Preference;
import dev.thimble.schedule.RegionArena;
import dev.thimble.schedule.Strategy;
import dev.thimble.schedule.offsets.Effort;
import dev.thimble.target.Board;
import dev.thimble.target.BoardReader;
import dev.thimble.target.Target;
import dev.thimble.testing.Requires;
import dev.thimble.toolchain.ProgramFiles;
import dev.thimble.toolchain.Verification;
import dev.thimble.toolchain.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs for boards whose RAM is in several pieces, or whose weights the core cannot address. */
class SeveralMemoriesTest {
  private static final Path EXAMPLES = Path.of(System.getProperty("thimble.root"), "examples");
  private static final String LENET = "digits/lenet5_int8.tflite";
  private static final String FLOAT_LENET = "digits/lenet5_float.tflite";
  private static final String CIFAR = "cifar_net/cifar_net_int8.tflite";

  @TempDir private Path folder;

  @BeforeEach
  void needsACompiler() {
    Requires.command("gcc");
  }

  @ParameterizedTest
  @CsvSource({
    "digits/lenet5_int8.tflite, 6144, 2048, GREEDY, false",
    "digits/lenet5_int8.tflite, 6144, 2048, IN_PLACE, false",
    "digits/lenet5_int8.tflite, 2300, 1200, FUSED_POOL, false",
    "digits/lenet5_int8.tflite, 1800, 1024, STREAM, false",
    "digits/lenet5_float.tflite, 5900, 4200, OVERLAP, false",
    "cifar_net/cifar_net_int8.tflite, 4096, 8192, OVERLAP, false",
    "cifar_net/cifar_net_int8.tflite, 4096, 4096, STREAM, false",
    "cifar_net/cifar_net_int8.tflite, 4096, 3072, STREAM, true",
  })
  void whatNoMemoryHoldsAloneIsRightInTwo(
      String model, int first, int second, Strategy strategy, boolean rows) throws IOException {
    Compilation compilation =
        compile(
            model, board(first, second, "1M"), Optional.of(strategy), Preference.BALANCED, rows);
    assertThat(compilation.plan().regions())
        .extracting(region -> region.memory().name())
        .containsExactly("fast", "run");
    assertThat(compilation.plan().regions())
        .allSatisfy(
            region -> assertThat(region.bytes()).isLessThanOrEqualTo(Math.max(first, second)));
    assertThat(compilation.plan().arenaBytes())
        .isEqualTo(compilation.plan().regions().stream().mapToLong(RegionArena::bytes).sum());
    verify(compilation);
  }

  @Test
  void forSpeedAPartGoesToTheFasterMemory() throws IOException {
    Board board = board(4096, 65536, "1M");
    Compilation balanced = compile(CIFAR, board, Optional.empty(), Preference.BALANCED, false);
    assertThat(balanced.program().regions()).isEmpty();
    assertThat(balanced.plan().regions().getFirst().memory().name()).isEqualTo("run");
    Compilation fast = compile(CIFAR, board, Optional.empty(), Preference.SPEED, false);
    // The API has a function of that name, so the memory's part is called otherwise in C.
    assertThat(fast.program().regions()).containsExactly("fast", "run_ram");
    verify(fast);
  }

  @Test
  void whereOneMemoryHoldsItTheProgramIsAsWithoutABoard() throws IOException {
    Compilation here =
        compile(LENET, board(65536, 4096, "1M"), Optional.empty(), Preference.BALANCED, false);
    Compilation plain =
        Compiler.compile(
            model(LENET), CompileOptions.DEFAULTS.withName("net"), Stage.Listener.NONE);
    assertThat(here.program().files()).isEqualTo(plain.program().files());
    assertThat(here.plan().regions().getFirst().memory().name()).isEqualTo("fast");
  }

  @Test
  void whatTheMemoriesDoNotHoldTogetherIsRefused() {
    assertThatThrownBy(
            () -> compile(CIFAR, board(2048, 1024, "1M"), Optional.empty(), Preference.RAM, false))
        .isInstanceOf(BudgetException.class)
        .hasMessageStartingWith(
            "the arena needs 5632 bytes with strategy stream, board 'made-up' allows 1024 (2048 of"
                + " RAM in one piece, 1024 kept for the stack): 4608 are missing\n"
                + "  nor do the board's memories hold it together: fast 1024, run 1024\n"
                + "  most is in use in step 0 (");
  }

  @ParameterizedTest
  @CsvSource({
    "digits/lenet5_int8.tflite, 65536, 4096, true, false",
    "digits/lenet5_int8.tflite, 57344, 4096, false, false",
    "digits/lenet5_int8.tflite, 51000, 12000, true, false",
    "cifar_net/cifar_net_int8.tflite, 40960, 4096, true, false",
    "cifar_net/cifar_net_int8.tflite, 20480, 20480, true, true",
  })
  void weightsThatTheCoreCannotAddressAreCopied(
      String model, int first, int second, boolean ahead, boolean rows) throws IOException {
    Compilation compilation =
        compile(model, board(first, second, "16K"), Optional.empty(), Preference.BALANCED, rows);
    assertThat(compilation.plan().copies()).isNotEmpty();
    assertThat(compilation.plan().copies().stream().anyMatch(c -> c.from() == c.step() - 1))
        .isEqualTo(ahead);
    assertThat(compilation.program().files().get("net.c"))
        .contains("#ifndef NET_PREFETCH_START", "NET_PREFETCH_WAIT();");
    verify(compilation);
  }

  @Test
  void weightsOfAStepThatNoMemoryHoldsAreRefused() {
    assertThatThrownBy(() ->
            compile(
                FLOAT_LENET,
                board(65536, 4096, "16K"),
                Optional.empty(),
                Preference.BALANCED,
                false))
        .isInstanceOf(BudgetException.class)
        .hasMessageContaining(
            "this is with the weights of a step at a time, which are copied to RAM whole: the flash"
                + " that the core reads by address does not hold them");
  }

  @Test
  void twoArenasInSeveralMemoriesRunSideBySide() throws IOException, InterruptedException {
    Compilation compilation =
        compile(
            LENET,
            board(6144, 2048, "1M"),
            Optional.of(Strategy.IN_PLACE),
            Preference.BALANCED,
            false);
    ProgramFiles.write(folder, compilation.program().files());
    Files.writeString(
        folder.resolve("main.c"),
        """
        #include <stdlib.h>
        #include <string.h>
        #include "net.h"
        static void fill(net_arena *a, int seed) {
          for (int i = 0; i < NET_INPUT_0_BYTES; i++) net_input_0(a)[i] = (int8_t)(i * seed);
        }
        int main(void) {
          static net_fast f[2];
          static net_run_ram r[2];
          net_arena a = {&f[0], &r[0]}, b = {&f[1], &r[1]}, none = {&f[0], NULL};
          int8_t alone[2][NET_OUTPUT_0_BYTES];
          if (net_init(&none) != NET_E_ARENA || net_run(&none) != NET_E_ARENA) return 1;
          fill(&a, 3); net_run(&a); memcpy(alone[0], net_output_0(&a), NET_OUTPUT_0_BYTES);
          fill(&a, 7); net_run(&a); memcpy(alone[1], net_output_0(&a), NET_OUTPUT_0_BYTES);
          fill(&a, 3); fill(&b, 7); net_run(&b); net_run(&a);
          if (memcmp(alone[0], net_output_0(&a), NET_OUTPUT_0_BYTES)) return 2;
          if (memcmp(alone[1], net_output_0(&b), NET_OUTPUT_0_BYTES)) return 3;
          return memcmp(alone[0], alone[1], NET_OUTPUT_0_BYTES) == 0 ? 4 : 0;
        }
        """);
    assertThat(
            run(
                "gcc",
                "-std=c99",
                "-Wall",
                "-Werror",
                "-fsanitize=address,undefined",
                "main.c",
                "net.c",
                "net_weights.c",
                "-o",
                "main"))
        .isZero();
    assertThat(run(folder.resolve("main").toString())).isZero();
  }

  @Test
  void anApplicationCopiesWeightsByHooksOfItsOwn() throws IOException, InterruptedException {
    Compilation compilation =
        compile(LENET, board(65536, 4096, "16K"), Optional.empty(), Preference.BALANCED, false);
    ProgramFiles.write(folder, compilation.program().files());
    Files.writeString(
        folder.resolve("hooks.h"),
        """
        #include <stdint.h>
        void my_start(void *to, uint32_t offset, uint32_t bytes);
        void my_wait(void);
        #define NET_PREFETCH_START(to, offset, bytes) my_start(to, offset, bytes)
        #define NET_PREFETCH_WAIT() my_wait()
        """);
    // The copy is made as late as a DMA controller may: when it is waited for.
    Files.writeString(
        folder.resolve("main.c"),
        """
        #include <stdlib.h>
        #include <string.h>
        #include "net.h"
        #include "image.h"
        static void *target;
        static uint32_t from, count;
        static int starts, waits;
        void my_start(void *to, uint32_t offset, uint32_t bytes);
        void my_wait(void);
        void my_start(void *to, uint32_t offset, uint32_t bytes) {
          if (count) exit(9);
          target = to; from = offset; count = bytes; starts++;
        }
        void my_wait(void) { memcpy(target, net_image + from, count); count = 0; waits++; }
        int main(void) {
          static net_arena a;
          int sum = 0;
          for (int i = 0; i < NET_INPUT_0_BYTES; i++) net_input_0(&a)[i] = (int8_t)(i * 5);
          net_run(&a);
          for (int i = 0; i < NET_OUTPUT_0_BYTES; i++) sum += net_output_0(&a)[i] * (i + 1);
        #ifdef HOOKS
          if (starts != STARTS || waits != STARTS) return 200;
        #endif
          return sum & 127;
        }
        """);
    String image = compilation.program().files().get("net_weights.c");
    Files.writeString(
        folder.resolve("image.h"),
        image
            .substring(
                image.indexOf(
                    "const uint8_t net_image[",
                    image.indexOf("extern const uint8_t net_image") + 30))
            .replaceAll("(?s)#endif.*", ""));
    int copies = compilation.plan().copies().size();
    assertThat(
            run(
                "gcc",
                "-std=c99",
                "-DHOOKS",
                "-DSTARTS=" + copies,
                "-include",
                "hooks.h",
                "main.c",
                "net.c",
                "net_weights.c",
                "-o",
                "hooks"))
        .isZero();
    Files.writeString(folder.resolve("image.h"), "extern const uint8_t net_image[];\n");
    assertThat(run("gcc", "-std=c99", "main.c", "net.c", "net_weights.c", "-o", "plain")).isZero();
    int plain = run(folder.resolve("plain").toString());
    assertThat(run(folder.resolve("hooks").toString())).isEqualTo(plain).isLessThan(128);
  }

  private int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start().waitFor();
  }

  private void verify(Compilation compilation) throws IOException {
    ProgramFiles.write(folder, compilation.program().files());
    List<Target> targets =
        Files.isExecutable(Path.of("/usr/bin/qemu-system-arm"))
            ? List.of(Target.PORTABLE, Target.CORTEX_M4)
            : List.of(Target.PORTABLE);
    Verification result =
        new Verifier(
                compilation.subject(folder),
                List.of(
                    Seeds.sample(1, compilation.reference().inputs()),
                    Seeds.sample(2, compilation.reference().inputs())),
                false,
                true)
            .run(targets, sample -> {});
    assertThat(result.targets()).allSatisfy(t -> assertThat(t.difference()).isEmpty());
  }

  private static Compilation compile(
      String model, Board board, Optional<Strategy> strategy, Preference prefer, boolean rows)
      throws IOException {
    CompileOptions options =
        new CompileOptions(
            Optional.of("net"),
            Target.PORTABLE,
            Rounding.DOUBLE,
            strategy,
            prefer,
            rows,
            Effort.FAST,
            Limits.of(board),
            CompileOptions.Decision.NONE);
    return Compiler.compile(model(model), options, Stage.Listener.NONE);
  }

  private static ImportedModel model(String name) throws IOException {
    return ModelImporter.read(EXAMPLES.resolve(name));
  }

  /** A board of two pieces of RAM, 1024 bytes of the first for the stack, and a serial flash. */
  private static Board board(int fast, int slow, String flash) {
    return BoardReader.read(
        """
        {"name": "made-up", "part": "X", "target": "portable", "clock_mhz": 1, "clock_source": "-",
         "regions": [
          {"name": "fast", "kind": "ram", "bytes": FAST, "address": "0x10000000",
           "random_wait_states": 0, "executable": false, "dma": true, "source": "-"},
          {"name": "run", "kind": "ram", "bytes": SLOW, "address": "0x20000000",
           "random_wait_states": 2, "executable": false, "dma": true, "source": "-"},
          {"name": "flash", "kind": "flash", "bytes": "CODE", "address": "0x08000000",
           "executable": true, "dma": true, "source": "-"},
          {"name": "serial", "kind": "external_flash", "bytes": "1M",
           "executable": false, "dma": true, "source": "-"}]}
        """
            .replace("FAST", Integer.toString(fast))
            .replace("SLOW", Integer.toString(slow))
            .replace("CODE", flash),
        "made-up");
  }
}
