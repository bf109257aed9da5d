package dev.thimble.importer.onnx;

import dev.thimble.graph.Value;
import dev.thimble.importer.layout.LaidOut;
import dev.thimble.importer.layout.Order;
import dev.thimble.op.Concat;
import dev.thimble.op.Gate;
import dev.thimble.op.Gru;
import dev.thimble.op.Lstm;
import dev.thimble.op.Op;
import dev.thimble.op.Recurrence;
import dev.thimble.op.Rnn;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Recurrent layers: a node for each direction. */
final class RecurrentImport {
  private final OnnxNode at;
  private final int gates;
  private final boolean timeMajor;
  private final LaidOut x;
  private final int hidden;
  private final int directions;
  private final List<LaidOut> all = new ArrayList<>();
  private final List<LaidOut> last = new ArrayList<>();
  private final List<LaidOut> cells = new ArrayList<>();

  private RecurrentImport(OnnxNode at, int gates) {
    this.at = at;
    this.gates = gates;
    Attributes attributes = at.attributes();
    timeMajor = attributes.integer("layout", 0) == 0;
    x = at.graph().plain(at.x(0));
    Shape recurrent = at.x(2).shape();
    if (x.rank() != 3 || recurrent.rank() != 3 || at.x(1).rank() != 3) {
      throw at.malformed("has operands of " + at.describe());
    }
    directions = recurrent.dim(0);
    hidden = recurrent.dim(2);
    // Kernels of recurrent layers have their filters as tables.
    at.constant(1, "weights");
    at.constant(2, "recurrent weights");
    String direction = attributes.text("direction", "forward");
    boolean fits =
        switch (direction) {
          case "forward", "reverse" -> directions == 1;
          case "bidirectional" -> directions == 2;
          default -> false;
        };
    int stated = attributes.integer("hidden_size", hidden);
    if (!fits || stated != hidden || recurrent.dim(1) != gates * hidden) {
      throw at.malformed("has direction " + Source.quoted(direction) + ", " + at.describe());
    }
  }

  static void lstm(OnnxNode at) {
    at.require(3, 8);
    new RecurrentImport(at, 4).lstm();
  }

  static void gru(OnnxNode at) {
    at.require(3, 6);
    new RecurrentImport(at, 3).gru();
  }

  static void rnn(OnnxNode at) {
    at.require(3, 6);
    new RecurrentImport(at, 1).rnn();
  }

  private void lstm() {
    List<Gate> functions = functions(3, List.of(Gate.SIGMOID, Gate.TANH, Gate.TANH));
    boolean coupled = at.attributes().flag("input_forget", false);
    float clip = at.attributes().real("clip", 0);
    for (int d = 0; d < directions; d++) {
      Lstm op =
          new Lstm(
              steps(d),
              functions.get(3 * d),
              functions.get(3 * d + 1),
              functions.get(3 * d + 2),
              clip,
              0,
              coupled);
      List<Value> operands = operands(d);
      operands.add(bias(d));
      operands.add(start(5, d));
      operands.add(start(6, d));
      if (at.has(7)) {
        at.constant(7, "peephole weights");
        operands.add(part(at.x(7), d, Shape.of(3 * hidden)));
      }
      add(op, operands);
    }
    results();
  }

  private void gru() {
    List<Gate> functions = functions(2, List.of(Gate.SIGMOID, Gate.TANH));
    boolean linear = at.attributes().flag("linear_before_reset", false);
    float clip = at.attributes().real("clip", 0);
    for (int d = 0; d < directions; d++) {
      Gru op = new Gru(steps(d), functions.get(2 * d), functions.get(2 * d + 1), clip, linear);
      List<Value> operands = operands(d);
      operands.add(half(d, 0));
      operands.add(half(d, 1));
      operands.add(start(5, d));
      add(op, operands);
    }
    results();
  }

  private void rnn() {
    List<Gate> functions = functions(1, List.of(Gate.TANH));
    float clip = at.attributes().real("clip", 0);
    for (int d = 0; d < directions; d++) {
      List<Value> operands = operands(d);
      operands.add(bias(d));
      operands.add(start(5, d));
      add(new Rnn(steps(d), functions.get(d), clip), operands);
    }
    results();
  }

