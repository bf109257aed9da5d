package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Dequantize;
import dev.thimble.op.Op;
import dev.thimble.op.Quantize;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A quantised network in the making. A float value of the source may come to stand in it twice: as
 * int8 and as float32; conversions are added where a node needs what is not there yet.
 */
final class QuantizedGraph {
  private final Graph source;
  private final Recipe recipe;
  private final ValueTypes types;
  private final Set<Node> inFloat;
  private final List<Value> inputs = new ArrayList<>();
  private final Map<Value, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Value, Value> asFloat = new HashMap<>();
  private final Map<Value, Value> asInt8 = new HashMap<>();
  private final Map<Value, Map<TensorType, Value>> requantized = new HashMap<>();
  private final Set<String> names = new HashSet<>();

  QuantizedGraph(Graph source, Recipe recipe, ValueTypes types, Set<Node> inFloat) {
    this.source = source;
    this.recipe = recipe;
    this.types = types;
    this.inFloat = Set.copyOf(inFloat);
    source.inputs().forEach(value -> names.add(value.name()));
    source.constants().keySet().forEach(value -> names.add(value.name()));
    source.nodes().forEach(node -> node.outputs().forEach(value -> names.add(value.name())));
  }

  /** The network; nodes that cannot be int8 after all are added to {@code refused}, with why. */
  Graph build(Map<Node, String> refused) {
    source.inputs().forEach(this::addInput);
    for (Node node : source.nodes()) {
      if (inFloat.contains(node)) {
        addInFloat(node);
        continue;
      }
      try {
        addQuantized(node);
      } catch (IllegalArgumentException e) {
        refused.put(node, String.valueOf(e.getMessage()));
        addInFloat(node);
      }
    }
    List<Value> outputs = new ArrayList<>();
    for (Value output : source.outputs()) {
      boolean int8 = !recipe.floatIo() && asInt8.containsKey(output);
      outputs.add(int8 ? int8(output, null) : real(output));
    }
    return new Graph(source.name(), inputs, constants, nodes, outputs, Map.of());
  }

  private void addInput(Value input) {
    boolean quantized =
        input.type().isFloat()
            && source.readers(input).stream().anyMatch(node -> !inFloat.contains(node));
    if (quantized && !recipe.floatIo()) {
      Value value = new Value(input.name(), types.of(input));
      inputs.add(value);
      asInt8.put(input, value);
    } else {
      inputs.add(input);
      asFloat.put(input, input);
    }
  }

  private void addInFloat(Node node) {
    nodes.add(new Node(node.op(), node.inputs().stream().map(this::real).toList(), node.outputs()));
    node.outputs().forEach(output -> asFloat.put(output, output));
  }

  private void addQuantized(Node node) {
    Value output = node.output();
    switch (NodeRule.of(node)) {
      case NodeRule.OwnRange own -> add(node, operands(node, null), types.of(output));
      case NodeRule.OneType one -> add(node, operands(node, types.of(output)), types.of(output));
      case NodeRule.FixedType fixed ->
          add(node, operands(node, null), fixed.type(output.type().shape()));
      case NodeRule.Filtered filtered -> addFiltered(node, filtered.channelAxis());
      case NodeRule.Ordered ordered -> add(node, operands(node, null), output.type());
      case NodeRule.AsItIs as -> addInFloat(node);
      case NodeRule.StaysFloat stays -> addInFloat(node);
    }
  }

  /**
   * A node's operands as int8, of one type if that is given; those that are no floats as they are.
   */
  private List<Value> operands(Node node, @Nullable TensorType wanted) {
    List<Value> operands = new ArrayList<>();
    for (Value input : node.inputs()) {
      operands.add(
          input.type().isFloat()
              ? int8(input, wanted == null ? null : wanted.withShape(input.type().shape()))
              : real(input));
    }
    return operands;
  }

