package dev.thimble.importer.onnx;

import ai.onnx.proto.OnnxMl.FunctionProto;
import dev.thimble.importer.layout.LaidOutGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the nodes of a file share while they are imported.
 *
 * @param opset the version of the default operator set
 * @param functions the file's own functions, by domain and name with a colon between
 * @param narrow whether float64 is read as float32
 * @param findings a line for each node that is not supported
 * @param open inputs from which something is computed that must be constant
 */
record Model(
    Source source,
    TensorDecoder decoder,
    LaidOutGraph graph,
    int opset,
    Map<String, FunctionProto> functions,
    boolean narrow,
    List<String> findings,
    Set<String> open) {
  Model(Source source, int opset, Map<String, FunctionProto> functions, boolean narrow) {
    this(
        source,
        new TensorDecoder(source, narrow),
        new LaidOutGraph(),
        opset,
        functions,
        narrow,
        new ArrayList<>(),
        new TreeSet<>());
  }
}
