package dev.thimble.importer.tflite;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.Operator;
import org.tensorflow.lite.schema.OperatorCode;
import org.tensorflow.lite.schema.SubGraph;
import org.tensorflow.lite.schema.Tensor;

/**
 * Reads the tables of a TFLite file into records, whether or not the network in them is supported.
 * Source: {@code schema.fbs} of TensorFlow Lite, version 3.
 */
final class TfliteReader {
  private static final int OFFSET_BYTES = 4;
  private static final int SCHEMA_VERSION = 3;
  private static final String GRAPH = "subgraph 0";

  private final ReadGuard guard;
  private final Model model;

  TfliteReader(ReadGuard guard, byte[] bytes) {
    this.guard = guard;
    this.model = guard.at("header", () -> Model.getRootAsModel(ByteBuffer.wrap(bytes)));
  }

  /** The data of the file's tensors. */
  Constants constants() {
    int buffers =
        guard.vector("buffers", "buffers", OFFSET_BYTES, model::buffersLength, i -> i).size();
    return new Constants(guard, model, buffers);
  }

  /** The first subgraph, with every index in it checked. */
  TfliteGraph read() {
    long version = guard.at("header", model::version);
    if (version != SCHEMA_VERSION) {
      throw guard.malformed("header", "has schema version " + version + ", not 3");
    }
    List<Code> codes = codes();
    int subgraphs =
        guard.vector("subgraphs", "subgraphs", OFFSET_BYTES, model::subgraphsLength, i -> i).size();
    if (subgraphs == 0) {
      throw guard.malformed("subgraphs", "there is none");
    }
    return subgraph(0, subgraphs, codes);
  }

  /** Another subgraph, with every index in it checked. */
  TfliteGraph read(int index) {
    int subgraphs = guard.at("subgraphs", model::subgraphsLength);
    if (index < 0 || index >= subgraphs) {
      throw guard.malformed("subgraphs", "there is no subgraph " + index);
    }
    return subgraph(index, subgraphs, codes());
  }

  private TfliteGraph subgraph(int index, int subgraphs, List<Code> codes) {
    SubGraph graph = guard.at("subgraph " + index, () -> model.subgraphs(index));
    List<TfliteTensor> tensors = tensors(graph);
    int count = tensors.size();
    return new TfliteGraph(
        guard.text(GRAPH, "characters", graph::nameAsByteBuffer),
        subgraphs,
        tensors,
        operators(graph, codes, count),
        indices("graph inputs", 0, count, graph::inputsLength, graph::inputs),
        indices("graph outputs", 0, count, graph::outputsLength, graph::outputs));
  }

  /** An entry of the file's list of operator codes. */
  private record Code(int builtin, String name) {}

  private List<Code> codes() {
    List<OperatorCode> tables =
        guard.vector(
            "operator codes",
            "operator codes",
            OFFSET_BYTES,
            model::operatorCodesLength,
            i -> model.operatorCodes(i));
    List<Code> codes = new ArrayList<>(tables.size());
    for (int i = 0; i < tables.size(); i++) {
      OperatorCode table = tables.get(i);
      String place = "operator code " + i;
      // Codes above 127 do not fit the old field, which then holds a placeholder below them.
      int builtin =
          guard.at(place, () -> Math.max(table.builtinCode(), table.deprecatedBuiltinCode()));
      if (builtin < 0) {
        throw guard.malformed(place, "is " + builtin);
      }
      String custom = guard.text(place, "characters", table::customCodeAsByteBuffer);
      codes.add(new Code(builtin, name(builtin, custom)));
    }
    return codes;
  }

  private static String name(int builtin, String custom) {
    if (builtin == BuiltinOperator.CUSTOM) {
      return "CUSTOM " + TfliteTensor.quoted(custom);
    }
    return builtin < BuiltinOperator.names.length
        ? BuiltinOperator.name(builtin)
        : "builtin operator " + builtin;
  }

  private List<TfliteTensor> tensors(SubGraph graph) {
    List<Tensor> tables =
        guard.vector(GRAPH, "tensors", OFFSET_BYTES, graph::tensorsLength, i -> graph.tensors(i));
    TensorReader reader = new TensorReader(guard);
    List<TfliteTensor> tensors = new ArrayList<>(tables.size());
    for (int i = 0; i < tables.size(); i++) {
      tensors.add(reader.read(i, tables.get(i)));
    }
    return tensors;
  }

  private List<TfliteOperator> operators(SubGraph graph, List<Code> codes, int tensors) {
    List<Operator> tables =
        guard.vector(
            GRAPH, "operators", OFFSET_BYTES, graph::operatorsLength, i -> graph.operators(i));
    List<TfliteOperator> operators = new ArrayList<>(tables.size());
    for (int i = 0; i < tables.size(); i++) {
      Operator table = tables.get(i);
      String unnamed = "operator " + i;
      long code = guard.at(unnamed, table::opcodeIndex);
      if (code >= codes.size()) {
        throw guard.malformed(
            unnamed, "has operator code " + code + ", the file has " + codes.size());
      }
      Code known = codes.get((int) code);
      String place = unnamed + " (" + known.name() + ")";
      operators.add(
          new TfliteOperator(
              i,
              known.builtin(),
              known.name(),
              indices(place + " inputs", -1, tensors, table::inputsLength, table::inputs),
              indices(place + " outputs", 0, tensors, table::outputsLength, table::outputs),
              table));
    }
    return operators;
  }

  /** Indices of tensors, each at least {@code lowest} and below {@code tensors}. */
  private List<Integer> indices(
      String place, int lowest, int tensors, IntSupplier length, IntFunction<Integer> index) {
    List<Integer> indices = guard.vector(place, "indices", Integer.BYTES, length, index);
    for (int i : indices) {
      if (i < lowest || i >= tensors) {
        throw guard.malformed(place, "name tensor " + i + ", there are " + tensors + " tensors");
      }
    }
    return indices;
  }
}