  private Recurrence steps(int direction) {
    boolean reverse =
        direction == 1 || at.attributes().text("direction", "forward").equals("reverse");
    return new Recurrence(timeMajor, reverse, false, lengths());
  }

  /** The frames of each batch entry, if they are not all. */
  private List<Integer> lengths() {
    if (!at.has(4)) {
      return List.of();
    }
    List<Integer> lengths =
        at.integers(4, "sequence lengths").stream().map(Math::toIntExact).toList();
    int steps = x.shape().dim(timeMajor ? 0 : 1);
    return lengths.stream().allMatch(length -> length == steps) ? List.of() : lengths;
  }

  private int batch() {
    return x.shape().dim(timeMajor ? 1 : 0);
  }

  /** The functions of all directions; those that the file leaves out are the usual ones. */
  private List<Gate> functions(int each, List<Gate> usual) {
    List<String> names = at.attributes().texts("activations");
    List<Float> alphas =
        new ArrayList<>(at.attributes().reals("activation_alpha").orElse(List.of()));
    List<Float> betas = new ArrayList<>(at.attributes().reals("activation_beta").orElse(List.of()));
    List<Gate> gates = new ArrayList<>();
    for (int i = 0; i < each * directions; i++) {
      gates.add(names.isEmpty() ? usual.get(i % each) : function(text(names, i), alphas, betas));
    }
    return gates;
  }

  private String text(List<String> names, int index) {
    if (index >= names.size()) {
      throw at.malformed("has activations " + names + " for " + directions + " directions");
    }
    return names.get(index);
  }

  /** Functions take their parameters from the lists in turn, those that have some. */
  private Gate function(String name, List<Float> alphas, List<Float> betas) {
    Gate.Function function =
        switch (name.toLowerCase(Locale.ROOT)) {
          case "sigmoid" -> Gate.Function.SIGMOID;
          case "tanh" -> Gate.Function.TANH;
          case "relu" -> Gate.Function.RELU;
          case "affine" -> Gate.Function.AFFINE;
          case "leakyrelu" -> Gate.Function.LEAKY_RELU;
          case "thresholdedrelu" -> Gate.Function.THRESHOLDED_RELU;
          case "scaledtanh" -> Gate.Function.SCALED_TANH;
          case "hardsigmoid" -> Gate.Function.HARD_SIGMOID;
          case "elu" -> Gate.Function.ELU;
          case "softsign" -> Gate.Function.SOFTSIGN;
          case "softplus" -> Gate.Function.SOFTPLUS;
          default -> throw at.malformed("has the activation " + Source.quoted(name));
        };
    return switch (function) {
      case SIGMOID, TANH, RELU, SOFTSIGN, SOFTPLUS, RELU6 -> new Gate(function, 0, 0);
      case LEAKY_RELU -> new Gate(function, next(alphas, 0.01f), 0);
      case THRESHOLDED_RELU, ELU -> new Gate(function, next(alphas, 1), 0);
      case HARD_SIGMOID -> new Gate(function, next(alphas, 0.2f), next(betas, 0.5f));
      case AFFINE -> new Gate(function, next(alphas, 1), next(betas, 0));
      case SCALED_TANH -> new Gate(function, next(alphas, 1), next(betas, 1));
    };
  }

  private static float next(List<Float> numbers, float otherwise) {
    return numbers.isEmpty() ? otherwise : numbers.removeFirst();
  }

  private List<Value> operands(int direction) {
    Shape filter = Shape.of(gates * hidden, at.x(1).shape().dim(2));
    Shape recurrent = Shape.of(gates * hidden, hidden);
    return new ArrayList<>(
        List.of(x.value(), part(at.x(1), direction, filter), part(at.x(2), direction, recurrent)));
  }

  /** What an operand has for a direction, in this shape. */
  private Value part(LaidOut operand, int direction, Shape shape) {
    LaidOut plain = at.graph().plain(operand);
    String name = at.name("direction_" + direction);
    LaidOut part = MoveImport.run(at, name, plain, 0, direction, 1);
    return at.graph().reshape(at.name("part_" + direction), part, shape).value();
  }

  /** One half of a direction's constant biases; zeros where there are none. */
  private float[] biases(int direction, int half) {
    int count = gates * hidden;
    if (!at.has(3)) {
      return new float[count];
    }
    Tensor stored = at.constant(3, "bias");
    if (!stored.shape().equals(Shape.of(directions, 2 * count)) || !stored.type().isFloat()) {
      throw at.malformed("has biases of " + stored.type());
    }
    int from = (2 * direction + half) * count;
    return Arrays.copyOfRange(stored.floats(), from, from + count);
  }

