package dev.thimble.importer.layout;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Op;
import dev.thimble.op.Reshape;
import dev.thimble.op.Rounding;
import dev.thimble.op.Transpose;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A graph while it is imported. Values are asked for in an order of axes; what lies in another is
 * transposed once, constants at once. Nodes of nothing but constants are evaluated at once.
 *
 * <p>Attributes and shapes that make no sense throw {@link IllegalArgumentException}, types that an
 * op does not take {@link UnsupportedTypesException}.
 */
public final class LaidOutGraph {
  /** The elements of all constants together, computed ones included. */
  private static final long MAX_ELEMENTS = 1L << 28;

  private final List<Value> inputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Value, Tensor> constants = new LinkedHashMap<>();
  private final Map<Moved, LaidOut> moved = new HashMap<>();
  private final Map<Value, LaidOut> unflattened = new HashMap<>();

  /** Values with more or fewer axes of extent 1 than those that they are reshapes of. */
  private final Map<Value, Value> widths = new HashMap<>();

  private final Set<String> names = new HashSet<>();
  private long elements;

  private record Moved(Value value, List<Integer> order) {}

  /** Keeps a name for a value of the file: no value of our own takes it. */
  public void reserve(String name) {
    names.add(name);
  }

  /** This name, or one made from it that nothing has yet. */
  public String fresh(String name) {
    String candidate = name;
    for (int i = 1; !names.add(candidate); i++) {
      candidate = name + "_" + i;
    }
    return candidate;
  }

  /** An input, of this type in the source, that the graph holds in this order. */
  public LaidOut input(String name, TensorType source, Order order) {
    Value value = new Value(name, source.withShape(order.ofValue(source.shape())));
    inputs.add(value);
    return new LaidOut(value, order);
  }

  /** A constant in the source's order. It becomes part of the graph where a node reads it. */
  public LaidOut constant(String name, Tensor data) {
    return constant(name, data, Order.source(data.shape().rank()));
  }

  private LaidOut constant(String name, Tensor data, Order order) {
    elements += data.type().elements();
    if (elements > MAX_ELEMENTS) {
      throw new IllegalArgumentException("the constants up to it have more than 2^28 elements");
    }
    Value value = new Value(name, data.type());
    constants.put(value, data);
    return new LaidOut(value, order);
  }

