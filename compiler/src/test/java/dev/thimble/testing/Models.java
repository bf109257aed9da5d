package dev.thimble.testing;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Program;
import dev.thimble.importer.ImportedModel;
import java.util.List;

/** Networks as if they had been read from a file. */
public final class Models {
  private Models() {}

  /** The network of a graph, from a TFLite file of the graph's name whose SHA-256 is made up. */
  public static ImportedModel of(Graph graph) {
    return ImportedModel.of(new Program(graph.name(), List.of(graph)), "tflite", "00ff");
  }
}
