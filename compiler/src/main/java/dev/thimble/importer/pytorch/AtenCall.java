package dev.thimble.importer.pytorch;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.thimble.importer.ModelException;
import dev.thimble.importer.onnx.OnnxImporter;
import dev.thimble.importer.pytorch.archive.Argument;
import dev.thimble.importer.pytorch.archive.ElementKind;
import dev.thimble.importer.pytorch.archive.ExportedNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A call of an operator: its arguments, with their defaults, and the ONNX nodes that it becomes.
 */
final class AtenCall {
  private final ExportedNode node;
  private final Translation translation;
  private final List<String> outputs = new ArrayList<>();
  private final Set<String> asked = new HashSet<>();

  AtenCall(ExportedNode node, Translation translation) {
    this.node = node;
    this.translation = translation;
    for (Argument output : node.outputs()) {
      switch (output) {
        case Argument.Tensor(String name) -> outputs.add(name);
        case Argument.Tensors(List<Optional<String>> names) ->
            names.forEach(name -> name.ifPresent(outputs::add));
        default -> {}
      }
    }
  }

  ExportedNode node() {
    return node;
  }

  Translation translation() {
    return translation;
  }

  /** The names of the tensors that the call gives back. */
  List<String> outputs() {
    return outputs;
  }

  /** The first output. */
  String out() {
    if (outputs.isEmpty()) {
      throw malformed("has no output");
    }
    return outputs.getFirst();
  }

  ModelException malformed(String what) {
    return translation.source().malformed(node.place(), what);
  }

  private Optional<Argument> find(String name) {
    asked.add(name);
    return node.input(name).filter(argument -> !(argument instanceof Argument.None));
  }

  /** Takes arguments that change nothing here. */
  void ignore(String... names) {
    asked.addAll(List.of(names));
  }

  /** The arguments that nothing asked for: what they mean is not known. */
  List<String> unread() {
    return node.inputs().stream()
        .filter(input -> !asked.contains(input.name()) && !isPlacement(input.argument()))
        .map(ExportedNode.Named::name)
        .toList();
  }

  private static boolean isPlacement(Argument argument) {
    return argument instanceof Argument.Placement || argument instanceof Argument.None;
  }

  /** Whether the argument is a text. */
  boolean isText(String name) {
    return find(name).orElse(null) instanceof Argument.Text;
  }

  boolean has(String name) {
    return find(name).isPresent();
  }

  private Argument get(String name) {
    return find(name).orElseThrow(() -> malformed("has no argument '" + name + "'"));
  }

  /** Whether the argument is a tensor, rather than a number. */
  boolean isTensor(String name) {
    return find(name).orElse(null) instanceof Argument.Tensor;
  }

  /** The name of a tensor in the file, by which its shape is known. */
  String value(String name) {
    if (get(name) instanceof Argument.Tensor(String value)) {
      return value;
    }
    throw malformed("has an argument '" + name + "' that is no tensor");
  }

  /** The name of a tensor in the translated graph. */
  String x(String name) {
    return translation.read(value(name));
  }

  /** The name of a tensor in the translated graph, or the empty name of ONNX for none. */
  String xOrNone(String name) {
    return has(name) ? x(name) : "";
  }

  /** The names of a list of tensors in the file, each of which may be left out. */
  List<Optional<String>> optionalValues(String name) {
    if (get(name) instanceof Argument.Tensors(List<Optional<String>> names)) {
      return names;
    }
    throw malformed("has an argument '" + name + "' that is no list of tensors");
  }

  /** The names of a list of tensors in the file. */
  List<String> values(String name) {
    return optionalValues(name).stream()
        .map(item -> item.orElseThrow(() -> unsupported("None in '" + name + "'", "tensors")))
        .toList();
  }

  List<Long> dims(String name) {
    return translation.dims(value(name));
  }

  int rank(String name) {
    return translation.rank(value(name));
  }

  ElementKind kind(String name) {
    return translation.kind(value(name));
  }

  ElementKind outKind() {
    return translation.kind(out());
  }

  List<Long> outDims() {
    return translation.dims(out());
  }

  long integer(String name) {
    return integer(name, get(name));
  }

  long integer(String name, long otherwise) {
    return has(name) ? integer(name) : otherwise;
  }

  private long integer(String name, Argument argument) {
    return switch (argument) {
      case Argument.Int(long value) -> value;
      case Argument.Symbol(String symbol) -> translation.symbol(symbol);
      case Argument.Truth(boolean value) -> value ? 1 : 0;
      default -> throw malformed("has an argument '" + name + "' that is no integer");
    };
  }

  List<Long> integers(String name) {
    return switch (get(name)) {
      case Argument.Ints(List<Argument> values) ->
          values.stream().map(value -> integer(name, value)).toList();
      case Argument single -> List.of(integer(name, single));
    };
  }

  List<Long> integers(String name, List<Long> otherwise) {
    return has(name) ? integers(name) : otherwise;
  }

  /** Integers for each of so many spatial axes; one stands for all, none for the default. */
  List<Long> perAxis(String name, int axes, List<Long> otherwise) {
    List<Long> given = integers(name, List.of());
    List<Long> list = given.isEmpty() ? otherwise : given;
    if (list.size() == 1) {
      return java.util.Collections.nCopies(axes, list.getFirst());
    }
    if (list.size() != axes) {
      throw malformed("has " + list.size() + " numbers as '" + name + "' for " + axes + " axes");
    }
    return list;
  }

