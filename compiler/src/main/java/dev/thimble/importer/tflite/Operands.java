package dev.thimble.importer.tflite;

import com.google.flatbuffers.Table;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.importer.ModelException;
import dev.thimble.op.Activation;
import dev.thimble.op.Op;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOptions;

/** What one operator has: its options, operands and output, and the node that it becomes. */
final class Operands {
  private static final int MAX_TYPES_SHOWN = 8;

  private final TfliteOperator operator;
  private final Values values;
  private final ReadGuard guard;
  private final List<Node> nodesBefore = new ArrayList<>();

  Operands(TfliteOperator operator, Values values, ReadGuard guard) {
    this.operator = operator;
    this.values = values;
    this.guard = guard;
  }

  /** The nodes that stand for the operator together with the last one, which is not among them. */
  List<Node> nodesBefore() {
    return nodesBefore;
  }

  /** Adds a node before the last one; returns what it computes. */
  Value before(Node node) {
    nodesBefore.add(node);
    return node.output();
  }

  /** A value between the operator's nodes, named after the operator's output. */
  Value between(String suffix, TensorType type) {
    return values.between(output().name() + suffix, type);
  }

  /** What the variable tensor of this operand holds. */
  Value variable(int operand) {
    return values.variable(operator.inputs().get(operand));
  }

  /** Lets the variable tensor of this operand hold another value. */
  void assign(int operand, Value value) {
    values.assign(operator.inputs().get(operand), value);
  }

  int builtin() {
    return operator.builtin();
  }

  ModelException malformed(String what) {
    return guard.malformed(operator.place(), what);
  }

  /** Requires one output and a number of operands within these bounds. */
  void require(int fewest, int most) {
    requireOperands(fewest, most);
    if (operator.outputs().size() != 1) {
      throw malformed("has " + operator.outputs().size() + " outputs, not 1");
    }
    requirePresent(fewest);
  }

  /** The same for an operator that has this number of outputs. */
  void require(int fewest, int most, int outputs) {
    requireOperands(fewest, most);
    if (operator.outputs().size() != outputs) {
      throw malformed("has " + operator.outputs().size() + " outputs, not " + outputs);
    }
    requirePresent(fewest);
  }

  private void requireOperands(int fewest, int most) {
    int inputs = operator.inputs().size();
    if (inputs < fewest || inputs > most) {
      String expected = fewest == most ? "" + fewest : fewest + " to " + most;
      throw malformed("has " + inputs + " operands, takes " + expected);
    }
  }

  private void requirePresent(int fewest) {
    for (int i = 0; i < fewest; i++) {
      if (!has(i)) {
        throw malformed("leaves out operand " + i);
      }
    }
  }

  int operands() {
    return operator.inputs().size();
  }

  int outputs() {
    return operator.outputs().size();
  }

  /** Whether the operand is there; trailing ones may be left out. */
  boolean has(int operand) {
    return operand < operator.inputs().size() && operator.inputs().get(operand) >= 0;
  }

  TfliteTensor tensor(int operand) {
    return values.tensor(operator.inputs().get(operand));
  }

  TfliteTensor outputTensor() {
    return values.tensor(operator.outputs().getFirst());
  }

  boolean isConstant(int operand) {
    return values.isConstant(operator.inputs().get(operand));
  }

  Value input(int operand) {
    return values.value(operator.inputs().get(operand));
  }

  Value output() {
    return values.value(operator.outputs().getFirst());
  }

  /** One of several outputs. */
  Value output(int index) {
    return values.value(operator.outputs().get(index));
  }

  /** A constant that is no operand by itself. */
  Value addConstant(String name, Tensor data) {
    return values.addConstant(name, data);
  }

  /** A constant operand of uint8 as it is stored; {@link #input} gives it as int8. */
  Value stored(int operand) {
    return values.stored(operator.inputs().get(operand));
  }

  /** Whether an operand or output is of uint8 that the graph holds as int8. */
  boolean hasRecoded() {
    return Stream.concat(operator.inputs().stream(), operator.outputs().stream())
        .anyMatch(index -> index >= 0 && values.isRecoded(index));
  }

  /** The type of an operand that does not become an input of the node. */
  TensorType type(int operand) {
    return values.type(operator.inputs().get(operand));
  }

  /** The data of a constant operand. */
  Tensor constant(int operand) {
    return values.constant(operator.inputs().get(operand));
  }

  /** The data of a constant that nodes read. */
  Tensor data(Value constant) {
    return Objects.requireNonNull(values.constants().get(constant));
  }

  /** A constant that the operator implies, named after the operator's output. */
  Value implied(String suffix, Tensor data) {
    return values.addConstant(output().name() + suffix, data);
  }

  /** The numbers of a constant operand of type int32 or int64; {@code what} names them. */
  List<Long> integers(int operand, String what) {
    TfliteTensor tensor = tensor(operand);
    boolean integers =
        tensor.type() == org.tensorflow.lite.schema.TensorType.INT32
            || tensor.type() == org.tensorflow.lite.schema.TensorType.INT64;
    if (!isConstant(operand) || !integers) {
      throw new UnsupportedNode(
          (isConstant(operand) ? "" : "computed ") + what + " " + tensor.describe(),
          "constant " + what + " of type int32 or int64");
    }
    return values.integers(operator.inputs().get(operand));
  }

