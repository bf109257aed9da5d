package dev.thimble.importer.onnx;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.thimble.importer.ModelException;
import dev.thimble.importer.layout.LaidOut;
import dev.thimble.importer.layout.LaidOutGraph;
import dev.thimble.importer.layout.Order;
import dev.thimble.op.Op;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What one node of the file has: its attributes and operands, and where its outputs go. */
final class OnnxNode {
  private static final int MAX_TYPES_SHOWN = 8;
  private static final int MAX_NUMBERS = 1 << 20;

  private final NodeProto proto;
  private final String place;
  private final Scope scope;
  private final Model model;
  private final Attributes attributes;
  private final Map<Integer, String> names = new HashMap<>();

  OnnxNode(NodeProto proto, int index, Scope scope, Model model) {
    this.proto = proto;
    this.scope = scope;
    this.model = model;
    String name = proto.getName().isEmpty() ? "" + index : Source.quoted(proto.getName());
    this.place = "node " + name + " (" + proto.getOpType() + ")";
    this.attributes = new Attributes(proto.getAttributeList(), this::malformed);
  }

  String op() {
    return proto.getOpType();
  }

  /** The version of the operator set that the file is written in. */
  int opset() {
    return model.opset();
  }

  Attributes attributes() {
    return attributes;
  }

  LaidOutGraph graph() {
    return model.graph();
  }

  Model model() {
    return model;
  }

  Scope scope() {
    return scope;
  }

  String place() {
    return place;
  }

  ModelException malformed(String what) {
    return model.source().malformed(place, what);
  }

  int inputs() {
    return proto.getInputCount();
  }

  int outputs() {
    return proto.getOutputCount();
  }

  /** Requires a number of operands within these bounds, the first of them present. */
  void require(int fewest, int most) {
    if (inputs() < fewest || inputs() > most) {
      String expected = fewest == most ? "" + fewest : fewest + " to " + most;
      throw malformed("has " + inputs() + " operands, takes " + expected);
    }
    for (int i = 0; i < fewest; i++) {
      if (!has(i)) {
        throw malformed("leaves out operand " + i);
      }
    }
    if (outputs() == 0) {
      throw malformed("has no output");
    }
  }

  /** Whether the operand is there; a file leaves one out by an empty name. */
  boolean has(int operand) {
    return operand < inputs() && !proto.getInput(operand).isEmpty();
  }

  /** Whether something may read the output. */
  boolean wants(int output) {
    return output < outputs() && !proto.getOutput(output).isEmpty();
  }

  /** Refuses the node where something may read an output after the first of them. */
  void requireOneOutput() {
    for (int i = 1; i < outputs(); i++) {
      if (wants(i)) {
        throw new UnsupportedNode("output " + i, "the first output alone");
      }
    }
  }

  Operand operand(int operand) {
    return scope.value(proto.getInput(operand));
  }

  List<Integer> dims(int operand) {
    return operand(operand).dims();
  }

  /** The tensor of an operand. */
  LaidOut x(int operand) {
    return switch (operand(operand)) {
      case Operand.Dense dense -> dense.tensor();
      case Operand.Empty empty ->
          throw new UnsupportedNode(
              "operand " + operand + " without elements, " + empty.describe(),
              "tensors without elements only where shapes are computed");
      case Operand.Unknown unknown -> throw new UnknownOperand();
    };
  }

  /** All operands. */
  List<LaidOut> xs() {
    List<LaidOut> all = new ArrayList<>();
    for (int i = 0; i < inputs(); i++) {
      all.add(x(i));
    }
    return all;
  }

  /** The data of an operand that is known at import. */
  Optional<Tensor> data(int operand) {
    return operand(operand) instanceof Operand.Dense dense
        ? graph().data(dense.tensor())
        : Optional.empty();
  }

  /** The data of an operand that must be known at import; {@code what} names it. */
  Tensor constant(int operand, String what) {
    LaidOut tensor = x(operand);
    return graph().data(tensor).orElseThrow(() -> computed(tensor, what));
  }

  /** What to throw for an operand that must be known at import and is not. */
  private UnsupportedNode computed(LaidOut tensor, String what) {
    model.open().addAll(graph().inputsOf(tensor));
    return new UnsupportedNode("computed " + what + ", " + describe(), "constant " + what);
  }

