package dev.thimble.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The module {@code peers}, which has other runtimes and runs in processes of its own: whoever only
 * compiles networks need not have them.
 */
public final class PeersModule {
  private PeersModule() {}

  /** The command that runs one of the module's classes; builds the module where it is not. */
  public static List<String> command(Path root, List<String> options, String main)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED"));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(root), main));
    return command;
  }

  private static String classPath(Path root) throws IOException {
    Path target = root.resolve("peers/target").toAbsolutePath();
    if (!Files.isDirectory(target.resolve("lib"))) {
      execute(
          root,
          List.of(
              root.resolve("mvnw").toAbsolutePath().toString(),
              "-q",
              "-pl",
              "peers",
              "-am",
              "-DskipTests",
              "package"));
    }
    return target.resolve("classes") + ":" + target.resolve("lib") + "/*";
  }

  /** Runs a command in the repository's root; returns its stdout. */
  public static String execute(Path root, List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .directory(root.toAbsolutePath().toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(command.getFirst() + " failed; see above");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return output;
  }
}
