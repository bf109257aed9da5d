package dev.thimble.toolchain;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary folder that disappears, with all that is in it, when it is closed. */
public final class Workspace implements AutoCloseable {
  private static final String PREFIX = "thimble";

  private final Path folder;

  private Workspace(Path folder) {
    this.folder = folder;
  }

  /** A new folder where the system keeps temporary files. */
  public static Workspace create() throws IOException {
    return new Workspace(Files.createTempDirectory(PREFIX));
  }

  /** A new hidden folder inside of this one. */
  static Workspace in(Path folder) throws IOException {
    return new Workspace(Files.createTempDirectory(folder, "." + PREFIX));
  }

  public Path folder() {
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
    List<Path> all;
    try (Stream<Path> walk = Files.walk(folder)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.delete(each);
    }
  }
}
