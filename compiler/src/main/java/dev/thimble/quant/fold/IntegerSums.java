package dev.thimble.quant.fold;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Cast;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.MatMul;
import dev.thimble.op.Parametric;
import dev.thimble.op.Unary;
import dev.thimble.quant.Quantized;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sums of products of plain integers, which become floats and are scaled: MatMulInteger and
 * ConvInteger of ONNX. Spelled as products of floats, in units of stored numbers, they are what
 * {@link Folder} makes int8 nodes of.
 */
public final class IntegerSums {
  private final Graph graph;
  private final Set<String> kept;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Value, Tensor> constants;
  private final Set<String> ends = new LinkedHashSet<>();
  private final Map<Value, Value> renamed = new HashMap<>();

  private IntegerSums(Graph graph, Set<String> kept) {
    this.graph = graph;
    this.kept = kept;
    this.constants = new HashMap<>(graph.constants());
  }

  /**
   * A network with its integer sums as floats.
   *
   * @param ends the names of the bytes that these sums are quantised to in the end
   */
  public record Spelled(Graph graph, Set<String> ends) {
    public Spelled {
      ends = Set.copyOf(ends);
    }
  }

  /**
   * Spells sums as floats, where their operands are quantised by known scales and their results
   * are, too.
   *
   * @param kept sums that end in bytes of these names stay as they are
   */
  public static Spelled spell(Graph graph, Set<String> kept) {
    return new IntegerSums(graph, kept).spell();
  }

  private Spelled spell() {
    boolean any = false;
    for (Node node : graph.nodes()) {
      Optional<Node> cast = sumOf(node);
      Optional<String> end =
          cast.flatMap(each -> end(each.output())).filter(e -> !kept.contains(e));
      if (end.isEmpty()) {
        nodes.add(node);
        continue;
      }
      ends.add(end.get());
      any = true;
      if (node.op() instanceof MatMul) {
        product(node, cast.orElseThrow().output());
        renamed.put(cast.orElseThrow().output(), cast.orElseThrow().output());
      } else {
        renamed.put(cast.orElseThrow().output(), node.input());
      }
    }
    return any ? new Spelled(rebuilt(), ends) : new Spelled(graph, Set.of());
  }

  /**
   * The graph without the casts whose results are there already, under their own name or another.
   */
  private Graph rebuilt() {
    List<Node> all = new ArrayList<>();
    for (Node node : nodes) {
      boolean done = node.op() instanceof Cast && renamed.containsKey(node.output());
      if (!done) {
        List<Value> inputs =
            node.inputs().stream().map(value -> renamed.getOrDefault(value, value)).toList();
        all.add(new Node(node.op(), inputs, node.outputs()));
      }
    }
    return new Graph(
        graph.name(),
        graph.inputs(),
        constants,
        graph.states(),
        all,
        graph.outputs(),
        graph.origins());
  }

  /** The cast to floats that follows a sum of known scales; the sum is what the node gives. */
  private Optional<Node> sumOf(Node node) {
    boolean sum = node.op() instanceof MatMul ? isProduct(node) : isConvolved(node);
    return sum
        ? graph
            .onlyReader(node.output())
            .filter(each -> each.op() instanceof Cast)
            .filter(each -> each.output().type().isFloat())
        : Optional.empty();
  }

  /** A product of known bytes with a constant matrix. */
  private boolean isProduct(Node node) {
    return isPlain(node)
        && node.op().equals(new MatMul(false, false))
        && isMarked(node.input())
        && graph.isConstant(node.inputs().get(1))
        && node.inputs().get(1).type().shape().rank() == 2
        && graph.isConstant(node.inputs().get(2))
        && graph.isConstant(node.inputs().get(3));
  }

  private static boolean isPlain(Node node) {
    return node.op() instanceof MatMul && node.inputs().size() == 4;
  }

  /** The integers of a convolution of known bytes. */
  private boolean isConvolved(Node node) {
    return isWhole(node) && convolved(node).filter(this::isMarked).isPresent();
  }

  /** The bytes that a convolution reads before which a cast to int32 stands, less a zero point. */
  private Optional<Value> convolved(Node cast) {
    Value reads = graph.producer(cast.input()).orElseThrow().input();
    Value real =
        graph
            .producer(reads)
            .filter(node -> node.op() instanceof Binary b && b.function() == Binary.Function.SUB)
            .map(Node::input)
            .orElse(reads);
    return graph
        .producer(real)
        .filter(node -> node.op() instanceof Cast && Spelling.isByte(node.input()))
        .map(Node::input);
  }

  /** Whether a cast to int32 changes nothing, its operand being an exact sum of integers. */
  private boolean isWhole(Node cast) {
    Optional<Node> filtered = graph.producer(cast.input());
    if (!(cast.op() instanceof Cast)
        || cast.output().type().dtype() != DType.INT32
        || filtered.isEmpty()) {
      return false;
    }
    boolean plain =
        switch (filtered.get().op()) {
          case Conv2d c -> c.activation() == Activation.NONE;
          case DepthwiseConv2d d -> d.activation() == Activation.NONE;
          default -> false;
        };
    return plain
        && graph.onlyReader(cast.input()).isPresent()
        && filtered.get().inputs().stream()
            .skip(1)
            .allMatch(value -> graph.constant(value).filter(IntegerSums::isWhole).isPresent());
  }

