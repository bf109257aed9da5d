package dev.thimble.importer;

import dev.thimble.graph.Program;
import java.util.List;

/**
 * A network as it stands in its file, before any rewrite.
 *
 * @param program the network
 * @param format the file's format, such as {@code tflite}
 * @param sha256 the SHA-256 of the file's bytes, in lower-case hexadecimal digits
 * @param inputs the entry graph's inputs, in its order
 * @param outputs the entry graph's outputs, in its order
 */
public record ImportedModel(
    Program program, String format, String sha256, List<IoInfo> inputs, List<IoInfo> outputs) {
  public ImportedModel {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