  /** The names of the inputs from which a tensor is computed. */
  public Set<String> inputsOf(LaidOut tensor) {
    Set<Value> needed = new HashSet<>(Set.of(tensor.value()));
    for (Node node : nodes.reversed()) {
      if (node.outputs().stream().anyMatch(needed::contains)) {
        needed.addAll(node.inputs());
      }
    }
    return inputs.stream()
        .filter(needed::contains)
        .map(Value::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  public boolean isConstant(LaidOut tensor) {
    return constants.containsKey(tensor.value());
  }

  /** The data of a constant, in the source's order. */
  public Optional<Tensor> data(LaidOut tensor) {
    return Optional.ofNullable(constants.get(tensor.value()))
        .map(data -> Permutation.apply(data, tensor.order().to(Order.source(tensor.rank()))));
  }

  /** The value in this order of its axes. */
  public Value in(LaidOut tensor, Order order) {
    return moved(tensor, order).value();
  }

  /** The tensor in this order of its axes, moved there where it must be. */
  public LaidOut moved(LaidOut tensor, Order order) {
    if (tensor.order().equals(order)) {
      return tensor;
    }
    Moved key = new Moved(tensor.value(), tensor.order().to(order));
    LaidOut known = moved.get(key);
    if (known == null) {
      known = move(tensor, order);
      moved.put(key, known);
    }
    return new LaidOut(known.value(), order);
  }

  private LaidOut move(LaidOut tensor, Order order) {
    List<Integer> permutation = tensor.order().to(order);
    Tensor data = constants.get(tensor.value());
    String name = fresh(tensor.value().name() + "_transposed");
    if (data != null) {
      return constant(name, Permutation.apply(data, permutation), order);
    }
    TensorType type = Permutation.type(tensor.type(), permutation);
    boolean inPlace = tensor.order().moving(tensor.shape()).equals(order.moving(tensor.shape()));
    Op op = inPlace ? new Reshape(type.shape()) : new Transpose(permutation);
    return new LaidOut(node(name, op, type, List.of(tensor.value())), order);
  }

  /** The tensor in the source's own order. */
  public LaidOut plain(LaidOut tensor) {
    return moved(tensor, Order.source(tensor.rank()));
  }

  /** A node of one output of this element type, without quantisation, in this order. */
  public LaidOut node(String name, Op op, DType dtype, Order order, List<Value> inputs) {
    Shape shape = op.outputShapes(inputs.stream().map(Value::type).toList()).getFirst();
    return new LaidOut(node(name, op, TensorType.of(dtype, shape), inputs), order);
  }

  /** A node with an output of this type. */
  public Value node(String name, Op op, TensorType type, List<Value> inputs) {
    return nodes(List.of(name), op, List.of(type), inputs).getFirst();
  }

  /** A node with outputs of these types, which must be of the shapes that the op computes. */
  public List<Value> nodes(List<String> names, Op op, List<TensorType> types, List<Value> inputs) {
    List<TensorType> arguments = inputs.stream().map(Value::type).toList();
    List<Shape> shapes = op.outputShapes(arguments);
    if (!shapes.equals(types.stream().map(TensorType::shape).toList())) {
      throw new IllegalArgumentException("computes shapes " + shapes);
    }
    try {
      op.check(arguments, types);
    } catch (IllegalArgumentException e) {
      throw new UnsupportedTypesException(String.valueOf(e.getMessage()));
    }
    List<Value> outputs = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      outputs.add(new Value(names.get(i), types.get(i)));
    }
    if (!inputs.isEmpty() && inputs.stream().allMatch(constants::containsKey)) {
      List<Tensor> data = inputs.stream().map(constants::get).toList();
      List<Tensor> results = op.evaluate(data, types, Rounding.DOUBLE);
      for (int i = 0; i < outputs.size(); i++) {
        constant(outputs.get(i).name(), results.get(i));
      }
      return outputs;
    }
    nodes.add(new Node(op, inputs, outputs));
    return outputs;
  }

  /** A node that treats each element of its operand by itself; the output is of this type. */
  public LaidOut pointwise(String name, Op op, DType dtype, LaidOut x) {
    Value map = widths.get(x.value());
    if (map == null) {
      return node(name, op, dtype, x.order(), List.of(x.value()));
    }
    return reshapedAs(x, node(name, op, TensorType.of(dtype, map.type().shape()), List.of(map)));
  }

  /** An elementwise node: its operands broadcast against each other, in a common order. */
  public LaidOut elementwise(String name, Op op, DType dtype, List<LaidOut> operands) {
    LaidOut first = operands.getFirst();
    Value map = widths.get(first.value());
    if (map != null && operands.stream().allMatch(operand -> isReshapedLike(operand, first))) {
      List<Value> values = operands.stream().map(x -> widths.getOrDefault(x.value(), map)).toList();
      TensorType type = TensorType.of(dtype, map.type().shape());
      return reshapedAs(first, node(name, op, type, values));
    }
    Order order = common(operands);
    return node(name, op, dtype, order, aligned(operands, order));
  }

  private boolean isReshapedLike(LaidOut one, LaidOut other) {
    Value a = widths.get(one.value());
    Value b = widths.get(other.value());
    return a != null
        && b != null
        && a.type().shape().equals(b.type().shape())
        && one.order().equals(other.order());
  }

  /** A result for what {@code like} is a reshape of, as a tensor like that. */
  private LaidOut reshapedAs(LaidOut like, Value result) {
    LaidOut map = new LaidOut(result, Order.source(result.type().shape().rank()));
    return reshaped(map, like.type().shape(), like.order());
  }

  /** The order in which operands that are broadcast against each other move least. */
  public Order common(List<LaidOut> operands) {
    int rank = operands.stream().mapToInt(LaidOut::rank).max().orElse(0);
    Optional<LaidOut> best = Optional.empty();
    for (LaidOut operand : operands) {
      boolean leads =
          operand.rank() == rank
              && !isConstant(operand)
              && (best.isEmpty() || weight(operand) > weight(best.get()));
      best = leads ? Optional.of(operand) : best;
    }
    return best.map(LaidOut::order).orElse(Order.source(rank));
  }

  /** Larger tensors weigh more, and of equal ones those that have been laid out for something. */
  private static long weight(LaidOut operand) {
    return 2L * operand.type().elements() + (operand.order().isSource() ? 0 : 1);
  }

  /** Operands that are broadcast against each other, as values in this order. */
  public List<Value> aligned(List<LaidOut> operands, Order order) {
    return operands.stream().map(operand -> aligned(operand, order)).toList();
  }

  private Value aligned(LaidOut operand, Order order) {
    int missing = order.rank() - operand.rank();
    List<Integer> leading = order.axes().subList(0, missing);
    boolean trailing =
        leading.stream().allMatch(axis -> axis < missing)
            && operand
                .order()
                .widened(missing)
                .axes()
                .subList(missing, order.rank())
                .equals(order.axes().subList(missing, order.rank()));
    return trailing ? operand.value() : in(widened(operand, missing), order);
  }

  private LaidOut widened(LaidOut operand, int leading) {
    if (leading == 0) {
      return operand;
    }
    Shape shape = operand.type().shape().expandedTo(operand.rank() + leading);
    return reshaped(operand, shape, operand.order().widened(leading));
  }

  /** The same elements in the same places of memory under another shape of the value. */
  public LaidOut reshaped(LaidOut tensor, Shape shapeOfValue, Order order) {
    return reshaped(fresh(tensor.value().name() + "_reshaped"), tensor, shapeOfValue, order);
  }

  /** The same, by a node of this name. */
  public LaidOut reshaped(String name, LaidOut tensor, Shape shapeOfValue, Order order) {
    if (tensor.type().shape().equals(shapeOfValue)) {
      return new LaidOut(tensor.value(), order);
    }
    Value wide = widths.get(tensor.value());
    if (wide != null && wide.type().shape().equals(shapeOfValue)) {
      return new LaidOut(wide, order);
    }
    TensorType type = tensor.type().withShape(shapeOfValue);
    Value result = node(name, new Reshape(shapeOfValue), type, List.of(tensor.value()));
    if (extents(tensor.type().shape()).equals(extents(shapeOfValue))
        && !constants.containsKey(result)) {
      widths.put(result, tensor.value());
    }
    return new LaidOut(result, order);
  }

  private static List<Integer> extents(Shape shape) {
    return IntStream.of(shape.dims()).filter(extent -> extent > 1).boxed().toList();
  }

  /** The source's reshape. Where it only merges and splits neighbouring axes, little moves. */
  public LaidOut reshape(String name, LaidOut tensor, Shape source) {
    if (tensor.type().elements() != source.elements()) {
      throw new IllegalArgumentException(tensor.shape() + " has not as many elements as " + source);
    }
    Regrouping regrouping = Regrouping.of(tensor.order(), tensor.shape(), source);
    LaidOut from = moved(tensor, regrouping.before());
    LaidOut result = reshaped(name, from, regrouping.after().ofValue(source), regrouping.after());
    if (!from.value().equals(tensor.value()) && result.order().isSource()) {
      unflattened.put(result.value(), tensor);
    }
    return result;
  }

  /**
   * What a tensor in the source's order was before it was transposed to be flattened, if it was: a
   * filter that takes its elements in another order can read that instead.
   */
  public Optional<LaidOut> unflattened(LaidOut tensor) {
    return Optional.ofNullable(unflattened.get(tensor.value()));
  }

  /**
   * The tensors under these names, which are those of the graph's outputs: the value is renamed, or
   * copied where it must keep another name. Nothing may be added to the graph afterwards.
   */
  public List<LaidOut> named(Map<String, LaidOut> outputs) {
    Map<Value, Value> renamed = new HashMap<>();
    List<LaidOut> named = new ArrayList<>();
    Set<Value> shown = new HashSet<>();
    outputs.values().forEach(tensor -> shown.add(tensor.value()));
    for (Node node : nodes) {
      // What is moved before it is shown leaves its name to what is shown.
      node.outputs().stream()
          .filter(value -> outputs.containsKey(value.name()) && !shown.contains(value))
          .forEach(value ->
              renamed.put(value, new Value(fresh(value.name() + "_inside"), value.type())));
    }
    outputs.forEach((name, tensor) -> {
      Value value = tensor.value();
      boolean free =
          !inputs.contains(value)
              && !constants.containsKey(value)
              && !outputs.containsKey(value.name())
              && !renamed.containsKey(value);
      Value output = new Value(name, value.type());
      if (free) {
        renamed.put(value, output);
      } else if (!value.equals(output)) {
        nodes.add(new Node(new Reshape(value.type().shape()), List.of(value), output));
      }
      named.add(new LaidOut(output, tensor.order()));
    });
    nodes.replaceAll(node ->
        new Node(node.op(), replaced(node.inputs(), renamed), replaced(node.outputs(), renamed)));
    return named;
  }

  private static List<Value> replaced(List<Value> values, Map<Value, Value> renamed) {
    return values.stream().map(value -> renamed.getOrDefault(value, value)).toList();
  }

  /** The graph with these outputs, of the nodes and constants that they need. */
  public Graph build(String name, List<Value> outputs) {
    Set<Value> needed = new HashSet<>(outputs);
    List<Node> live = new ArrayList<>();
    for (Node node : nodes.reversed()) {
      if (node.outputs().stream().anyMatch(needed::contains)) {
        live.addFirst(node);
        needed.addAll(node.inputs());
      }
    }
    Map<Value, Tensor> kept = new LinkedHashMap<>(constants);
    kept.keySet().retainAll(needed);
    return new Graph(name, inputs, kept, live, outputs, Map.of());
  }
}
