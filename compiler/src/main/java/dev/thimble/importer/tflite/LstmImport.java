package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Concat;
import dev.thimble.op.Gate;
import dev.thimble.op.Lstm;
import dev.thimble.op.Recurrence;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BidirectionalSequenceLSTMOptions;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.UnidirectionalSequenceLSTMOptions;

/** UNIDIRECTIONAL_SEQUENCE_LSTM and BIDIRECTIONAL_SEQUENCE_LSTM. */
final class LstmImport {
  private static final String SUPPORTED =
      "float32 throughout; or int8 frames and hidden state, int8 filters with zero point 0, int32"
          + " biases, an int16 cell state whose scale is a power of two, and an output of the"
          + " hidden state's type; filters and biases constant, tanh, no projection, no layer norm";

  /** Which operands a direction has. */
  private record Direction(
      int filters, int recurrent, int peepholes, int biases, int projection, int state, int cell) {}

  private static final Direction ONLY = new Direction(1, 5, 9, 12, 16, 18, 19);
  private static final Direction FORWARD = new Direction(1, 5, 9, 12, 16, 35, 36);
  private static final Direction BACKWARD = new Direction(18, 22, 26, 29, 33, 37, 38);
  private static final int LAYER_NORM = 20;
  private static final int AUXILIARY = 39;

  private LstmImport() {}

  static Node unidirectional(Operands at) {
    at.require(1, 24);
    UnidirectionalSequenceLSTMOptions options =
        at.requiredOptions(
            BuiltinOptions.UnidirectionalSequenceLSTMOptions,
            new UnidirectionalSequenceLSTMOptions());
    Recurrence steps = new Recurrence(at.read(options::timeMajor), false, false, List.of());
    requireTanh(at, at.read(options::fusedActivationFunction));
    for (int operand = LAYER_NORM; operand < LAYER_NORM + 4; operand++) {
      requireAbsent(at, operand, "layer norm");
    }
    at.before(node(at, ONLY, steps, at.read(options::cellClip), at.output()));
    return RecurrentImport.lastStep(at, steps, at.output(), ONLY.state());
  }

  /** Both directions' outputs as one, [.., 2 * H], or as two. */
  static Node bidirectional(Operands at) {
    BidirectionalSequenceLSTMOptions options =
        at.requiredOptions(
            BuiltinOptions.BidirectionalSequenceLSTMOptions,
            new BidirectionalSequenceLSTMOptions());
    boolean merged = at.read(options::mergeOutputs);
    at.require(1, 48, merged ? 1 : 2);
    requireTanh(at, at.read(options::fusedActivationFunction));
    for (int operand = AUXILIARY; operand < 48; operand++) {
      requireAbsent(at, operand, "an auxiliary input");
    }
    boolean timeMajor = at.read(options::timeMajor);
    float clip = at.read(options::cellClip);
    List<Value> results = new ArrayList<>();
    Node last = null;
    for (Direction direction : List.of(FORWARD, BACKWARD)) {
      boolean reverse = direction == BACKWARD;
      Recurrence steps = new Recurrence(timeMajor, reverse, false, List.of());
      Shape shape = at.input(0).type().shape();
      int units = at.tensor(direction.recurrent() + 1).shape().getLast();
      Value result =
          merged
              ? at.between(
                  reverse ? "_backward" : "_forward",
                  at.output().type().withShape(shape.with(-1, units)))
              : at.output(reverse ? 1 : 0);
      at.before(node(at, direction, steps, clip, result));
      last = RecurrentImport.lastStep(at, steps, result, direction.state());
      if (merged || !reverse) {
        at.before(last);
      }
      results.add(result);
    }
    return merged || last == null
        ? at.node(() -> new Concat(2), SUPPORTED, List.of(at.output()), results)
        : last;
  }

  private static void requireTanh(Operands at, byte activation) {
    if (activation != ActivationFunctionType.TANH) {
      throw new UnsupportedNode("activation " + activation + ", " + at.describe(), SUPPORTED);
    }
  }