  private Value half(int direction, int half) {
    return constant(biases(direction, half));
  }

  /** The sum of both biases. */
  private Value bias(int direction) {
    float[] bias = biases(direction, 0);
    float[] recurrent = biases(direction, 1);
    for (int i = 0; i < bias.length; i++) {
      bias[i] += recurrent[i];
    }
    return constant(bias);
  }

  private Value constant(float[] numbers) {
    Tensor data = Tensor.ofFloats(TensorType.float32(numbers.length), numbers);
    return at.graph().constant(at.name("bias"), data).value();
  }

  /** What a direction starts with; zeros where the file leaves it out. */
  private Value start(int operand, int direction) {
    Shape shape = Shape.of(batch(), hidden);
    if (!at.has(operand)) {
      Tensor zeros =
          Tensor.ofFloats(TensorType.float32(batch(), hidden), new float[shape.elements()]);
      return at.graph().constant(at.name("start"), zeros).value();
    }
    LaidOut stored = at.graph().plain(at.x(operand));
    // Without time first the directions are the second axis.
    LaidOut first = timeMajor ? stored : at.graph().plain(stored.transposed(List.of(1, 0, 2)));
    return part(first, direction, shape);
  }

  private void add(Op op, List<Value> operands) {
    List<TensorType> types = operands.stream().map(Value::type).toList();
    List<String> names = new ArrayList<>();
    List<TensorType> outputs = new ArrayList<>();
    for (Shape shape : op.outputShapes(types)) {
      names.add(at.name("state"));
      outputs.add(TensorType.of(x.dtype(), shape));
    }
    List<Value> results = at.graph().nodes(names, op, outputs, operands);
    LaidOut sequence = new LaidOut(results.getFirst(), Order.source(3));
    all.add(sequence);
    boolean reverse =
        all.size() == 2 || at.attributes().text("direction", "forward").equals("reverse");
    last.add(last(sequence, reverse));
    if (results.size() > 1) {
      cells.add(new LaidOut(results.get(1), Order.source(2)));
    }
  }

  /** The result of a sequence's last step, [N, H]. */
  private LaidOut last(LaidOut sequence, boolean reverse) {
    if (!at.wants(1)) {
      return sequence;
    }
    if (!lengths().isEmpty()) {
      throw new UnsupportedNode(
          "the last state of sequences of several lengths", "sequences of one length");
    }
    int time = timeMajor ? 0 : 1;
    int step = reverse ? 0 : sequence.shape().dim(time) - 1;
    LaidOut entry = MoveImport.run(at, at.name("last"), sequence, time, step, 1);
    return at.graph().reshape(at.name("last"), entry, Shape.of(batch(), hidden));
  }

  private void results() {
    if (at.wants(0)) {
      // [T, N, H] of each direction to [T, D, N, H], or [N, T, H] to [N, T, D, H].
      int axis = timeMajor ? 1 : 2;
      at.set(stacked(at.name(), all, axis));
    }
    if (at.wants(1)) {
      at.set(1, stacked(at.name(1), last, timeMajor ? 0 : 1));
    }
    if (at.wants(2) && !cells.isEmpty()) {
      at.set(2, stacked(at.name(2), cells, timeMajor ? 0 : 1));
    }
  }

  /** The directions' results side by side along a new axis. */
  private LaidOut stacked(String name, List<LaidOut> parts, int axis) {
    List<LaidOut> widened = new ArrayList<>();
    for (LaidOut part : parts) {
      List<Integer> dims = new ArrayList<>();
      Arrays.stream(part.shape().dims()).forEach(dims::add);
      dims.add(axis, 1);
      String partName = parts.size() == 1 ? name : at.name("direction");
      widened.add(at.graph().reshape(partName, part, at.shape(dims)));
    }
    if (widened.size() == 1) {
      return widened.getFirst();
    }
    List<Value> values = widened.stream().map(LaidOut::value).toList();
    Order order = Order.source(widened.getFirst().rank());
    return at.graph().node(name, new Concat(axis), x.dtype(), order, values);
  }
}
