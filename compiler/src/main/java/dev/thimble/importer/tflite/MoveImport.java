package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Concat;
import dev.thimble.op.Expand;
import dev.thimble.op.Op;
import dev.thimble.op.Reshape;
import dev.thimble.op.Tile;
import dev.thimble.op.Transpose;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.ConcatenationOptions;

/** The operators that move or repeat all elements, or make them from shapes. */
final class MoveImport {
  static final String SAME =
      "elements of one type, and of one scale and zero point, for inputs and output";

  private MoveImport() {}

  /** A node from the operator's first operand to its only output. */
  static Node moved(Operands at, Supplier<Op> op) {
    return at.node(op, SAME, List.of(at.output()), List.of(at.input(0)));
  }

  static List<Integer> ints(Operands at, List<Long> numbers) {
    List<Integer> ints = new ArrayList<>();
    for (long number : numbers) {
      if (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE) {
        throw at.malformed("has the number " + number);
      }
      ints.add((int) number);
    }
    return ints;
  }

  static Node transpose(Operands at) {
    at.require(2, 2);
    List<Integer> permutation = ints(at, at.integers(1, "permutation"));
    int rank = at.tensor(0).shape().size();
    List<Integer> axes = permutation.stream().map(axis -> at.axis(axis, rank)).toList();
    return moved(at, () -> new Transpose(axes));
  }

  /** TFLite rescales uint8 alone; the operator's int8 form must have one scale and zero point. */
  static Node concatenation(Operands at) {
    at.require(1, at.operands());
    ConcatenationOptions options =
        at.requiredOptions(BuiltinOptions.ConcatenationOptions, new ConcatenationOptions());
    int axis = at.axis(at.read(options::axis), at.outputTensor().shape().size());
    byte activation = at.read(options::fusedActivationFunction);
    if (activation != ActivationFunctionType.NONE) {
      throw new UnsupportedNode("a fused activation", "no fused activation");
    }
    List<Value> inputs = IntStream.range(0, at.operands()).mapToObj(at::input).toList();
    return at.node(() -> new Concat(axis), SAME, List.of(at.output()), inputs);
  }

  static Node tile(Operands at) {
    at.require(2, 2);
    List<Integer> repeats = ints(at, at.integers(1, "repeats"));
    return moved(at, () -> new Tile(repeats));
  }

  /** The shape is the output's; a shape operand must be constant and agree with it. */
  static Node broadcastTo(Operands at) {
    at.require(2, 2);
    requireShape(at, 1);
    return moved(at, () -> new Expand(at.output().type().shape()));
  }

  static void requireShape(Operands at, int operand) {
    List<Integer> declared = at.outputTensor().shape();
    List<Integer> shape = ints(at, at.integers(operand, "shape"));
    if (!shape.equals(declared)) {
      throw at.malformed("has shape operand " + shape + ", its output is declared " + declared);
    }
  }

  static Node fill(Operands at) {
    at.require(2, 2);
    requireShape(at, 0);
    return at.node(
        () -> new Expand(at.output().type().shape()),
        SAME,
        List.of(at.output()),
        List.of(at.input(1)));
  }

  /** Real zeros: quantised elements are zero points. */
  static Node zerosLike(Operands at) {
    at.require(1, 1);
    TensorType type = at.output().type();
    Value zero = at.implied("/zero", zeros(type.withShape(Shape.of(1))));
    return at.node(() -> new Expand(type.shape()), SAME, List.of(at.output()), List.of(zero));
  }

  static Tensor zeros(TensorType type) {
    return type.isFloat()
        ? Tensor.ofFloats(type, new float[type.elements()])
        : Tensor.filled(type, (int) ShapeImport.zero(type));
  }

  /** The shape is known, so it is a constant, which a node hands on until it is folded. */
  static Node shape(Operands at) {
    at.require(1, 1);
    TensorType type = at.output().type();
    long[] extents = at.tensor(0).shape().stream().mapToLong(Integer::longValue).toArray();
    return constant(at, type, extents.length, () -> Tensor.ofLongs(type, extents));
  }

  static Node range(Operands at) {
    at.require(3, 3);
    for (int operand = 0; operand < 3; operand++) {
      if (!at.isConstant(operand) || at.type(operand).elements() != 1) {
        throw new UnsupportedNode("a computed range", "constant start, limit and delta");
      }
    }
    TensorType type = at.output().type();
    Tensor start = at.constant(0);
    Tensor delta = at.constant(2);
    if (!start.type().dtype().equals(type.dtype()) || !delta.type().dtype().equals(type.dtype())) {
      throw at.malformed("has operands and an output of different types");
    }
    return constant(
        at,
        type,
        type.elements(),
        () -> type.isFloat() ? floats(type, start, delta) : integers(type, start, delta));
  }

  private static Tensor floats(TensorType type, Tensor start, Tensor delta) {
    float[] values = new float[type.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = start.floats()[0] + i * delta.floats()[0];
    }
    return Tensor.ofFloats(type, values);
  }

  private static Tensor integers(TensorType type, Tensor start, Tensor delta) {
    long[] values = new long[type.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = start.longs()[0] + i * delta.longs()[0];
    }
    return Tensor.ofLongs(type, values);
  }

  private static Node constant(
      Operands at, TensorType type, int elements, Supplier<Tensor> values) {
    if (type.shape().rank() != 1 || elements != type.elements()) {
      throw at.malformed("computes " + elements + " numbers, its output is declared " + type);
    }
    Value data;
    try {
      data = at.implied("/data", values.get());
    } catch (IllegalArgumentException e) {
      throw at.malformed(String.valueOf(e.getMessage()));
    }
    return at.node(() -> new Reshape(type.shape()), SAME, List.of(at.output()), List.of(data));
  }
}