  private static void requireAbsent(Operands at, int operand, String what) {
    if (at.has(operand)) {
      throw new UnsupportedNode(what + ", " + at.describe(), SUPPORTED);
    }
  }

  private static Node node(
      Operands at, Direction d, Recurrence steps, float cellClip, Value output) {
    requireAbsent(at, d.projection(), "a projection");
    requireAbsent(at, d.projection() + 1, "a projection");
    boolean coupled = !at.has(d.filters());
    List<Value> inputs = new ArrayList<>();
    inputs.add(at.input(0));
    String name = output.name();
    // TFLite's order is i, f, g, o; a coupled i is not read, so that f stands in for it.
    int[] order = coupled ? new int[] {1, 3, 1, 2} : new int[] {0, 3, 1, 2};
    inputs.add(joined(at, name + "_filter", d.filters(), order));
    inputs.add(joined(at, name + "_recurrent", d.recurrent(), order));
    inputs.add(joined(at, name + "_bias", d.biases(), order));
    inputs.add(at.variable(d.state()));
    inputs.add(at.variable(d.cell()));
    if (at.has(d.peepholes() + 1)) {
      int[] peeks = coupled ? new int[] {1, 2, 1} : new int[] {0, 2, 1};
      inputs.add(joined(at, name + "_peepholes", d.peepholes(), peeks));
    }
    Value cell = at.between(steps.reverse() ? "_backward_cell" : "_cell", inputs.get(5).type());
    Node node =
        at.node(
            () -> new Lstm(steps, Gate.SIGMOID, Gate.TANH, Gate.TANH, 0, cellClip, coupled),
            SUPPORTED,
            List.of(output, cell),
            inputs);
    at.assign(d.cell(), cell);
    return node;
  }

  /** Constant operands one behind the other, each with its own scale. */
  private static Value joined(Operands at, String name, int first, int[] order) {
    List<Tensor> parts = new ArrayList<>();
    for (int gate : order) {
      if (!at.has(first + gate) || !at.isConstant(first + gate)) {
        throw new UnsupportedNode(
            "operand " + (first + gate) + " that is no constant, " + at.describe(), SUPPORTED);
      }
      parts.add(at.constant(first + gate));
    }
    TensorType type = parts.getFirst().type();
    int rows = 0;
    List<Float> scales = new ArrayList<>();
    for (Tensor part : parts) {
      TensorType each = part.type();
      boolean alike =
          each.dtype() == type.dtype()
              && each.shape().rank() > 0
              && each.isQuantized() == type.isQuantized()
              && (!each.isQuantized() || each.quant() instanceof QuantParams.PerTensor)
              && each.shape().with(0, 1).equals(type.shape().with(0, 1));
      if (!alike || (each.isQuantized() && each.zeroPoint() != 0)) {
        throw new UnsupportedNode("gates of " + type + " and " + each, SUPPORTED);
      }
      rows += each.shape().dim(0);
      for (int i = 0; i < each.shape().dim(0) && each.isQuantized(); i++) {
        scales.add(each.scale());
      }
    }
    QuantParams quant =
        type.isQuantized() ? new QuantParams.PerChannel(0, scales) : QuantParams.NONE;
    TensorType joined = new TensorType(type.dtype(), type.shape().with(0, rows), quant);
    return at.addConstant(name, data(parts, joined));
  }

  private static Tensor data(List<Tensor> parts, TensorType type) {
    float[] floats = new float[type.isFloat() ? type.elements() : 0];
    long[] integers = new long[type.isFloat() ? 0 : type.elements()];
    int at = 0;
    for (Tensor part : parts) {
      int count = part.type().elements();
      if (type.isFloat()) {
        System.arraycopy(part.floats(), 0, floats, at, count);
      } else {
        System.arraycopy(part.longs(), 0, integers, at, count);
      }
      at += count;
    }
    return type.isFloat() ? Tensor.ofFloats(type, floats) : Tensor.ofLongs(type, integers);
  }
}
