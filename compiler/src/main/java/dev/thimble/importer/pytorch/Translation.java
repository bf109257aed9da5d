package dev.thimble.importer.pytorch;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.thimble.importer.pytorch.archive.Argument;
import dev.thimble.importer.pytorch.archive.ElementKind;
import dev.thimble.importer.pytorch.archive.ExportedInput;
import dev.thimble.importer.pytorch.archive.ExportedOutput;
import dev.thimble.importer.pytorch.archive.ExportedProgram;
import dev.thimble.importer.pytorch.archive.ExportedTensor;
import dev.thimble.importer.pytorch.archive.Source;
import dev.thimble.importer.pytorch.archive.TensorMeta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A graph while it is translated: what is known of its values, and the ONNX graph so far. */
final class Translation {
  private final Source source;
  private final ExportedProgram program;
  private final Symbols symbols = new Symbols();
  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final Map<String, ExportedInput> stored = new HashMap<>();
  private final Map<String, ExportedTensor> constants = new HashMap<>();
  private final Map<String, Argument> fixed = new HashMap<>();
  private final Map<String, String> renamed = new HashMap<>();
  private final Set<String> defined = new HashSet<>();
  private final Set<String> constant = new HashSet<>();
  private final Map<String, String> exponents = new HashMap<>();
  private final Set<String> zeros = new HashSet<>();
  private final List<String> journal = new ArrayList<>();
  private int fresh;

  Translation(Source source, ExportedProgram program) {
    this.source = source;
    this.program = program;
    for (ExportedInput input : program.inputs()) {
      switch (input) {
        case ExportedInput.State state -> stored.put(state.value(), state);
        case ExportedInput.Constant constant -> stored.put(constant.value(), constant);
        case ExportedInput.Fixed value -> fixed.put(value.value(), value.argument());
        case ExportedInput.User user -> defined.add(user.value());
        case ExportedInput.Unsupported unsupported -> {}
      }
    }
  }

  Source source() {
    return source;
  }

  Symbols symbols() {
    return symbols;
  }

  GraphProto.Builder graph() {
    return graph;
  }

  /** Element type and extents of a value of the file. */
  TensorMeta meta(String value) {
    TensorMeta meta = program.metas().get(value);
    if (meta == null) {
      throw source.malformed(
          "value " + Source.quoted(value), "has no element type and shape among tensor_values");
    }
    return meta;
  }

  ElementKind kind(String value) {
    long code = meta(value).code();
    return ElementKind.ofCode(code)
        .orElseThrow(() -> new UnsupportedCall(meta(value).describe(), "float32 and integers"));
  }

  List<Long> dims(String value) {
    return meta(value).dims().stream().map(symbols::of).toList();
  }

  int rank(String value) {
    return meta(value).dims().size();
  }

  /** The number of an integer that other nodes compute from shapes. */
  long symbol(String name) {
    if (fixed.get(name) instanceof Argument.Int(long value)) {
      return value;
    }
    return Optional.ofNullable(program.symbols().get(name))
        .map(symbols::of)
        .orElseThrow(
            () -> source.malformed("integer " + Source.quoted(name), "is in no list of integers"));
  }

  /** The data of a parameter, buffer or constant of the model; nothing for what is computed. */
  Optional<ExportedTensor> data(String value) {
    ExportedTensor known = constants.get(value);
    ExportedInput input = stored.get(value);
    if (known != null || input == null || renamed.containsKey(value)) {
      return Optional.ofNullable(known);
    }
    Optional<ExportedTensor> found =
        switch (input) {
          case ExportedInput.State state -> program.weights().state(state.name());
          case ExportedInput.Constant constant -> program.weights().constant(constant.name());
          default -> Optional.empty();
        };
    ExportedTensor read =
        found.orElseThrow(() ->
            source.malformed("value " + Source.quoted(value), "has no weights in the archive"));
    if (!read.dims().equals(dims(value).stream().map(Long::intValue).toList())) {
      throw source.malformed(
          "value " + Source.quoted(value),
          "has weights of shape " + read.dims() + ", the graph says " + dims(value));
    }
    constants.put(value, read);
    return Optional.of(read);
  }

