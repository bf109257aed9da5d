package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Binary;
import dev.thimble.op.Cast;
import dev.thimble.op.Dequantize;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Op;
import dev.thimble.op.Parametric;
import dev.thimble.op.Quantize;
import dev.thimble.op.Reduce;
import dev.thimble.op.Requantize;
import dev.thimble.op.Reshape;
import dev.thimble.op.Transpose;
import dev.thimble.op.Unary;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Removes transpositions that the next node makes needless. */
final class Transposes {
  static final List<Rule> RULES =
      List.of(
          Rule.ofReals("transpose-before-fully-connected", Transposes::beforeFullyConnected),
          Rule.ofReals("transpose-before-reduction", Transposes::beforeReduction));

  private Transposes() {}

  /**
   * FullyConnected(f(Transpose(x))) becomes FullyConnected(f(x)) with the filter's columns in the
   * order of x, where f is nothing but reshapes and functions of single elements. The order in
   * which products are summed changes, and with it how floats are rounded.
   */
  static Optional<GraphEdit> beforeFullyConnected(Graph graph, Node node, RewriteOptions options) {
    boolean keepsMore = node.output().type().shape().rank() > 2;
    if (!(node.op() instanceof FullyConnected connected) || keepsMore) {
      return Optional.empty();
    }
    Optional<Tensor> filter = graph.constant(node.inputs().get(1));
    List<Node> functions = new ArrayList<>();
    Optional<Node> transposition = transposition(graph, node, functions);
    if (filter.isEmpty() || transposition.isEmpty()) {
      return Optional.empty();
    }
    GraphEdit edit = new GraphEdit(graph);
    Value x = transposition.get().input();
    for (Node function : functions.reversed()) {
      TensorType type = function.output().type().withShape(x.type().shape());
      Value moved = new Value(edit.fresh(function.output().name() + "_flat"), type);
      edit.replace(function, new Node(function.op(), withInput(function, x), List.of(moved)));
      x = moved;
    }
    List<Value> inputs = withInput(node, x);
    Tensor columns = permuted(filter.get(), transposition.get());
    inputs.set(1, edit.constant(node.inputs().get(1).name() + "_columns", columns));
    Op op = new FullyConnected(false, connected.activation());
    return Optional.of(edit.replace(node, new Node(op, inputs, node.outputs())));
  }

  /**
   * Reduce(Transpose(x)) becomes Reduce(x) over the same elements where the axes that are left keep
   * their order. The order in which they are summed changes.
   */
  static Optional<GraphEdit> beforeReduction(Graph graph, Node node, RewriteOptions options) {
    if (!(node.op() instanceof Reduce reduce)) {
      return Optional.empty();
    }
    Optional<Node> transposition =
        graph.producer(node.input()).filter(before -> before.op() instanceof Transpose);
    if (transposition.isEmpty() || !(transposition.get().op() instanceof Transpose transpose)) {
      return Optional.empty();
    }
    List<Integer> permutation = transpose.permutation();
    List<Integer> reduced = reduce.axes().stream().map(permutation::get).sorted().toList();
    List<Integer> left = permutation.stream().filter(axis -> !reduced.contains(axis)).toList();
    if (reduce.keepAxes() || !left.stream().sorted().toList().equals(left)) {
      return Optional.empty();
    }
    Op moved = new Reduce(reduce.function(), reduced, false);
    Value x = transposition.get().input();
    GraphEdit edit = new GraphEdit(graph);
    return Optional.of(edit.replace(node, new Node(moved, List.of(x), node.outputs())));
  }

  /**
   * The transposition whose elements a node reads row by row, through functions that are noted from
   * the last to the first. Nothing else may read what is between.
   */
  private static Optional<Node> transposition(Graph graph, Node node, List<Node> functions) {
    int rows = node.output().type().shape().dim(0);
    Value value = node.input();
    while (true) {
      Optional<Node> producer = graph.producer(value);
      if (producer.isEmpty() || value.type().shape().rank() < 1) {
        return Optional.empty();
      }
      Node before = producer.get();
      if (before.op() instanceof Transpose transpose) {
        boolean keepsRows =
            transpose.permutation().getFirst() == 0 && value.type().shape().dim(0) == rows;
        return Optional.of(before).filter(found -> keepsRows);
      }
      boolean reshapes = before.op() instanceof Reshape;
      boolean alone = graph.readers(value).size() == 1 && !graph.isOutput(value);
      if (!reshapes && (!alone || !isOfElements(graph, before))) {
        return Optional.empty();
      }
      if (!reshapes) {
        functions.add(before);
      }
      value = before.input();
    }
  }

  /** Whether each element of the output depends on the element at its place alone. */
  private static boolean isOfElements(Graph graph, Node node) {
    boolean whole =
        node.outputs().size() == 1
            && node.input().type().shape().equals(node.output().type().shape())
            && !(node.output().type().quant() instanceof QuantParams.PerChannel)
            && !(node.input().type().quant() instanceof QuantParams.PerChannel);
    Op op = node.op();
    boolean single =
        op instanceof Unary
            || op instanceof Parametric
            || op instanceof Cast
            || op instanceof Quantize
            || op instanceof Requantize
            || op instanceof Dequantize;
    boolean withNumber =
        op instanceof Binary
            && graph.isConstant(node.inputs().get(1))
            && node.inputs().get(1).type().shape().elements() == 1
            && node.inputs().get(1).type().shape().rank() <= node.input().type().shape().rank();
    return whole && ((single && node.inputs().size() == 1) || withNumber);
  }

  private static List<Value> withInput(Node node, Value input) {
    List<Value> inputs = new ArrayList<>(node.inputs());
    inputs.set(0, input);
    return inputs;
  }

  /** The filter for rows whose elements lie as they did before the transposition. */
  private static Tensor permuted(Tensor filter, Node transposition) {
    Shape shape = transposition.input().type().shape().with(0, 1);
    List<Integer> permutation = ((Transpose) transposition.op()).permutation();
    int[] places = positions(shape, permutation);
    int depth = places.length;
    if (filter.type().isFloat()) {
      float[] old = filter.floats();
      float[] moved = new float[old.length];
      for (int i = 0; i < old.length; i++) {
        moved[i / depth * depth + places[i % depth]] = old[i];
      }
      return Tensor.ofFloats(filter.type(), moved);
    }
    long[] old = filter.longs();
    long[] moved = new long[old.length];
    for (int i = 0; i < old.length; i++) {
      moved[i / depth * depth + places[i % depth]] = old[i];
    }
    return Tensor.ofLongs(filter.type(), moved);
  }

  /** For each element behind a transposition, in order, where it was before. */
  private static int[] positions(Shape shape, List<Integer> permutation) {
    int rank = shape.rank();
    int[] strides = new int[rank];
    int stride = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape.dim(axis);
    }
    int[] places = new int[shape.elements()];
    for (int i = 0; i < places.length; i++) {
      int rest = i;
      for (int axis = rank - 1; axis >= 0; axis--) {
        int extent = shape.dim(permutation.get(axis));
        places[i] += rest % extent * strides[permutation.get(axis)];
        rest /= extent;
      }
    }
    return places;
  }
}