  private void addFiltered(Node node, int axis) {
    Value input = int8(node.input(), null);
    Tensor filter = source.constant(node.inputs().get(1)).orElseThrow();
    Tensor bias =
        recipe
            .biases()
            .getOrDefault(node.name(), source.constant(node.inputs().get(2)).orElseThrow());
    float scale = input.type().scale();
    Tensor stored = recipe.filters().get(node.name());
    if (stored == null) {
      WeightFormat format = recipe.format(node.name());
      TensorType type = StoredNumbers.filterType(filter, axis, bias, scale, format);
      stored = StoredNumbers.filter(filter, type, axis, format);
    }
    Tensor storedBias = StoredNumbers.bias(bias, scale, stored.type());
    // Nodes may share constants, whose scales depend on the node: each has its own.
    List<Value> operands =
        List.of(
            input,
            constant(node.name() + "~filter", stored),
            constant(node.name() + "~bias", storedBias));
    add(node, operands, types.of(node.output()));
  }

  private Value constant(String name, Tensor data) {
    Value value = new Value(fresh(name), data.type());
    constants.put(value, data);
    return value;
  }

  /** Adds a node of int8 operands, with this type in all outputs that were float. */
  private void add(Node node, List<Value> operands, TensorType type) {
    Op op = node.output().type().isFloat() ? NodeRule.stored(node.op(), type) : node.op();
    List<Value> outputs = new ArrayList<>();
    for (Value value : node.outputs()) {
      boolean hidden = value.type().isFloat() && recipe.floatIo() && source.isOutput(value);
      outputs.add(
          new Value(
              hidden ? fresh(value.name() + "~int8") : value.name(),
              value.type().isFloat() ? type.withShape(value.type().shape()) : value.type()));
    }
    op.check(
        operands.stream().map(Value::type).toList(), outputs.stream().map(Value::type).toList());
    nodes.add(new Node(op, operands, outputs));
    for (int i = 0; i < outputs.size(); i++) {
      boolean int8 = node.outputs().get(i).type().isFloat();
      (int8 ? asInt8 : asFloat).put(node.outputs().get(i), outputs.get(i));
    }
  }

  /** The value as int8, of a type if that is given, else of the type that it has. */
  private Value int8(Value value, @Nullable TensorType wanted) {
    if (source.isConstant(value)) {
      Tensor real = source.constant(value).orElseThrow();
      TensorType type =
          wanted != null ? wanted : StoredNumbers.range(real).int8(value.type().shape());
      return converted(value, type, () -> constant(value.name(), StoredNumbers.of(real, type)));
    }
    Value present = asInt8.get(value);
    if (present == null) {
      present = convert(real(value), value.name() + "~int8", types.computed(value));
      asInt8.put(value, present);
    }
    if (wanted == null || wanted.equals(present.type())) {
      return present;
    }
    Value from = present;
    return converted(value, wanted, () -> convert(from, value.name() + "~int8", wanted));
  }

  private Value converted(Value value, TensorType type, Supplier<Value> make) {
    Map<TensorType, Value> known = requantized.computeIfAbsent(value, v -> new HashMap<>());
    Value made = known.get(type);
    if (made == null) {
      made = make.get();
      known.put(type, made);
    }
    return made;
  }

  private Value convert(Value from, String name, TensorType type) {
    Quantize op = new Quantize();
    op.check(List.of(from.type()), List.of(type));
    Value output = new Value(fresh(name), type);
    nodes.add(new Node(op, List.of(from), output));
    return output;
  }

  /** The value as it is in the source: float32, or integers. */
  private Value real(Value value) {
    if (source.isConstant(value)) {
      constants.put(value, source.constant(value).orElseThrow());
      return value;
    }
    Value present = asFloat.get(value);
    if (present != null) {
      return present;
    }
    Value from = int8(value, null);
    boolean shown = recipe.floatIo() && source.isOutput(value);
    String name = shown ? value.name() : fresh(value.name() + "~float");
    Value output = new Value(name, value.type());
    nodes.add(new Node(new Dequantize(), List.of(from), output));
    asFloat.put(value, output);
    return output;
  }

  private String fresh(String base) {
    String name = base;
    for (int i = 2; !names.add(name); i++) {
      name = base + i;
    }
    return name;
  }
}
