package dev.thimble.importer.pytorch.archive;

import java.util.List;
import java.util.Map;

/**
 * A model as {@code torch.export} wrote it.
 *
 * @param torchVersion the PyTorch that wrote it
 * @param inputs the graph's inputs, in order
 * @param outputs the graph's outputs, in order; nested containers are flattened
 * @param nodes in an order in which they can run
 * @param symbols the integers that nodes compute from shapes, by their names in the graph
 * @param metas element types and shapes by the tensors' names in the graph
 */
public record ExportedProgram(
    String torchVersion,
    List<ExportedInput> inputs,
    List<ExportedOutput> outputs,
    List<ExportedNode> nodes,
    Map<String, Extent> symbols,
    Map<String, TensorMeta> metas,
    Weights weights) {
  public ExportedProgram {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    nodes = List.copyOf(nodes);
    symbols = Map.copyOf(symbols);
    metas = Map.copyOf(metas);
  }

  /** This model with other weights. */
  public ExportedProgram with(Weights others) {
    return new ExportedProgram(torchVersion, inputs, outputs, nodes, symbols, metas, others);
  }
}