  /** The only number of a constant operand of type int32 or int64. */
  long integer(int operand, String what) {
    List<Long> numbers = integers(operand, what);
    if (numbers.size() != 1) {
      throw malformed("has " + numbers.size() + " numbers as " + what + ", takes 1");
    }
    return numbers.getFirst();
  }

  /** An axis of so many, which the file may count from the last one. */
  int axis(long axis, int rank) {
    long counted = axis < 0 ? axis + rank : axis;
    if (counted < 0 || counted >= rank) {
      throw malformed("has axis " + axis + ", there are " + rank + " axes");
    }
    return (int) counted;
  }

  /** The operator's options; nothing where the file has none, which means the defaults. */
  <T extends Table> Optional<T> options(byte type, T into) {
    return guard.at(
        operator.place() + " options",
        () -> {
          byte found = operator.table().builtinOptionsType();
          if (found == BuiltinOptions.NONE) {
            return Optional.empty();
          }
          if (found != type) {
            throw malformed("has options of kind " + found + ", not " + type);
          }
          return operator.table().builtinOptions(into) == null
              ? Optional.empty()
              : Optional.of(into);
        });
  }

  /** The operator's options, which have no useful defaults. */
  <T extends Table> T requiredOptions(byte type, T into) {
    return options(type, into).orElseThrow(() -> malformed("has no options"));
  }

  /** What {@code read} reads of the operator's options. */
  <T> T read(Supplier<T> read) {
    return guard.at(operator.place() + " options", read);
  }

  Activation activation(byte code) {
    return switch (code) {
      case ActivationFunctionType.NONE -> Activation.NONE;
      case ActivationFunctionType.RELU -> Activation.RELU;
      case ActivationFunctionType.RELU6 -> Activation.RELU6;
      case ActivationFunctionType.RELU_N1_TO_1 -> Activation.RELU_N1_TO_1;
      case ActivationFunctionType.TANH, ActivationFunctionType.SIGN_BIT ->
          throw new UnsupportedNode(
              "fused activation " + ActivationFunctionType.name(code),
              "fused RELU, RELU6 and RELU_N1_TO_1");
      default -> throw malformed("has the fused activation " + code);
    };
  }

  /**
   * The node. An op that its attributes or shapes make impossible is an error of the file; types
   * that the op does not take make the node unsupported, for which {@code supported} says what is.
   */
  Node node(Supplier<Op> attributes, String supported, Value... inputs) {
    return node(attributes, supported, List.of(output()), List.of(inputs));
  }

  /** {@link #node(Supplier, String, Value...)} of other outputs than the operator's only one. */
  Node node(
      Supplier<? extends Op> attributes,
      String supported,
      List<Value> outputs,
      List<Value> arguments) {
    Op op;
    List<Shape> shapes;
    List<TensorType> types = arguments.stream().map(Value::type).toList();
    try {
      op = attributes.get();
      shapes = op.outputShapes(types);
    } catch (IllegalArgumentException e) {
      throw malformed(String.valueOf(e.getMessage()));
    }
    List<Value> shaped = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      shaped.add(shaped(outputs.get(i), shapes.get(i)));
    }
    try {
      op.check(types, shaped.stream().map(Value::type).toList());
    } catch (IllegalArgumentException e) {
      throw new UnsupportedNode(describe() + ": " + String.valueOf(e.getMessage()), supported);
    }
    return new Node(op, arguments, shaped);
  }

  /** An output of the shape that is computed, which the file must agree with or leave open. */
  private Value shaped(Value output, Shape computed) {
    Shape declared = output.type().shape();
    if (computed.equals(declared)) {
      return output;
    }
    for (int index : operator.outputs()) {
      if (values.tensor(index).open() && values.value(index).equals(output)) {
        values.close(index, computed);
        return values.value(index);
      }
    }
    throw malformed("computes shape " + computed + ", its output is declared " + declared);
  }

  /** Gives the output these extents if the file leaves them open. */
  void closeOutput(List<Integer> extents) {
    int index = operator.outputs().getFirst();
    if (values.tensor(index).open()) {
      values.close(index, Shape.of(extents.stream().mapToInt(Integer::intValue).toArray()));
    }
  }

  /** The types of operands and outputs, such as {@code int8[1,4], int8[4] -> int8[1,4]}. */
  String describe() {
    return types(operator.inputs()) + " -> " + types(operator.outputs());
  }

  private String types(List<Integer> indices) {
    String shown =
        indices.stream()
            .limit(MAX_TYPES_SHOWN)
            .map(index -> index < 0 ? "none" : values.tensor(index).describe())
            .collect(Collectors.joining(", "));
    int hidden = indices.size() - MAX_TYPES_SHOWN;
    return hidden > 0 ? shown + " and " + hidden + " more" : shown.isEmpty() ? "nothing" : shown;
  }
}
