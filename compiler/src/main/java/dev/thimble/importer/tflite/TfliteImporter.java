package dev.thimble.importer.tflite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.GraphException;
import dev.thimble.graph.Node;
import dev.thimble.graph.Program;
import dev.thimble.graph.State;
import dev.thimble.graph.Value;
import dev.thimble.importer.ModelException;
import dev.thimble.op.Requantize;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a TFLite flatbuffer into a program of one graph, its nodes in the file's order. Operators
 * that nothing reads are kept; constants become part of the graph when a node or an output reads
 * them, so axes and shapes that became attributes do not. Layouts are TFLite's: NHWC and OHWI.
 */
public final class TfliteImporter {
  private final ReadGuard guard;
  private final TfliteGraph file;
  private final Values values;
  private final Variables variables;
  private final List<String> findings = new ArrayList<>();
  private int unsupportedOperators;

  private TfliteImporter(String name, byte[] bytes) {
    guard = new ReadGuard(name, bytes.length);
    TfliteReader reader = new TfliteReader(guard, bytes);
    file = reader.read();
    Constants constants = reader.constants();
    values = new Values(file.tensors(), constants);
    variables = new Variables(reader::read, constants, guard);
  }

  /**
   * The program in these bytes. {@code file} names them in messages.
   *
   * @throws ModelException when the bytes are malformed, at the first such place; or when not
   *     everything in them is supported, with all of that in one message
   */
  public static Program read(String file, String program, byte[] bytes) {
    return new TfliteImporter(file, bytes).read(program);
  }

  private Program read(String program) {
    requireOrder();
    List<Node> recoding = recoding();
    List<Value> inputs = ends("graph input", file.inputs());
    List<Node> nodes = new ArrayList<>(recoding);
    nodes.addAll(nodes());
    List<Value> outputs = ends("graph output", file.outputs());
    nodes.addAll(recodedOutputs());
    List<State> states = new ArrayList<>(values.states());
    try {
      states.addAll(variables.states());
    } catch (UnsupportedNode e) {
      findings.add("model: " + e.finding());
    }
    if (file.subgraphs() > 1 + variables.subgraphs()) {
      findings.add(
          "model: found "
              + file.subgraphs()
              + " subgraphs (control flow or several entry points); supported: one, and those that"
              + " CALL_ONCE runs");
    }
    refuseFindings();
    String graphName = file.name().isEmpty() ? "main" : file.name();
    Graph graph =
        new Graph(graphName, inputs, values.constants(), states, nodes, outputs, Map.of());
    try {
      return new Program(program, List.of(GraphChecker.check(graph)));
    } catch (GraphException e) {
      throw guard.malformed("subgraph 0", String.valueOf(e.getMessage()));
    }
  }

  /** Requires every tensor to be written once and before it is read, which excludes cycles. */
  private void requireOrder() {
    BitSet written = new BitSet();
    for (int index : file.inputs()) {
      write("graph inputs", index, written);
    }
    for (TfliteOperator operator : file.operators()) {
      for (int index : operator.inputs()) {
        if (index >= 0) {
          requireWritten(operator.place(), index, written);
        }
      }
      for (int index : operator.outputs()) {
        write(operator.place(), index, written);
      }
    }
    if (file.outputs().isEmpty()) {
      throw guard.malformed("graph outputs", "there are none");
    }
    for (int index : file.outputs()) {
      requireWritten("graph outputs", index, written);
    }
  }

  private void write(String place, int index, BitSet written) {
    TfliteTensor tensor = values.tensor(index);
    if (written.get(index)) {
      throw guard.malformed(place, "writes " + tensor.place() + ", which is written before");
    }
    if (values.isConstant(index) && tensor.elements() > 0) {
      throw guard.malformed(place, "writes " + tensor.place() + ", which is constant");
    }
    written.set(index);
  }

  private void requireWritten(String place, int index, BitSet written) {
    TfliteTensor tensor = values.tensor(index);
    boolean known = written.get(index) || !tensor.feature().isEmpty() || values.isConstant(index);
    if (!known) {
      throw guard.malformed(place, "reads " + tensor.place() + ", which nothing before it writes");
    }
  }

  /** What turns the inputs of uint8 into the int8 that nodes compute with. */
  private List<Node> recoding() {
    file.outputs().stream().filter(values::isRecoded).forEach(values::outside);
    return file.inputs().stream()
        .filter(values::isRecoded)
        .map(index ->
            new Node(
                new Requantize(), List.of(values.outside(index)), List.of(values.value(index))))
        .toList();
  }

  private List<Node> recodedOutputs() {
    return file.outputs().stream()
        .distinct()
        .filter(index -> values.isRecoded(index) && !file.inputs().contains(index))
        .map(index ->
            new Node(
                new Requantize(), List.of(values.value(index)), List.of(values.outside(index))))
        .toList();
  }

  /** The values at one end of the graph; those that no graph can hold become findings. */
  private List<Value> ends(String what, List<Integer> indices) {
    List<Value> ends = new ArrayList<>();
    for (int i = 0; i < indices.size(); i++) {
      String place = what + " " + i;
      int index = indices.get(i);
      try {
        ends.add(
            guard.at(
                place,
                () -> values.isRecoded(index) ? values.outside(index) : values.value(index)));
      } catch (UnsupportedNode e) {
        findings.add(place + ": " + e.finding());
      }
    }
    return ends;
  }

  private List<Node> nodes() {
    List<Node> nodes = new ArrayList<>();
    for (TfliteOperator operator : file.operators()) {
      Operands operands = new Operands(operator, values, guard);
      if (WeightFolding.fold(operator, values)) {
        continue;
      }
      try {
        if (Variables.takes(operator)) {
          nodes.addAll(
              guard.at(operator.place(), () -> variables.read(operator, operands, values)));
          continue;
        }
        Node last = guard.at(operator.place(), () -> OperatorImport.read(operands));
        for (Node node : operands.nodesBefore()) {
          add(node, nodes);
        }
        add(last, nodes);
      } catch (UnsupportedNode e) {
        unsupportedOperators++;
        findings.add(operator.place() + " -> " + outputName(operator) + ": " + e.finding());
      }
    }
    return nodes;
  }

  private void add(Node node, List<Node> nodes) {
    if (!values.fold(node)) {
      nodes.add(node);
    }
  }

  private String outputName(TfliteOperator operator) {
    Optional<Integer> output = operator.outputs().stream().findFirst();
    return output
        .map(index -> TfliteTensor.quoted(values.tensor(index).name()))
        .orElse("no output");
  }

  private void refuseFindings() {
    if (findings.isEmpty()) {
      return;
    }
    throw ModelException.unsupported(
        guard.file(),
        unsupportedOperators
            + " of "
            + file.operators().size()
            + " operators"
            + (findings.size() > unsupportedOperators ? " and the model itself" : "")
            + " not supported",
        findings,
        "express these operators with supported ones ("
            + OperatorImport.OPERATORS
            + ") and export the network as float32, or with full int8 quantisation");
  }
}