  /** The numbers of an operand that must be known at import; {@code what} names them. */
  List<Long> integers(int operand, String what) {
    if (operand(operand) instanceof Operand.Empty) {
      return List.of();
    }
    Tensor data = constant(operand, what);
    if (data.type().isFloat() || data.type().elements() > MAX_NUMBERS) {
      throw malformed("has " + what + " of " + data.type());
    }
    return java.util.Arrays.stream(data.longs()).boxed().toList();
  }

  /** The numbers of an attribute, in older operator sets, or of an operand. */
  Optional<List<Long>> integers(String attribute, int operand) {
    Optional<List<Long>> stored = attributes.integers(attribute);
    if (stored.isPresent() || !has(operand)) {
      return stored;
    }
    return Optional.of(integers(operand, attribute));
  }

  /** The one number of a constant operand. */
  double number(int operand, String what) {
    Tensor data = constant(operand, what);
    if (data.type().elements() != 1) {
      throw malformed("has " + what + " of " + data.type());
    }
    return data.type().isFloat() ? data.floats()[0] : data.longs()[0];
  }

  /** An axis as files count it, from the end where it is negative. */
  int axis(long axis, int rank) {
    long counted = axis < 0 ? axis + rank : axis;
    if (counted < 0 || counted >= rank) {
      throw malformed("has axis " + axis + ", its input has " + rank + " axes");
    }
    return (int) counted;
  }

  /** Axes as files count them. */
  List<Integer> axes(List<Long> axes, int rank) {
    List<Integer> counted = new ArrayList<>();
    axes.forEach(axis -> counted.add(axis(axis, rank)));
    if (counted.stream().distinct().count() != counted.size()) {
      throw malformed("has repeated axes " + axes);
    }
    return counted;
  }

  Shape shape(List<Integer> dims) {
    try {
      return Shape.of(dims.stream().mapToInt(i -> i).toArray());
    } catch (IllegalArgumentException e) {
      throw malformed(String.valueOf(e.getMessage()));
    }
  }

  /** The name of the value that becomes the first output. */
  String name() {
    return name(0);
  }

  /** The name of the value that becomes an output. */
  String name(int output) {
    String stored = wants(output) ? proto.getOutput(output) : proto.getOutput(0) + "_" + output;
    return names.computeIfAbsent(
        output, i -> scope.isTop() && wants(i) ? stored : graph().fresh(scope.prefix() + stored));
  }

  /** A name for a value on the way to the first output. */
  String name(String suffix) {
    return graph().fresh(scope.prefix() + proto.getOutput(0) + "_" + suffix);
  }

  void set(int output, Operand operand) {
    if (wants(output)) {
      scope.define(proto.getOutput(output), operand);
    }
  }

  void set(int output, LaidOut tensor) {
    set(output, new Operand.Dense(tensor));
  }

  void set(LaidOut tensor) {
    set(0, tensor);
  }

  /** Sets the first output to a constant. */
  void set(Tensor data) {
    set(graph().constant(name(), data));
  }

  /** An elementwise node of all operands, which becomes the first output. */
  void elementwise(Op op, DType dtype) {
    set(graph().elementwise(name(), op, dtype, xs()));
  }

  /** A node that treats each element of its operand by itself, and becomes the first output. */
  void pointwise(Op op, LaidOut x) {
    set(graph().pointwise(name(), op, x.dtype(), x));
  }

  /** A node of one operand in the operand's own order, which becomes the first output. */
  void along(Op op, LaidOut x) {
    along(op, x, x.order());
  }

  void along(Op op, LaidOut x, Order order) {
    set(graph().node(name(), op, x.dtype(), order, List.of(x.value())));
  }

  /** What {@code make} makes; attributes that no network can have make the node malformed. */
  <T> T make(Supplier<T> make) {
    try {
      return make.get();
    } catch (IllegalArgumentException e) {
      throw malformed(String.valueOf(e.getMessage()));
    }
  }

  /** The types of the operands, such as {@code float32[1,4], float32[4]}. */
  String describe() {
    String shown =
        proto.getInputList().stream()
            .limit(MAX_TYPES_SHOWN)
            .map(name -> name.isEmpty() ? "none" : scope.value(name).describe())
            .collect(Collectors.joining(", "));
    int hidden = inputs() - MAX_TYPES_SHOWN;
    return hidden > 0 ? shown + " and " + hidden + " more" : shown.isEmpty() ? "nothing" : shown;
  }

  NodeProto proto() {
    return proto;
  }
}
