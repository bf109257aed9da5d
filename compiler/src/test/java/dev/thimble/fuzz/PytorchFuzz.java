package dev.thimble.fuzz;

import dev.thimble.importer.ModelException;
import dev.thimble.importer.ModelImporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Any bytes as a {@code .pt2} archive; bytes that begin with a brace as the graph in an archive.
 */
public final class PytorchFuzz {
  private PytorchFuzz() {}

  /** Reads the bytes; called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    boolean graph = bytes.length > 0 && bytes[0] == '{';
    try {
      ModelImporter.read("fuzzed.pt2", graph ? archive(bytes) : bytes);
    } catch (ModelException e) {
      // That is how bad files are to be refused.
    }
  }

  private static byte[] archive(byte[] graph) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("net/models/model.json"));
      zip.write(graph);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