  double number(String name) {
    return switch (get(name)) {
      case Argument.Real(double value) -> value;
      case Argument other -> integer(name, other);
    };
  }

  double number(String name, double otherwise) {
    return has(name) ? number(name) : otherwise;
  }

  /** Numbers of a list, or one number; none where the argument is left out. */
  List<Double> reals(String name) {
    return switch (find(name).orElse(null)) {
      case null -> List.of();
      case Argument.Reals(List<Double> values) -> values;
      case Argument.Ints ints -> integers(name).stream().map(Long::doubleValue).toList();
      default -> List.of(number(name));
    };
  }

  boolean flag(String name, boolean otherwise) {
    return has(name) ? integer(name) != 0 : otherwise;
  }

  String text(String name, String otherwise) {
    return switch (find(name).orElse(new Argument.Text(otherwise))) {
      case Argument.Text(String value) -> value;
      default -> throw malformed("has an argument '" + name + "' that is no text");
    };
  }

  /** The element type that an argument names. */
  ElementKind kindArgument(String name, ElementKind otherwise) {
    return switch (find(name).orElse(null)) {
      case null -> otherwise;
      case Argument.Kind(long code) ->
          ElementKind.ofCode(code)
              .orElseThrow(() -> unsupported("element type " + code, "float32 and integers"));
      default -> throw malformed("has an argument '" + name + "' that is no element type");
    };
  }

  /** An axis as PyTorch counts it, from the end where it is negative; a scalar has one axis. */
  int axis(long axis, int rank) {
    int axes = Math.max(rank, 1);
    long counted = axis < 0 ? axis + axes : axis;
    if (counted < 0 || counted >= axes) {
      throw malformed("has axis " + axis + " of " + rank);
    }
    return (int) counted;
  }

  /** The axes of a list, all of them where it is empty or left out. */
  List<Long> axes(String name, int rank) {
    List<Long> given = integers(name, List.of());
    List<Long> axes = new ArrayList<>();
    if (given.isEmpty()) {
      for (long axis = 0; axis < rank; axis++) {
        axes.add(axis);
      }
    }
    given.forEach(axis -> axes.add((long) axis(axis, rank)));
    return axes;
  }

  UnsupportedCall unsupported(String found, String supported) {
    return new UnsupportedCall(found, supported);
  }

  /** A node that computes the first output. */
  void emit(String op, List<String> inputs, AttributeProto... attributes) {
    emit(op, List.of(out()), inputs, attributes);
  }

  /** A node whose outputs are values of the file, or fresh ones. */
  void emit(String op, List<String> outputs, List<String> inputs, AttributeProto... attributes) {
    outputs.stream().filter(name -> !name.isEmpty()).forEach(translation::define);
    add(op, "", outputs, inputs, attributes);
  }

  /** A node on the way, and the name of what it computes. */
  String step(String op, List<String> inputs, AttributeProto... attributes) {
    String name = translation.fresh(out());
    emit(op, List.of(name), inputs, attributes);
    return name;
  }

  /** A node that ONNX's importer refuses, among all others that it does. */
  void refuse(UnsupportedCall e) {
    outputs.forEach(translation::define);
    add(
        node.target(),
        OnnxImporter.UNTRANSLATED,
        outputs,
        List.of(),
        Attribute.of("found", e.found()),
        Attribute.of("supported", e.supported()));
  }

  private void add(
      String op,
      String domain,
      List<String> outputs,
      List<String> inputs,
      AttributeProto... attributes) {
    translation.add(
        NodeProto.newBuilder()
            .setName(place(op))
            .setOpType(op)
            .setDomain(domain)
            .addAllInput(inputs)
            .addAllOutput(outputs)
            .addAllAttribute(List.of(attributes))
            .build());
  }

  /** The operator, unless that is told already, and the line of Python that called it. */
  private String place(String op) {
    String target = op.equals(node.target()) ? "" : node.target() + " at ";
    return node.python().map(line -> target + line).orElse(node.target());
  }

  /** A constant list of integers, as ONNX wants shapes and axes. */
  String longs(List<Long> values) {
    long[] numbers = values.stream().mapToLong(Long::longValue).toArray();
    return translation.add(
        Constants.longs(translation.fresh(out()), List.of((long) numbers.length), numbers));
  }

  /** A constant without axes. */
  String scalar(ElementKind kind, double value) {
    return translation.add(Constants.filled(translation.fresh(out()), kind, List.of(), value));
  }

  /** So many times the same number along one axis. */
  String vector(int length, double value) {
    return translation.add(
        Constants.filled(
            translation.fresh(out()), ElementKind.FLOAT32, List.of((long) length), value));
  }

  String floats(List<Long> dims, float... values) {
    return translation.add(Constants.floats(translation.fresh(out()), dims, values));
  }

  /** The value under another name. */
  void same(String name) {
    emit("Identity", List.of(x(name)));
  }

  /** The value of this name as elements of another type. */
  String cast(String value, ElementKind from, ElementKind to) {
    return from == to
        ? value
        : step("Cast", List.of(value), Attribute.of("to", Constants.code(to)));
  }
}