  private static boolean isWhole(Tensor data) {
    if (!data.type().isFloat()) {
      return false;
    }
    for (float number : data.floats()) {
      if (number != Math.rint(number)) {
        return false;
      }
    }
    return true;
  }

  private boolean isMarked(Value stored) {
    return Spelling.isByte(stored)
        && graph
            .producer(stored)
            .flatMap(node -> Spelling.mark(graph, node))
            .filter(Spelling.Mark::scaled)
            .isPresent();
  }

  /** The bytes that floats are quantised to, after being scaled, shifted and clamped. */
  private Optional<String> end(Value floats) {
    Value at = floats;
    while (true) {
      Optional<Node> reader = graph.onlyReader(at);
      if (reader.isEmpty()) {
        return Optional.empty();
      }
      Node node = reader.get();
      if (node.op() instanceof Cast) {
        return Spelling.mark(graph, node).map(mark -> node.output().name());
      }
      Value operand = at;
      boolean alone =
          node.inputs().stream().allMatch(in -> in.equals(operand) || graph.isConstant(in));
      boolean scales =
          node.op() instanceof Binary
              || node.op() instanceof Unary
              || node.op() instanceof Parametric;
      if (!alone || !scales) {
        return Optional.empty();
      }
      at = node.output();
    }
  }

  private void product(Node node, Value output) {
    Value bytes = node.input();
    Tensor second = graph.constant(node.inputs().get(1)).orElseThrow();
    long first = graph.constant(node.inputs().get(2)).orElseThrow().longs()[0];
    long[] zeros = graph.constant(node.inputs().get(3)).orElseThrow().longs();
    int depth = second.shape().dim(0);
    int outputs = second.shape().dim(1);
    long[] stored = second.longs();
    float[] filter = new float[stored.length];
    for (int i = 0; i < stored.length; i++) {
      int column = i % outputs;
      filter[column * depth + i / outputs] = stored[i] - zeros[zeros.length == 1 ? 0 : column];
    }
    TensorType real = TensorType.of(DType.FLOAT32, bytes.type().shape());
    Value cast = new Value(node.name() + "~real", real);
    Value centred = new Value(node.name() + "~centred", real);
    nodes.add(new Node(new Cast(), List.of(bytes), cast));
    Value zero =
        constant(
            node.name() + "~zero",
            Tensor.ofFloats(TensorType.of(DType.FLOAT32, Shape.SCALAR), first));
    nodes.add(
        new Node(new Binary(Binary.Function.SUB, Activation.NONE), List.of(cast, zero), centred));
    Value weights =
        constant(
            node.name() + "~weights",
            Tensor.ofFloats(TensorType.of(DType.FLOAT32, Shape.of(outputs, depth)), filter));
    Value bias =
        constant(
            node.name() + "~bias",
            Tensor.ofFloats(TensorType.of(DType.FLOAT32, Shape.of(outputs)), new float[outputs]));
    boolean keeps = output.type().shape().rank() != 2;
    nodes.add(
        new Node(
            new FullyConnected(keeps, Activation.NONE), List.of(centred, weights, bias), output));
  }

  private Value constant(String name, Tensor data) {
    Value value = new Value(name, data.type());
    constants.put(value, data);
    return value;
  }

  /** Which of these ends are still computed with floats in the network that was folded. */
  public static Set<String> unfolded(Graph folded, Set<String> ends) {
    Set<String> left = new LinkedHashSet<>();
    for (Node node : folded.nodes()) {
      String name = node.name().replaceFirst("~int8$", "");
      boolean fromFloats = node.inputs().stream().anyMatch(input -> input.type().isFloat());
      if (ends.contains(name) && fromFloats) {
        left.add(name);
      }
    }
    return left;
  }

  /** The sums that a network takes of integers without int8 nodes, and why. */
  public static List<Quantized.InFloat> left(Graph graph) {
    IntegerSums sums = new IntegerSums(graph, Set.of());
    return graph.nodes().stream()
        .filter(node -> isPlain(node) || (sums.isWhole(node) && sums.convolved(node).isPresent()))
        .map(node -> new Quantized.InFloat(node.name(), node.op().kind(), sums.reason(node)))
        .toList();
  }

  private String reason(Node node) {
    Value bytes = isPlain(node) ? node.input() : convolved(node).orElseThrow();
    if (!isMarked(bytes)) {
      return "the scale of what it takes is not known before a run";
    }
    return isPlain(node) && !isProduct(node)
        ? "it multiplies two computed matrices of plain integers"
        : "what it gives is not quantised to 8 bits";
  }
}
