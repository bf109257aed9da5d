package dev.thimble.quant.fold;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Dequantize;
import dev.thimble.quant.NodeRule;
import dev.thimble.quant.Quantized;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The values that stay in a folded network as they are in the source, made when asked for. */
final class Reals {
  private final Graph source;
  private final FoldedGraph made;
  private final Map<Value, Held> held;
  private final Map<Value, Value> present = new HashMap<>();
  private final Map<String, String> reasons = new HashMap<>();

  Reals(Graph source, FoldedGraph made, Map<Value, Held> held) {
    this.source = source;
    this.made = made;
    this.held = held;
  }

  void put(Value value, Value inside) {
    present.put(value, inside);
  }

  /** Says why a node stays in float32, unless an earlier reason stands. */
  void because(Node node, String reason) {
    reasons.putIfAbsent(node.name(), reason);
  }

  /** The value as the source has it, with all that it takes to compute it. */
  Value of(Value wanted) {
    Deque<Value> open = new ArrayDeque<>();
    open.push(wanted);
    while (!open.isEmpty()) {
      Value value = open.peek();
      if (present.containsKey(value) || made(value)) {
        open.pop();
        continue;
      }
      Node node =
          source
              .producer(value)
              .orElseThrow(() -> new IllegalStateException("nothing gives " + value));
      List<Value> missing =
          node.inputs().stream().filter(input -> !present.containsKey(input)).toList();
      if (missing.isEmpty()) {
        made.add(
            new Node(node.op(), node.inputs().stream().map(this::known).toList(), node.outputs()));
        node.outputs().forEach(output -> present.put(output, output));
      } else {
        missing.forEach(open::push);
      }
    }
    return known(wanted);
  }

  private Value known(Value value) {
    Value known = present.get(value);
    if (known == null) {
      throw new IllegalStateException("nothing gives " + value);
    }
    return known;
  }

  /** Makes what needs no node of the source: constants, and floats of what is stored. */
  private boolean made(Value value) {
    if (source.isConstant(value)) {
      present.put(value, made.constant(value));
      return true;
    }
    Held stored = held.get(value);
    if (stored == null) {
      return false;
    }
    if (!value.type().isFloat()) {
      throw new IllegalStateException("plain integers are asked for that are held as others");
    }
    if (Operations.sameUnit(stored.unit(), 1)) {
      present.put(value, made.add(new Dequantize(), List.of(stored.value()), value));
      return true;
    }
    Value floats =
        made.add(new Dequantize(), List.of(stored.value()), value.name() + "~real", value.type());
    present.put(value, times(floats, (float) stored.unit()));
    return true;
  }

  /** Floats times a number. */
  Value times(Value floats, float factor) {
    TensorType type = TensorType.of(DType.FLOAT32, Shape.SCALAR);
    Value constant = made.constant(floats.name() + "~unit", Tensor.ofFloats(type, factor));
    return made.add(
        new Binary(Binary.Function.MUL, Activation.NONE),
        List.of(floats, constant),
        floats.name() + "~scaled",
        floats.type());
  }

  /** The nodes of a folded network that compute in float32, and why. */
  List<Quantized.InFloat> inFloat(Graph graph) {
    List<Quantized.InFloat> all = new ArrayList<>();
    for (Node node : graph.nodes()) {
      boolean copied =
          source.producer(node.output()).isPresent() && present.containsKey(node.output());
      boolean computes =
          copied
              && node.outputs().stream().anyMatch(output -> output.type().isFloat())
              && !(node.op() instanceof Dequantize)
              && !(NodeRule.ofOp(node) instanceof NodeRule.OneType);
      if (computes) {
        String reason = reasons.getOrDefault(node.name(), reason(graph, node));
        all.add(new Quantized.InFloat(node.name(), node.op().kind(), reason));
      }
    }
    return all;
  }

  private static String reason(Graph graph, Node node) {
    boolean takesStored =
        node.inputs().stream()
            .anyMatch(input ->
                graph.producer(input).filter(n -> n.op() instanceof Dequantize).isPresent());
    return takesStored
        ? "what it gives is not quantised to 8 bits"
        : "what it takes is not quantised to 8 bits";
  }
}
