package dev.thimble.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AllocateCommandTest {
  private static final String HEADER = "id,lower,upper,size\n";

  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void rowsComeBackWithTheirOffsets() throws IOException {
    Path out = folder.resolve("out.csv");
    Path in = table("note,id,size,alignment,upper,lower\nx,a,5,1,2,0\n,b,4,4,2,0\ny,c,9,1,3,2\n");

    assertThat(run(in.toString(), "--out", out.toString())).isZero();

    assertThat(out)
        .hasContent(
            """
            note,id,size,alignment,upper,lower,offset
            x,a,5,1,2,0,4
            ,b,4,4,2,0,0
            y,c,9,1,3,2,0
            """);
  }

  @Test
  void ticksMayBeAnyNumbersOf64Bits() throws IOException {
    Path out = folder.resolve("out.csv");
    Path in = table(HEADER + "a," + Long.MIN_VALUE + "," + Long.MAX_VALUE + ",3\n");

    assertThat(run(in.toString(), "--out", out.toString())).isZero();
    assertThat(out).content().endsWith(",3,0\n");
  }

  @Test
  void allSolversSolveATable() throws IOException {
    Path in = table(HEADER + "a,0,2,4\nb,1,3,4\nc,2,4,2\n");
    for (String solver : new String[] {"auto", "cp-sat", "own", "greedy"}) {
      Path out = folder.resolve(solver + ".csv");
      assertThat(run(in.toString(), "--solver", solver, "--out", out.toString())).isZero();
      assertThat(out).exists();
    }
  }

  @Test
  void whatDoesNotFitLeavesNoTable() throws IOException {
    Path out = folder.resolve("out.csv");
    Path in = table(HEADER + "a,0,2,4\nb,1,3,4\n");

    assertThat(run(in.toString(), "--capacity", "7", "--out", out.toString())).isEqualTo(3);
    assertThat(out).doesNotExist();
    assertThat(run(in.toString(), "--capacity", "8", "--out", out.toString())).isZero();
    try (var files = Files.list(folder)) {
      assertThat(files.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder("in.csv", "out.csv");
    }
  }

  @Test
  void aLinkIsFollowedAndItsFileHasUsualPermissions() throws IOException {
    Path plain = Files.writeString(folder.resolve("plain.csv"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.csv"), plain);
    Path out = folder.resolve("out.csv");
    String in = table(HEADER + "a,0,1,4\n").toString();

    assertThat(run(in, "--out", link.toString())).isZero();
    assertThat(link).isSymbolicLink();
    assertThat(plain).content().endsWith("a,0,1,4,0\n");
    assertThat(run(in, "--out", out.toString())).isZero();
    assertThat(Files.getPosixFilePermissions(out))
        .isEqualTo(Files.getPosixFilePermissions(Path.of(in)));
  }

  @Test
  void whatIsNoFileIsWrittenAndNotReplaced() throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe");
    assumeThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    String in = table(HEADER + "a,0,1,4\n").toString();
    Process reader =
        new ProcessBuilder("cat", pipe.toString())
            .redirectOutput(folder.resolve("read.csv").toFile())
            .start();

    assertThat(run(in, "--out", pipe.toString())).isZero();
    assertThat(reader.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(folder.resolve("read.csv")).content().endsWith("a,0,1,4,0\n");
    assertThat(Files.isRegularFile(pipe)).isFalse();
  }

  @Test
  void badTablesAreRefusedByLineAndColumn() throws IOException {
    Map<String, String> messages =
        Map.ofEntries(
            Map.entry("", "line 1: expected a line with the names of the columns"),
            Map.entry("id,lower,size\n", "line 1: there is no column 'upper' among"),
            Map.entry("id,lower,upper,size,id\n", "line 1: column 'id' stands there twice"),
            Map.entry("id,lower,upper,size,offset\n", "line 1: there is a column 'offset'"),
            Map.entry(HEADER + "a,0,1\n", "line 2: expected 4 fields, found 3"),
            Map.entry(HEADER + "a,0,1,4\n\na,0,1,4\n", "line 4: column 'id': 'a' is the id of"),
            Map.entry(HEADER + "a,zero,1,4\n", "line 2: column 'lower': 'zero' is no whole"),
            Map.entry(HEADER + "a,0,99999999999999999999,4\n", "line 2: column 'upper': '9999"),
            Map.entry(HEADER + "a,3,3,4\n", "line 2: column 'upper': 3 is not above lower"),
            Map.entry(HEADER + "a,0,1,-4\n", "line 2: column 'size': -4, expected 1 to"),
            Map.entry(HEADER + "a,0,1,0\n", "line 2: column 'size': 0, expected 1 to"),
            Map.entry(HEADER + "a,0,1,9223372036854775807\n", "line 2: column 'size': 922"),
            Map.entry(
                HEADER + "a,0,1,140737488355000\nb,0,1,140737488355000\n",
                "the blocks up to 'b' have"),
            Map.entry(
                "id,lower,upper,size,alignment\na,0,1,4,0\n",
                "line 2: column 'alignment': 0, expected 1 to"),
            Map.entry(HEADER + ",0,1,4\n", "line 2: column 'id' is empty"),
            Map.entry(HEADER + "\"a,b\",0,1,4\n", "line 2: quoted fields are not supported"));
    messages.forEach((text, message) -> {
      Path out = folder.resolve("out.csv");
      assertThat(run(table(text).toString(), "--out", out.toString())).as(text).isEqualTo(2);
      assertThat(err.toString()).contains("in.csv").contains(message);
      assertThat(out).doesNotExist();
    });
  }

  @Test
  void badUsageIsRefused() throws IOException {
    String in = table(HEADER + "a,0,1,4\n").toString();

    assertThat(run(in, "--solver", "magic")).isEqualTo(2);
    assertThat(err.toString()).contains("'magic' is none of auto, cp-sat, own, greedy");
    assertThat(run(in, "--out", in)).isEqualTo(2);
    assertThat(err.toString()).contains("is the input");
    assertThat(run(in, in, "--out", folder.resolve("x").toString())).isEqualTo(2);
    assertThat(run(in, "--capacity", "-3")).isEqualTo(2);
    assertThat(run(folder.resolve("none.csv").toString())).isEqualTo(2);
    assertThat(run(in, "--out", folder.resolve("no/such/x.csv").toString())).isEqualTo(2);
  }

  private Path table(String text) {
    try {
      return Files.writeString(folder.resolve("in.csv"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int run(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "allocate";
    System.arraycopy(args, 0, all, 1, args.length);
    CommandLine commandLine = Main.commandLine();
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(all);
  }
}