  /** The name under which nodes read a value; the model's own data enter the graph by it. */
  String read(String value) {
    String current = renamed.getOrDefault(value, value);
    if (defined.contains(current)) {
      return current;
    }
    ExportedTensor data =
        data(current)
            .orElseThrow(() ->
                source.malformed(
                    "value " + Source.quoted(current), "is read, but nothing before defines it"));
    add(Constants.exported(current, data));
    return current;
  }

  /** From now on the value is what another name says: something changed it in place. */
  void rename(String value, String current) {
    renamed.replaceAll((from, to) -> to.equals(value) ? current : to);
    renamed.put(value, current);
  }

  /** A point to which {@link #rollBack} returns. */
  int mark() {
    return journal.size();
  }

  /** Takes back all that was added to the graph since the mark. */
  void rollBack(int mark) {
    while (journal.size() > mark) {
      String name = journal.removeLast();
      defined.remove(name);
      constant.remove(name);
    }
    while (graph.getNodeCount() > 0 && isUndefined(graph.getNode(graph.getNodeCount() - 1))) {
      graph.removeNode(graph.getNodeCount() - 1);
    }
    int initializers = graph.getInitializerCount();
    while (initializers > 0
        && !defined.contains(graph.getInitializer(initializers - 1).getName())) {
      graph.removeInitializer(--initializers);
    }
  }

  private boolean isUndefined(NodeProto node) {
    return node.getOutputList().stream().noneMatch(defined::contains);
  }

  /** Notes that a value is nothing but zeros. */
  void noteZero(String value) {
    zeros.add(value);
  }

  /** Notes that a value is e to the power of another. */
  void noteExponent(String value, String exponent) {
    exponents.put(value, exponent);
  }

  Optional<String> exponent(String value) {
    return Optional.ofNullable(exponents.get(value)).filter(e -> !renamed.containsKey(e));
  }

  boolean isZero(String value) {
    return zeros.contains(value);
  }

  /** Whether something has defined the value so far. */
  boolean isDefined(String value) {
    return defined.contains(value);
  }

  /** Whether a node of the file reads the value, or it is one of the model's results. */
  boolean isRead(String value) {
    return program.nodes().stream()
            .flatMap(node -> node.inputs().stream())
            .anyMatch(input -> names(input.argument(), value))
        || program.outputs().stream()
            .anyMatch(output ->
                output instanceof ExportedOutput.User(Argument argument) && names(argument, value));
  }

  private static boolean names(Argument argument, String value) {
    return switch (argument) {
      case Argument.Tensor(String name) -> name.equals(value);
      case Argument.Tensors(List<Optional<String>> names) -> names.contains(Optional.of(value));
      default -> false;
    };
  }

  void define(String value) {
    journal.add(value);
    if (!defined.add(value)) {
      throw source.malformed("value " + Source.quoted(value), "is defined twice");
    }
  }

  String add(TensorProto tensor) {
    define(tensor.getName());
    graph.addInitializer(tensor);
    constant.add(tensor.getName());
    return tensor.getName();
  }

  /** Whether a value of the translated graph depends on the model's own data alone. */
  boolean isConstant(String name) {
    return constant.contains(name);
  }

  void add(NodeProto node) {
    graph.addNode(node);
    if (node.getInputList().stream().allMatch(input -> input.isEmpty() || isConstant(input))) {
      constant.addAll(node.getOutputList());
    }
  }

  /** A name that no value of the file has. */
  String fresh(String stem) {
    String name;
    do {
      name = stem + "." + fresh++;
    } while (program.metas().containsKey(name) || defined.contains(name));
    return name;
  }
}
