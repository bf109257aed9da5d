package dev.thimble.importer.onnx;

import ai.onnx.proto.OnnxMl.FunctionProto;
import dev.thimble.importer.layout.LaidOutGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the nodes of a file share while they are imported.
 *
 * @param opset the version of the default operator set
 * @param functions the file's own functions, by domain and name with a colon between
 * @param findings a line for each node that is not supported
 */
record Model(
    Source source,
    TensorDecoder decoder,
    LaidOutGraph graph,
    int opset,
    Map<String, FunctionProto> functions,
    List<String> findings) {
  Model(Source source, int opset, Map<String, FunctionProto> functions) {
    this(
        source, new TensorDecoder(source), new LaidOutGraph(), opset, functions, new ArrayList<>());
  }
}
