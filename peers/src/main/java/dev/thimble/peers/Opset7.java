package dev.thimble.peers;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Models of an opset below 7 as models of opset 7, which ONNX Runtime has kernels for. What changed
 * between the two is how operands are broadcast, and attributes that inference has no use for.
 */
final class Opset7 {
  private static final int VERSION = 7;
  private static final Set<String> GONE = Set.of("broadcast", "consumed_inputs", "is_test");

  private Opset7() {}

  /**
   * The model's bytes as one of opset 7; nothing where it needs no change, or has a node that opset
   * 7 says in another way.
   */
  static Optional<byte[]> of(Path file) {
    try {
      ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
      boolean old =
          model.getOpsetImportList().stream()
              .anyMatch(set -> set.getDomain().isEmpty() && set.getVersion() < VERSION);
      return old ? upgraded(model).map(ModelProto::toByteArray) : Optional.empty();
    } catch (IOException e) {
      throw new PeerException("cannot read " + file.getFileName(), e);
    }
  }

  private static Optional<ModelProto> upgraded(ModelProto model) {
    GraphProto.Builder graph = model.getGraph().toBuilder();
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      List<AttributeProto> kept =
          node.getAttributeList().stream().filter(a -> !GONE.contains(a.getName())).toList();
      boolean placed =
          node.getAttributeList().size() > kept.size()
              && kept.stream().anyMatch(a -> a.getName().equals("axis"));
      if (placed || node.getOpType().equals("Upsample")) {
        return Optional.empty();
      }
      node.clearAttribute().addAllAttribute(kept);
      if (node.getOpType().equals("PRelu")) {
        slopes(graph, node.getInput(0), node.getInput(1));
      }
    }
    ModelProto.Builder result = model.toBuilder().setGraph(graph).clearOpsetImport();
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      result.addOpsetImport(
          set.getDomain().isEmpty() ? set.toBuilder().setVersion(VERSION).build() : set);
    }
    return Optional.of(result.build());
  }

  /** Slopes of the channels, [C], become [C,1…], which broadcasts likewise. */
  private static void slopes(GraphProto.Builder graph, String data, String slope) {
    int rank =
        graph.getInputList().stream()
            .filter(input -> input.getName().equals(data))
            .findFirst()
            .map(input -> input.getType().getTensorType().getShape().getDimCount())
            .orElse(0);
    for (TensorProto.Builder tensor : graph.getInitializerBuilderList()) {
      if (tensor.getName().equals(slope)) {
        for (int i = tensor.getDimsCount(); i < rank - 1; i++) {
          tensor.addDims(1);
        }
      }
    }
    // An initializer need not be an input, whose shape would have to change too.
    List<ValueInfoProto> inputs =
        graph.getInputList().stream().filter(input -> !input.getName().equals(slope)).toList();
    boolean constant =
        graph.getInitializerList().stream().anyMatch(tensor -> tensor.getName().equals(slope));
    if (constant) {
      graph.clearInput().addAllInput(inputs);
    }
  }
}
