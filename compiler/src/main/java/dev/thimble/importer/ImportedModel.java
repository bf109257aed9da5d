package dev.thimble.importer;

import dev.thimble.graph.Program;
import dev.thimble.graph.Value;
import java.util.List;
import java.util.stream.Stream;

/**
 * A network as it stands in its file, before any rewrite.
 *
 * @param program the network
 * @param format the file's format, such as {@code tflite}
 * @param sha256 the SHA-256 of the file's bytes, followed by those of a file with its weights, in
 *     lower-case hexadecimal digits
 * @param inputs the entry graph's inputs, in its order
 * @param outputs the entry graph's outputs, in its order
 * @param options what the import was told besides the file
 */
public record ImportedModel(
    Program program,
    String format,
    String sha256,
    List<IoInfo> inputs,
    List<IoInfo> outputs,
    ImportOptions options) {
  public ImportedModel {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** A network that needed no options. */
  public ImportedModel(
      Program program, String format, String sha256, List<IoInfo> inputs, List<IoInfo> outputs) {
    this(program, format, sha256, inputs, outputs, ImportOptions.DEFAULTS);
  }

  /**
   * What an input or output of a graph made from this network is in the file: values that the
   * network does not have lie as they are.
   */
  public IoInfo info(Value end) {
    return Stream.concat(inputs.stream(), outputs.stream())
        .filter(info -> info.value().equals(end))
        .findFirst()
        .orElseGet(() -> IoInfo.sameLayout(end));
  }
}
