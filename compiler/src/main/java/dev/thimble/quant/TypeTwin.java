package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.State;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Activations;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Dequantize;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Op;
import dev.thimble.op.Pad;
import dev.thimble.op.Pool2d;
import dev.thimble.op.PositionalOp;
import dev.thimble.op.Quantize;
import dev.thimble.op.Reduce;
import dev.thimble.op.Requantize;
import dev.thimble.op.Reshape;
import dev.thimble.op.Softmax;
import dev.thimble.op.Unary;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a network of the same shapes with elements of the other kind: int8 for floats, floats for
 * int8. It serves to estimate memory and time and computes nothing of use: the scales of int8
 * activations are made up, not calibrated.
 */
public final class TypeTwin {
  /** A quantum of made-up activations, whose range is then -8 to 8. */
  private static final float SCALE = 1f / 16;

  private final Graph graph;
  private final boolean toFloat;
  private final Map<Value, Value> values = new HashMap<>();
  private final Map<Value, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  private TypeTwin(Graph graph, boolean toFloat) {
    this.graph = graph;
    this.toFloat = toFloat;
  }

  /** Whether anything in the graph is quantised. */
  public static boolean isQuantized(Graph graph) {
    return graph.nodes().stream()
        .flatMap(node -> node.outputs().stream())
        .anyMatch(value -> value.type().isQuantized());
  }

  /**
   * The network with floats where it is quantised, or else with int8 elements where it has floats.
   * Throws {@link IllegalArgumentException} where a node would not take them.
   */
  public static Graph of(Graph graph) {
    return new TypeTwin(graph, isQuantized(graph)).make();
  }

  /** Whether an op only stores the same numbers in another type, so that the twin has none. */
  static boolean converts(Op op) {
    return op instanceof Quantize || op instanceof Dequantize || op instanceof Requantize;
  }

  private Graph make() {
    List<Value> inputs = new ArrayList<>();
    for (Value input : graph.inputs()) {
      inputs.add(renew(input, activation(input.type(), SCALE, 0)));
    }
    for (State state : graph.states()) {
      renew(state.current(), activation(state.current().type(), SCALE, 0));
    }
    for (Node node : graph.nodes()) {
      add(node);
    }
    List<Value> outputs = graph.outputs().stream().map(this::of).toList();
    List<State> states = graph.states().stream().map(this::of).toList();
    return new Graph(graph.name(), inputs, constants, states, nodes, outputs, Map.of());
  }

  private State of(State state) {
    Tensor initial = toFloat ? Elements.floats(state.initial()) : Elements.int8(state.initial());
    Value current = of(state.current());
    Tensor typed =
        initial.type().dtype() == current.type().dtype()
            ? initial.as(current.type())
            : state.initial();
    return new State(current, of(state.next()), typed);
  }

  private void add(Node node) {
    if (converts(node.op())) {
      values.put(node.output(), of(node.input()));
      return;
    }
    List<Value> operands = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      operands.add(operand(node, i, operands));
    }
    List<Value> outputs = new ArrayList<>();
    outputs.add(renew(node.output(), outputType(node, operands.getFirst().type())));
    for (Value further : node.outputs().subList(1, node.outputs().size())) {
      outputs.add(renew(further, activation(further.type(), SCALE, 0)));
    }
    nodes.add(new Node(op(node), operands, outputs));
  }

  /** The type of a node's output; some ops keep that of their input, some have one of their own. */
  private TensorType outputType(Node node, TensorType input) {
    TensorType type = node.output().type();
    if (toFloat || !type.isFloat()) {
      return activation(type, SCALE, 0);
    }
    boolean probabilities =
        node.op() instanceof Softmax
            || (node.op() instanceof Unary unary && unary.function() == Unary.Function.SIGMOID);
    if (probabilities) {
      return activation(type, 1f / 256, Byte.MIN_VALUE);
    }
    boolean kept =
        node.op() instanceof Pool2d
            || node.op() instanceof Pad
            || node.op() instanceof Reshape
            || node.op() instanceof PositionalOp
            || (node.op() instanceof Reduce reduce && orders(reduce));
    return kept ? input.withShape(type.shape()) : activation(type, SCALE, 0);
  }

  /** Whether the results are some of the input's elements. */
  private static boolean orders(Reduce op) {
    return op.function() == Reduce.Function.MAX || op.function() == Reduce.Function.MIN;
  }

  private TensorType activation(TensorType type, float scale, int zeroPoint) {
    if (toFloat && type.isQuantized()) {
      return TensorType.float32(dims(type));
    }
    return !toFloat && type.isFloat() ? TensorType.int8(scale, zeroPoint, dims(type)) : type;
  }

  private static int[] dims(TensorType type) {
    return type.shape().dims().clone();
  }

  /**
   * The op for elements of the other kind. A border's value is a stored number and changes with the
   * elements. Where a quantised range begins at 0, whoever chose it saw nothing below, and often a
   * relu was left out because the range clips as it does: floats need that relu.
   */
  private Op op(Node node) {
    Op op = node.op();
    if (op instanceof Pad pad && pad.value() != 0) {
      return new Pad(pad.before(), pad.after(), 0, pad.mode());
    }
    boolean plain = Activations.of(op).filter(Activation.NONE::equals).isPresent();
    TensorType type = node.output().type();
    boolean fromZero = toFloat && type.isQuantized() && type.zeroPoint() == type.dtype().minValue();
    return plain && fromZero ? Activations.with(op, Activation.RELU) : op;
  }

  private Value operand(Node node, int index, List<Value> before) {
    Value given = node.inputs().get(index);
    if (!graph.isConstant(given)) {
      return of(given);
    }
    boolean filtered =
        node.op() instanceof Conv2d
            || node.op() instanceof DepthwiseConv2d
            || node.op() instanceof FullyConnected;
    int axis = node.op() instanceof DepthwiseConv2d ? 3 : 0;
    Tensor from = graph.constant(given).orElseThrow();
    Tensor made;
    if (toFloat) {
      made =
          filtered && index == 2
              ? Elements.floats(from, node.inputs().get(0).type(), node.inputs().get(1).type())
              : Elements.floats(from);
    } else if (filtered && index > 0) {
      made =
          index == 1
              ? Elements.int8(from, axis)
              : Elements.int32(from, before.get(0).type(), before.get(1).type());
    } else {
      made = Elements.int8(from);
    }
    // Nodes may share a constant and need it in different forms, so each has one of its own.
    Value value = new Value(given.name() + " of " + node.name() + " " + index, made.type());
    constants.put(value, made);
    return value;
  }

  private Value renew(Value value, TensorType type) {
    Value made = new Value(value.name(), type);
    values.put(value, made);
    return made;
  }

  private Value of(Value value) {
    Value made = values.get(value);
    if (made == null) {
      // An output, or the operand of a conversion, that is a constant.
      Tensor tensor = graph.constant(value).orElseThrow();
      Tensor changed = toFloat ? Elements.floats(tensor) : Elements.int8(tensor);
      made = renew(value, changed.type());
      constants.put(made, changed);
    }
    return made;
  }
}
