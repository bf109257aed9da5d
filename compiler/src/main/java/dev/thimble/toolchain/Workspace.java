package dev.thimble.toolchain;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary folder that disappears with its last use. */
final class Workspace implements AutoCloseable {
  private final Path folder;

  private Workspace(Path folder) {
    this.folder = folder;
  }

  static Workspace create() throws IOException {
    return new Workspace(Files.createTempDirectory("thimble"));
  }

  Path folder() {
    return folder;
  }

  /** Copies files of the compiler's {@code toolchain/} resources, each under its own name. */
  void addResources(List<String> names) throws IOException {
    for (String name : names) {
      try (InputStream stream = Workspace.class.getResourceAsStream("/toolchain/" + name)) {
        if (stream == null) {
          throw new IllegalStateException("resource 'toolchain/" + name + "' is missing");
        }
        Files.write(folder.resolve(Path.of(name).getFileName()), stream.readAllBytes());
      }
    }
  }

  void addText(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(Workspace::delete);
    }
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
