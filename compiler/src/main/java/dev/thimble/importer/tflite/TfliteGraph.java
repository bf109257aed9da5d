package dev.thimble.importer.tflite;

import java.util.List;

/**
 * The first subgraph of a file. Every index in it names an entry that exists.
 *
 * @param subgraphs the number of subgraphs in the file
 */
record TfliteGraph(
    String name,
    int subgraphs,
    List<TfliteTensor> tensors,
    List<TfliteOperator> operators,
    List<Integer> inputs,
    List<Integer> outputs) {
  TfliteGraph {
    tensors = List.copyOf(tensors);
    operators = List.copyOf(operators);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
