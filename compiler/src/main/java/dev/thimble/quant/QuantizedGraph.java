package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Dequantize;
import dev.thimble.op.Op;
import dev.thimble.op.Quantize;
import dev.thimble.op.Requantize;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.tensor.DType;
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
 * A quantised network in the making. A float value of the source may come to stand in it several
 * times: quantised, as int8 or int16, and as float32; conversions are added where a node needs what
 * is not there yet. A node that takes or gives int16 computes with int16 throughout.
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
  private final Map<Value, Value> stored = new HashMap<>();
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
        refused.put(node, (types.isInt16(node) ? "as int16: " : "") + e.getMessage());
        addInFloat(node);
      }
    }
    List<Value> outputs = new ArrayList<>();
    for (Value output : source.outputs()) {
      boolean quantized = !recipe.floatIo() && stored.containsKey(output);
      outputs.add(quantized ? stored(output, types.isInt16(output), null) : real(output));
    }
    return new Graph(source.name(), inputs, constants, nodes, outputs, Map.of());
  }

  private void addInput(Value input) {
    boolean quantized =
        input.type().isFloat()
            && source.readers(input).stream().anyMatch(node -> !inFloat.contains(node));
    if (quantized && !recipe.floatIo()) {
      Value value = new Value(input.name(), types.of(input, types.isInt16(input)));
      inputs.add(value);
      stored.put(input, value);
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
    boolean wide = types.isInt16(node);
    switch (NodeRule.of(node)) {
      case NodeRule.OwnRange own ->
          add(node, operands(node, wide, null), types.of(output, wide), wide);
      case NodeRule.OneType one -> {
        TensorType type = types.of(output, wide);
        add(node, operands(node, wide, type), type, wide);
      }
      case NodeRule.FixedType fixed -> {
        if (wide && NodeRule.wide(node).isEmpty()) {
          throw new IllegalArgumentException("has no arithmetic");
        }
        add(node, operands(node, wide, null), types.computed(output, wide), wide);
      }
      case NodeRule.Filtered filtered -> addFiltered(node, filtered.channelAxis(), wide);
      case NodeRule.Ordered ordered -> add(node, operands(node, wide, null), output.type(), wide);
      case NodeRule.AsItIs as -> addInFloat(node);
      case NodeRule.StaysFloat stays -> addInFloat(node);
    }
  }

  /**
   * A node's operands as int8 or int16, of one type if that is given; those that are no floats as
   * they are.
   */
  private List<Value> operands(Node node, boolean wide, @Nullable TensorType wanted) {
    List<Value> operands = new ArrayList<>();
    for (Value input : node.inputs()) {
      operands.add(
          input.type().isFloat()
              ? stored(input, wide, wanted == null ? null : wanted.withShape(input.type().shape()))
              : real(input));
    }
    return operands;
  }

  private void addFiltered(Node node, int axis, boolean wide) {
    Tensor filter = source.constant(node.inputs().get(1)).orElseThrow();
    Tensor bias =
        recipe
            .biases()
            .getOrDefault(node.name(), source.constant(node.inputs().get(2)).orElseThrow());
    // Sums of int16 may have a bias of 64 bits, for which no filter needs coarser steps.
    float scale = wide ? Float.POSITIVE_INFINITY : types.of(node.input(), false).scale();
    WeightFormat format = recipe.format(node.name());
    if (wide && format != WeightFormat.INT8) {
      throw new IllegalArgumentException("filters of " + format.text() + " have no arithmetic");
    }
    Value input = stored(node.input(), wide, null);
    Tensor stored = recipe.filters().get(node.name());
    if (stored == null) {
      float inputScale = wide ? scale : input.type().scale();
      TensorType type = StoredNumbers.filterType(filter, axis, bias, inputScale, format);
      stored = StoredNumbers.filter(filter, type, axis, format);
    }
    if (wide) {
      addWide(node, input, stored, bias);
      return;
    }
    Tensor storedBias = StoredNumbers.bias(bias, input.type().scale(), stored.type());
    // Nodes may share constants, whose scales depend on the node: each has its own.
    List<Value> operands =
        List.of(
            input,
            constant(node.name() + "~filter", stored),
            constant(node.name() + "~bias", storedBias));
    add(node, operands, types.of(node.output(), false), false);
  }

  /** A node with a filter that computes with int16. */
  private void addWide(Node node, Value input, Tensor filter, Tensor bias) {
    TensorType type = types.of(node.output(), true);
    WideFilter made = WideFilter.of(node, filter, bias, input.type());
    Value output = output(node.output(), type, true);
    List<Node> chain =
        made.nodes(
            input,
            constant(node.name() + "~filter", made.filter()),
            constant(node.name() + "~bias", made.bias()),
            output,
            this::fresh);
    for (Node each : chain) {
      each.op().check(each.inputTypes(), each.outputTypes());
    }
    nodes.addAll(chain);
    give(node.output(), output, true);
  }

  private Value constant(String name, Tensor data) {
    Value value = new Value(fresh(name), data.type());
    constants.put(value, data);
    return value;
  }

  /** Adds a node of stored operands, with this type in all outputs that were float. */
  private void add(Node node, List<Value> operands, TensorType type, boolean wide) {
    Op op = node.output().type().isFloat() ? NodeRule.stored(node.op(), type) : node.op();
    List<Value> outputs = new ArrayList<>();
    for (Value value : node.outputs()) {
      outputs.add(
          value.type().isFloat()
              ? output(value, type.withShape(value.type().shape()), wide)
              : value);
    }
    op.check(
        operands.stream().map(Value::type).toList(), outputs.stream().map(Value::type).toList());
    nodes.add(new Node(op, operands, outputs));
    for (int i = 0; i < outputs.size(); i++) {
      if (node.outputs().get(i).type().isFloat()) {
        give(node.outputs().get(i), outputs.get(i), wide);
      } else {
        asFloat.put(node.outputs().get(i), outputs.get(i));
      }
    }
  }

  /** What a node gives for a float value: by its name, where it is not converted behind it. */
  private Value output(Value value, TensorType type, boolean wide) {
    boolean hidden = recipe.floatIo() && source.isOutput(value);
    boolean passing = wide != types.isInt16(value);
    return new Value(hidden || passing ? fresh(value.name() + suffix(type)) : value.name(), type);
  }

  /** A value as a node gives it: what is int8 behind a node of int16 is converted. */
  private void give(Value value, Value made, boolean wide) {
    if (wide == types.isInt16(value)) {
      stored.put(value, made);
      return;
    }
    TensorType type = types.of(value, !wide);
    boolean hidden = recipe.floatIo() && source.isOutput(value);
    String name = hidden ? fresh(value.name() + suffix(type)) : value.name();
    stored.put(value, convertAs(made, name, type));
  }

  private static String suffix(TensorType type) {
    return "~" + type.dtype().reportName();
  }

  /** The value as int8 or int16, of a type if that is given, else of the type that it has. */
  private Value stored(Value value, boolean wide, @Nullable TensorType wanted) {
    if (source.isConstant(value)) {
      Tensor real = source.constant(value).orElseThrow();
      Range range = StoredNumbers.range(real);
      TensorType own = wide ? range.int16(value.type().shape()) : range.int8(value.type().shape());
      TensorType type = wanted == null ? own : wanted;
      return converted(value, type, () -> constant(value.name(), StoredNumbers.of(real, type)));
    }
    boolean same = wide == types.isInt16(value);
    Value present = stored.get(value);
    if (present == null && !same) {
      present = asFloat.get(value);
    }
    if (present == null) {
      TensorType type = types.computed(value, types.isInt16(value));
      present = convert(real(value), value.name() + suffix(type), type);
      stored.put(value, present);
    }
    TensorType type = wanted != null ? wanted : same ? present.type() : types.of(value, wide);
    if (type.equals(present.type())) {
      return present;
    }
    // What is there as float32 is not rounded twice.
    Value from = same ? present : asFloat.getOrDefault(value, present);
    return converted(value, type, () -> convert(from, value.name() + suffix(type), type));
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
    return convertAs(from, fresh(name), type);
  }

  private Value convertAs(Value from, String name, TensorType type) {
    DType dtype = from.type().dtype();
    boolean requantizes = !from.type().isFloat() && !(dtype == DType.INT8 && type.dtype() == dtype);
    SingleOutputOp op = requantizes ? new Requantize() : new Quantize();
    op.check(List.of(from.type()), type);
    Value output = new Value(name, type);
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
    Value from = stored(value, types.isInt16(value), null);
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
