package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Cast;
import dev.thimble.op.Compare;
import dev.thimble.op.Op;
import dev.thimble.op.Parametric;
import dev.thimble.op.Unary;
import dev.thimble.op.Where;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.tensorflow.lite.schema.AddOptions;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.DivOptions;
import org.tensorflow.lite.schema.GeluOptions;
import org.tensorflow.lite.schema.LeakyReluOptions;
import org.tensorflow.lite.schema.MulOptions;
import org.tensorflow.lite.schema.SubOptions;

/** Functions of elements, one, two or three at a time, of every element type that they take. */
final class ArithmeticImport {
  private static final String OPERANDS =
      "float32 throughout, or integers or booleans of one type, or quantised elements for which"
          + " docs/quantization.md has a rule";

  private ArithmeticImport() {}

  static Node add(Operands at) {
    AddOptions table = new AddOptions();
    boolean stored = at.options(BuiltinOptions.AddOptions, table).isPresent();
    byte activation = stored ? at.read(table::fusedActivationFunction) : 0;
    return binary(at, Binary.Function.ADD, activation);
  }

  static Node mul(Operands at) {
    MulOptions table = new MulOptions();
    boolean stored = at.options(BuiltinOptions.MulOptions, table).isPresent();
    byte activation = stored ? at.read(table::fusedActivationFunction) : 0;
    return binary(at, Binary.Function.MUL, activation);
  }

  static Node sub(Operands at) {
    SubOptions table = new SubOptions();
    boolean stored = at.options(BuiltinOptions.SubOptions, table).isPresent();
    byte activation = stored ? at.read(table::fusedActivationFunction) : 0;
    return binary(at, Binary.Function.SUB, activation);
  }

  static Node div(Operands at) {
    DivOptions table = new DivOptions();
    boolean stored = at.options(BuiltinOptions.DivOptions, table).isPresent();
    byte activation = stored ? at.read(table::fusedActivationFunction) : 0;
    return binary(at, Binary.Function.DIV, activation);
  }

  static Node binary(Operands at, Binary.Function function) {
    return binary(at, function, (byte) 0);
  }

  private static Node binary(Operands at, Binary.Function function, byte activation) {
    at.require(2, 2);
    return node(at, () -> new Binary(function, at.activation(activation)), 2);
  }

  static Node compare(Operands at, Compare.Function function) {
    at.require(2, 2);
    return node(at, () -> new Compare(function), 2);
  }

  static Node unary(Operands at, Unary.Function function) {
    at.require(1, 1);
    return node(at, () -> new Unary(function), 1);
  }

  static Node gelu(Operands at) {
    GeluOptions table = new GeluOptions();
    boolean stored = at.options(BuiltinOptions.GeluOptions, table).isPresent();
    boolean approximate = stored && at.read(table::approximate);
    return unary(at, approximate ? Unary.Function.GELU_TANH : Unary.Function.GELU);
  }

  static Node leakyRelu(Operands at) {
    at.require(1, 1);
    LeakyReluOptions table =
        at.requiredOptions(BuiltinOptions.LeakyReluOptions, new LeakyReluOptions());
    float alpha = at.read(table::alpha);
    return node(at, () -> new Parametric(Parametric.Function.LEAKY_RELU, alpha), 1);
  }

  static Node elu(Operands at) {
    at.require(1, 1);
    return node(at, () -> new Parametric(Parametric.Function.ELU, 1), 1);
  }

  static Node relu0To1(Operands at) {
    at.require(1, 1);
    return node(at, () -> new Parametric(Parametric.Function.CLIP, 0, 1), 1);
  }

  static Node cast(Operands at) {
    at.require(1, 1);
    return node(at, Cast::new, 1);
  }

  /** SELECT_V2, whose operands broadcast. */
  static Node select(Operands at) {
    at.require(3, 3);
    return node(at, Where::new, 3);
  }

  /** SELECT, whose condition of one axis chooses among the entries of the first axis. */
  static Node selectOfOneShape(Operands at) {
    at.require(3, 3);
    boolean whole =
        at.tensor(0).elements() == 1 || at.tensor(0).shape().equals(at.tensor(1).shape());
    if (!whole) {
      throw new UnsupportedNode(
          at.describe(), "a condition of the operands' shape, or a single one");
    }
    return node(at, Where::new, 3);
  }

  /** A sum of several operands of one shape, as sums of two; integers round once, so not those. */
  static Node addN(Operands at) {
    int count = at.operands();
    at.require(1, Integer.MAX_VALUE);
    Supplier<Op> add = () -> new Binary(Binary.Function.ADD, Activation.NONE);
    if (count == 1 || (count > 2 && at.output().type().isQuantized())) {
      throw new UnsupportedNode(
          at.describe(), "two operands of any type, or more of float32 or plain integers");
    }
    Value sum = at.input(0);
    for (int i = 1; i < count - 1; i++) {
      Value next = at.between("_sum" + i, at.output().type());
      sum = at.before(at.node(add, OPERANDS, List.of(next), List.of(sum, at.input(i))));
    }
    return at.node(add, OPERANDS, List.of(at.output()), List.of(sum, at.input(count - 1)));
  }

  private static Node node(Operands at, Supplier<Op> op, int operands) {
    List<Value> inputs = IntStream.range(0, operands).mapToObj(at::input).toList();
    return at.node(op, OPERANDS, List.of(at.output()), inputs);
  }
}
