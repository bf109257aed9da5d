package dev.thimble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchCommandTest {
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void aPartThatItDoesNotKnowIsRefusedWithThoseItKnows() {
    assertThat(run("--only", "beauty")).isEqualTo(2);
    assertThat(err.toString()).contains("choose one of memory, speed, host, allocator, planning");
  }

  @Test
  void aTargetWithoutSimulatorIsRefused() {
    assertThat(run("--target", "portable")).isEqualTo(2);
    assertThat(err.toString()).contains("cortex-m4");
  }

  @Test
  void aFolderOfModelsThatIsNotThereIsRefusedBeforeAnythingIsMeasured() {
    assertThat(run("--models", folder.resolve("none").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("is no folder");
  }

  @Test
  void theAllocatorAloneWantsInstances() {
    assertThat(run("--only", "allocator")).isEqualTo(2);
    assertThat(err.toString()).contains("--allocator");
  }

  @Test
  void aFolderWithoutInstancesIsRefused() {
    assertThat(run("--only", "allocator", "--allocator", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("NAME.CAPACITY.csv");
  }

  @Test
  void formatsWithoutTheNetworkAreRefused() {
    assertThat(run("--only", "formats", "--models", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("kws_ref_model_float32.tflite").contains("--models");
  }

  @Test
  void onePartGoesToTheFileThatIsNamed() throws IOException {
    Files.writeString(folder.resolve("two.12.csv"), "id,lower,upper,size\n0,0,2,5\n1,1,3,7\n");
    Path page = folder.resolve("page.md");
    assertThat(
            run("--only", "allocator", "--allocator", folder.toString(), "--out", page.toString()))
        .isZero();
    assertThat(Files.readString(page))
        .startsWith("# Benchmarks\n")
        .contains("./thimble bench --target cortex-m4 --allocator INSTANCES --only allocator")
        .contains("## Offset assignment")
        .doesNotContain(folder.toString());
  }

  private int run(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "bench";
    System.arraycopy(args, 0, all, 1, args.length);
    CommandLine commandLine = Main.commandLine();
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(all);
  }
}
