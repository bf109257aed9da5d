package dev.thimble.importer;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Program;
import dev.thimble.graph.Value;
import java.util.ArrayList;
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

  /** A network whose inputs and outputs lie in its file as its entry graph has them. */
  public static ImportedModel of(Program program, String format, String sha256) {
    Graph entry = program.entry();
    return new ImportedModel(
        program,
        format,
        sha256,
        entry.inputs().stream().map(IoInfo::sameLayout).toList(),
        entry.outputs().stream().map(IoInfo::sameLayout).toList());
  }

  /**
   * This network with another graph made from its entry. Inputs and outputs lie in the file as
   * those in the same places do; the types of their elements may differ.
   *
   * @throws IllegalArgumentException when the graph has not as many inputs or outputs
   */
  public ImportedModel with(Graph graph) {
    return new ImportedModel(
        new Program(program.name(), List.of(graph)),
        format,
        sha256,
        inPlaces(inputs, graph.inputs()),
        inPlaces(outputs, graph.outputs()),
        options);
  }

  private static List<IoInfo> inPlaces(List<IoInfo> ends, List<Value> values) {
    if (ends.size() != values.size()) {
      throw new IllegalArgumentException(
          "a graph of " + values.size() + " inputs or outputs for a network of " + ends.size());
    }
    List<IoInfo> made = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      IoInfo end = ends.get(i);
      made.add(new IoInfo(values.get(i), end.layout(), end.sourceShape(), end.order()));
    }
    return made;
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
