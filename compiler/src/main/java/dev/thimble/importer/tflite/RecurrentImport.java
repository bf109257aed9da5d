package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Gate;
import dev.thimble.op.Recurrence;
import dev.thimble.op.Reshape;
import dev.thimble.op.Rnn;
import dev.thimble.op.Slice;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.RNNOptions;
import org.tensorflow.lite.schema.SequenceRNNOptions;

/** RNN and UNIDIRECTIONAL_SEQUENCE_RNN, and what all recurrent operators share. */
final class RecurrentImport {
  private static final String SUPPORTED = "float32 throughout, filters and bias constant";

  private RecurrentImport() {}

  /** Operands: input, filter, recurrent filter, bias, hidden state. */
  static Node sequenceRnn(Operands at) {
    at.require(5, 5);
    SequenceRNNOptions options =
        at.requiredOptions(BuiltinOptions.SequenceRNNOptions, new SequenceRNNOptions());
    boolean timeMajor = at.read(options::timeMajor);
    Gate activation = gate(at, at.read(options::fusedActivationFunction));
    Recurrence steps = new Recurrence(timeMajor, false, false, List.of());
    at.before(rnn(at, new Rnn(steps, activation, 0), at.input(0), at.output()));
    return lastStep(at, steps, at.output(), 4);
  }

  /** The same of a single frame [N, I]. */
  static Node rnn(Operands at) {
    at.require(5, 5);
    RNNOptions options = at.requiredOptions(BuiltinOptions.RNNOptions, new RNNOptions());
    Gate activation = gate(at, at.read(options::fusedActivationFunction));
    Shape shape = at.input(0).type().shape();
    if (shape.rank() != 2) {
      throw at.malformed("has an input of shape " + shape + ", not 2 axes");
    }
    TensorType frame = at.input(0).type().withShape(Shape.of(shape.dim(0), 1, shape.dim(1)));
    Value input =
        at.before(
            new Node(
                new Reshape(frame.shape()), List.of(at.input(0)), at.between("_frame", frame)));
    Recurrence steps = new Recurrence(false, false, true, List.of());
    Node node = rnn(at, new Rnn(steps, activation, 0), input, at.output());
    at.assign(4, at.output());
    return node;
  }

  private static Node rnn(Operands at, Rnn op, Value input, Value output) {
    requireConstant(at, 1, 2, 3);
    return at.node(
        () -> op,
        SUPPORTED,
        List.of(output),
        List.of(input, at.input(1), at.input(2), at.input(3), at.variable(4)));
  }

  static void requireConstant(Operands at, int... operands) {
    for (int operand : operands) {
      if (at.has(operand) && !at.isConstant(operand)) {
        throw new UnsupportedNode(
            "operand " + operand + " computed at run time, " + at.describe(), SUPPORTED);
      }
    }
  }

  static Gate gate(Operands at, byte code) {
    return switch (code) {
      case ActivationFunctionType.NONE -> new Gate(Gate.Function.AFFINE, 1, 0);
      case ActivationFunctionType.RELU -> Gate.RELU;
      case ActivationFunctionType.RELU6 -> new Gate(Gate.Function.RELU6, 0, 0);
      case ActivationFunctionType.TANH -> Gate.TANH;
      default ->
          throw new UnsupportedNode(
              "activation " + code, "the activations NONE, RELU, RELU6 and TANH");
    };
  }

  /**
   * The node by which the variable tensor of an operand becomes the row of the last step. The first
   * of its nodes is added before it.
   */
  static Node lastStep(Operands at, Recurrence steps, Value rows, int variable) {
    Shape shape = rows.type().shape();
    int axis = steps.timeMajor() ? 0 : 1;
    List<Integer> begin = new ArrayList<>(Collections.nCopies(3, 0));
    List<Integer> extents = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      extents.add(i == axis ? 1 : shape.dim(i));
    }
    begin.set(axis, steps.reverse() ? 0 : shape.dim(axis) - 1);
    Value row = rows;
    if (shape.dim(axis) > 1) {
      Slice slice = new Slice(begin, extents, Collections.nCopies(3, 1));
      TensorType type = rows.type().withShape(shape.with(axis, 1));
      row = at.before(new Node(slice, List.of(rows), at.between("_last", type)));
    }
    Shape flat = Shape.of(shape.dim(1 - axis), shape.dim(2));
    Value next = at.between("_state", rows.type().withShape(flat));
    at.assign(variable, next);
    return new Node(new Reshape(flat), List.of(row), next);
  }
}
