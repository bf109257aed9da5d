package dev.thimble.toolchain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CommandTest {
  @TempDir private Path folder;

  @Test
  void exitCodeAndBothStreamsAreGiven() throws IOException {
    Command.Result result = shell("echo out; echo err >&2; exit 3").run();
    assertThat(result).isEqualTo(new Command.Result(3, "out\nerr\n"));
  }

  @Test
  void theProgramRunsInItsFolderWithNothingToRead() throws IOException {
    assertThat(shell("pwd -P; cat").runOrFail()).isEqualTo(folder.toRealPath() + "\n");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFailureShowsTheCommandAndTheBeginningOfItsOutput() {
    assertThatThrownBy(() -> shell("echo wrong; exit 2").runOrFail())
        .isInstanceOf(ToolException.class)
        .hasMessage("/bin/sh -c echo wrong; exit 2 failed with exit code 2:\nwrong\n");
    assertThatThrownBy(() -> shell("yes wrong | head -n 5000; exit 1").runOrFail())
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(4100));
  }

  @Test
  void aProgramThatDoesNotEndIsEnded() {
    assertThatThrownBy(() -> shell("exec sleep 60").within(Duration.ofMillis(200)).run())
        .isInstanceOf(ToolException.class)
        .hasMessage("/bin/sh did not end within 0 seconds");
  }

  @Test
  void anAbsentProgramIsNamed() {
    assertThatThrownBy(() -> new Command(folder, Path.of("/no/such/program")).run())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/no/such/program");
  }

  @ParameterizedTest
  @EnumSource(Tool.class)
  void aMissingToolSaysWhatItIsForAndHowToInstallIt(Tool tool) {
    assertThat(tool.missing())
        .hasMessage(
            tool.command()
                + " is missing ("
                + tool.purpose()
                + "); on Debian, as root: apt-get install -y "
                + tool.installCommand().substring("apt-get install -y ".length()));
  }

  private Command shell(String script) {
    return new Command(folder, Path.of("/bin/sh")).add(List.of("-c", script));
  }
}
