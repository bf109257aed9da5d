package dev.thimble.importer.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The files beside a model that hold data of its tensors. */
public final class ExternalData {
  private final Set<String> locations = new LinkedHashSet<>();

  private ExternalData() {}

  /** The files' names, relative to the model's folder; none where the bytes are no model. */
  public static List<String> locations(byte[] bytes) {
    ExternalData data = new ExternalData();
    try {
      ModelProto model = ModelProto.parseFrom(bytes);
      data.graph(model.getGraph());
      for (FunctionProto function : model.getFunctionsList()) {
        data.nodes(function.getNodeList());
      }
    } catch (InvalidProtocolBufferException e) {
      // Whoever reads the model says what is wrong with it.
      return List.of();
    }
    return List.copyOf(data.locations);
  }

  private void graph(GraphProto graph) {
    graph.getInitializerList().forEach(this::tensor);
    nodes(graph.getNodeList());
  }

  private void nodes(List<NodeProto> nodes) {
    for (NodeProto node : nodes) {
      for (AttributeProto attribute : node.getAttributeList()) {
        tensor(attribute.getT());
        attribute.getTensorsList().forEach(this::tensor);
        attribute.getGraphsList().forEach(this::graph);
        if (attribute.hasG()) {
          graph(attribute.getG());
        }
      }
    }
  }

  private void tensor(TensorProto tensor) {
    for (StringStringEntryProto entry : tensor.getExternalDataList()) {
      if (entry.getKey().equals("location")) {
        locations.add(entry.getValue());
      }
    }
  }
}
