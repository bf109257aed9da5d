package dev.thimble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.toolchain.Verification;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
  void aFileInTheWayOfAFolderIsNamed(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("afile"), "");
    Path model =
        Path.of(System.getProperty("thimble.root")).resolve("examples/digits/lenet5_int8.tflite");
    Path out = file.resolve("net.tflite");
    assertThat(run("export", model.toString(), "--to=tflite", "--out=" + out)).isEqualTo(2);
    assertThat(err.toString().strip())
        .isEqualTo("thimble: " + out + " cannot be written: " + file + " is a file, not a folder");
  }

  @Test
  void aReportThatIsNoneIsNamed(@TempDir Path folder) throws IOException {
    Path report = Files.writeString(folder.resolve("report.json"), "{\"a\": 1,");
    assertThat(run("verify", folder.toString())).isEqualTo(2);
    Files.writeString(report, "{}");
    assertThat(run("verify", folder.toString())).isEqualTo(2);
    assertThat(err.toString().lines().toList())
        .satisfiesExactly(
            broken ->
                assertThat(broken)
                    .startsWith("thimble: " + report + " is no report: Unexpected end-of-input")
                    .doesNotContain("Source")
                    .endsWith("; compile again"),
            empty ->
                assertThat(empty)
                    .isEqualTo(
                        "thimble: "
                            + report
                            + " is no report of compile: it names no network; compile again"));
  }

  @Test
  void helpNamesAllFormats() {
    for (String command : List.of("compile", "inspect", "estimate", "run", "verify", "profile")) {
      assertThat(run(command, "--help")).isZero();
      assertThat(out.toString().replaceAll("\\s+", " "))
          .as(command)
          .contains(".tflite, .onnx, .pt2, .keras or .h5");
      out.getBuffer().setLength(0);
    }
  }

  @Test
  void verifyCountsTensorsOrSaysThatItStopped() {
    Verification.OnTarget equal = new Verification.OnTarget("host", List.of(), Optional.empty());
    Verification.OnTarget differs =
        new Verification.OnTarget(
            "host", List.of(), Optional.of(new Verification.Difference(0, "y", 1, "2", "3")));
    assertThat(VerifyCommand.summary(new Verification(5, 35, List.of(equal))))
        .isEqualTo("5 samples, 35 tensors compared, number by number");
    assertThat(VerifyCommand.summary(new Verification(1, 0, List.of(differs))))
        .isEqualTo("1 sample; each target stops at its first difference");
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
