package dev.thimble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void versionIsTheBuilds() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).matches("thimble \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
  }

  @Test
  void noCommandIsBadUsage() {
    assertThat(run()).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).startsWith("missing COMMAND");
  }

  @Test
  void inspectTakesMemoryWithAndWithoutAStrategy() {
    assertThat(memory("inspect", "--memory", "net.tflite")).isEmpty();
    assertThat(memory("inspect", "net.tflite", "--memory")).isEmpty();
    assertThat(memory("inspect", "net.tflite", "--memory", "--json")).isEmpty();
    assertThat(memory("inspect", "net.tflite", "--memory", "in-place")).isEqualTo("in-place");
    assertThat(memory("inspect", "--memory=greedy", "net.tflite")).isEqualTo("greedy");
    assertThat(run("compile", "net.tflite", "--memory")).isEqualTo(2);
  }

  @Test
  void filesAndFoldersThatAreNoneAreRefused() {
    assertThat(run("compile", "net.tflite", "--out", "")).isEqualTo(2);
    assertThat(run("verify", "no-such")).isEqualTo(2);
    assertThat(run("allocate", ".")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            "thimble: --out is empty; name a folder, '.' for this one",
            "thimble: no-such: there is no such file or folder",
            "thimble: . is a folder; give a CSV file");
  }

  @Test
  void resultsThatCouldNotBeWrittenAreNoSuccess() {
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    PrintStream tells = new PrintStream(told, true, StandardCharsets.UTF_8);
    PrintStream full =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("no space left");
              }
            },
            false,
            StandardCharsets.UTF_8);
    assertThat(Main.written(full, tells, 0)).isZero();
    full.print("result");
    assertThat(Main.written(full, tells, 3)).isEqualTo(3);
    assertThat(told.size()).isZero();
    assertThat(Main.written(full, tells, 0)).isEqualTo(2);
    assertThat(told.toString(StandardCharsets.UTF_8)).contains("stdout could not be written");
  }

  private static String memory(String... args) {
    return Main.commandLine()
        .parseArgs(args)
        .subcommand()
        .commandSpec()
        .findOption("--memory")
        .getValue();
  }

  private int run(String... args) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(args);
  }
}
