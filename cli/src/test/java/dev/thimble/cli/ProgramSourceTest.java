package dev.thimble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.target.Target;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Folders that {@code compile} wrote, opened again. */
class ProgramSourceTest {
  private static final String MODEL = "examples/digits/lenet5_int8.tflite";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "65536, 4096, 1M, --prefer=balanced", // one memory holds all
    "1800, 1024, 1M, --feed=whole", // two memories
    "65536, 4096, 16K, --feed=rows", // copies of weights
    "65536, 4096, 1M, --flash=16K", // copies of weights, by a limit of its own
  })
  void aFolderIsTheProgramThatItsReportAsksFor(int first, int second, String flash, String option)
      throws Exception {
    Path board = Files.writeString(folder.resolve("board.json"), board(first, second, flash));
    Path model = Path.of(System.getProperty("thimble.root")).resolve(MODEL);
    Path out = folder.resolve("net");
    StringWriter err = new StringWriter();
    CommandLine main = Main.commandLine().setErr(new PrintWriter(err, true));
    assertThat(
            main.execute("compile", model.toString(), "--board=" + board, option, "--out=" + out))
        .as(err.toString())
        .isZero();

    Holder holder = new Holder();
    new CommandLine(holder).parseArgs(out.toString());
    ProgramSource.Opened opened = holder.source.open(Target.PORTABLE, folder);

    assertThat(opened.folder()).isEqualTo(out);
    for (Map.Entry<String, String> file : opened.compilation().program().files().entrySet()) {
      assertThat(out.resolve(file.getKey())).hasContent(file.getValue());
    }
  }

  private static String board(int first, int second, String flash) {
    return """
    {"name": "made-up", "part": "X", "target": "cortex-m0plus", "clock_mhz": 1,
     "clock_source": "-", "regions": [
      {"name": "fast", "kind": "ram", "bytes": FIRST, "address": "0x10000000",
       "random_wait_states": 0, "executable": false, "dma": true, "source": "-"},
      {"name": "slow", "kind": "ram", "bytes": SECOND, "address": "0x20000000",
       "random_wait_states": 2, "executable": false, "dma": true, "source": "-"},
      {"name": "flash", "kind": "flash", "bytes": "FLASH", "address": "0x08000000",
       "executable": true, "dma": true, "source": "-"},
      {"name": "serial", "kind": "external_flash", "bytes": "1M",
       "executable": false, "dma": true, "source": "-"}]}
    """
        .replace("FIRST", Integer.toString(first))
        .replace("SECOND", Integer.toString(second))
        .replace("FLASH", flash);
  }

  @Command(name = "test")
  private static final class Holder {
    @CommandLine.Mixin private ProgramSource source = new ProgramSource();
  }
}
