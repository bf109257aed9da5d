package dev.thimble.importer.onnx;

import ai.onnx.proto.OnnxMl.FunctionProto;
import dev.thimble.graph.Value;
import dev.thimble.importer.ImportOptions;
import dev.thimble.importer.layout.LaidOutGraph;
import java.util.ArrayList;
import java.util.HashSet;
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
 * @param fourBits constants whose elements have 4 bits in the file
 * @param roundsFloats whether floats between quantisations are to be those of the file
 */
record Model(
    Source source,
    TensorDecoder decoder,
    LaidOutGraph graph,
    int opset,
    Map<String, FunctionProto> functions,
    boolean narrow,
    List<String> findings,
    Set<String> open,
    Set<Value> fourBits,
    boolean roundsFloats) {
  Model(Source source, int opset, Map<String, FunctionProto> functions, ImportOptions options) {
    this(
        source,
        new TensorDecoder(source, options.narrow()),
        new LaidOutGraph(),
        opset,
        functions,
        options.narrow(),
        new ArrayList<>(),
        new TreeSet<>(),
        new HashSet<>(),
        options.roundsFloats());
  }
}
