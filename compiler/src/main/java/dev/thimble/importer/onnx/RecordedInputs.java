package dev.thimble.importer.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The names of the inputs that recordings beside a model number. */
public final class RecordedInputs {
  private RecordedInputs() {}

  /** The model's inputs that have no initializer, in the file's order; none for other bytes. */
  public static List<String> names(byte[] bytes) {
    try {
      GraphProto graph = ModelProto.parseFrom(bytes).getGraph();
      Set<String> stored =
          graph.getInitializerList().stream().map(TensorProto::getName).collect(Collectors.toSet());
      return graph.getInputList().stream()
          .map(input -> input.getName())
          .filter(name -> !stored.contains(name))
          .toList();
    } catch (InvalidProtocolBufferException e) {
      return List.of();
    }
  }
}
