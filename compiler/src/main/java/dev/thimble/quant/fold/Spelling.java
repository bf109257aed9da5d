package dev.thimble.quant.fold;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Cast;
import dev.thimble.op.Parametric;
import dev.thimble.op.Unary;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import java.util.Optional;
import java.util.OptionalDouble;

/** How importers spell quantisation and dequantisation as float arithmetic. */
final class Spelling {
  private Spelling() {}

  /** Floats that are {@code scale * (stored - zeroPoint)} of plain integers. */
  record Grid(Value stored, float scale, int zeroPoint) {}

  /**
   * Plain integers that are {@code clamp(round(real / scale) + zeroPoint, low, high)} of floats.
   *
   * @param scaled whether a division by the scale is spelled out; if not, the scale is 1
   */
  record Mark(Value real, float scale, boolean scaled, int zeroPoint, int low, int high) {}

  /** What floats stand for, if they are dequantised: mul(sub(cast(stored), zero point), scale). */
  static Optional<Grid> grid(Graph graph, Value real) {
    Value at = real;
    float scale = 1;
    Optional<Pair> product = pair(graph, at, Binary.Function.MUL);
    if (product.isPresent() && product.get().number() > 0) {
      scale = (float) product.get().number();
      at = product.get().operand();
    }
    int zeroPoint = 0;
    Optional<Pair> difference = pair(graph, at, Binary.Function.SUB);
    if (difference.isPresent() && isInteger(difference.get().number())) {
      zeroPoint = (int) difference.get().number();
      at = difference.get().operand();
    }
    Optional<Node> cast = graph.producer(at).filter(node -> node.op() instanceof Cast);
    if (cast.isEmpty() || !at.type().isFloat() || !isByte(cast.get().input())) {
      return Optional.empty();
    }
    return Optional.of(new Grid(cast.get().input(), scale, zeroPoint));
  }

  /** What a cast to bytes quantises: cast(clip(add(round(div(real, scale)), zero point))). */
  static Optional<Mark> mark(Graph graph, Node cast) {
    if (!(cast.op() instanceof Cast) || !isByte(cast.output()) || !cast.input().type().isFloat()) {
      return Optional.empty();
    }
    Optional<Node> clip =
        graph
            .producer(cast.input())
            .filter(node ->
                node.op() instanceof Parametric p && p.function() == Parametric.Function.CLIP);
    if (clip.isEmpty() || !(clip.get().op() instanceof Parametric bounds)) {
      return Optional.empty();
    }
    DType dtype = cast.output().type().dtype();
    if (!isInteger(bounds.alpha())
        || !isInteger(bounds.beta())
        || bounds.alpha() < dtype.min()
        || bounds.beta() > dtype.max()) {
      return Optional.empty();
    }
    Moved after = moved(graph, clip.get().input());
    Optional<Node> round =
        graph
            .producer(after.from())
            .filter(node -> node.op() instanceof Unary u && u.function() == Unary.Function.ROUND);
    if (round.isEmpty()) {
      return Optional.empty();
    }
    Moved before = moved(graph, round.get().input());
    Optional<Pair> quotient = pair(graph, before.from(), Binary.Function.DIV);
    boolean scaled = quotient.isPresent() && quotient.get().number() > 0;
    return Optional.of(
        new Mark(
            scaled ? quotient.get().operand() : before.from(),
            scaled ? (float) quotient.get().number() : 1,
            scaled,
            after.by() + before.by(),
            (int) bounds.alpha(),
            (int) bounds.beta()));
  }

  /** The bounds of a float clamp that is a node of its own. */
  static Optional<Clamp> clamp(Node node) {
    if (!node.output().type().isFloat()) {
      return Optional.empty();
    }
    if (node.op() instanceof Unary unary && unary.asActivation() != Activation.NONE) {
      Activation activation = unary.asActivation();
      return Optional.of(new Clamp(activation.min(), activation.max()));
    }
    return node.op() instanceof Parametric p
            && p.function() == Parametric.Function.CLIP
            && p.alpha() <= p.beta()
        ? Optional.of(new Clamp(p.alpha(), p.beta()))
        : Optional.empty();
  }

  /** Bounds, which may be infinite. */
  record Clamp(float min, float max) {}

  /** A sum of a value and an integer. */
  private record Moved(Value from, int by) {}

  private static Moved moved(Graph graph, Value value) {
    return pair(graph, value, Binary.Function.ADD)
        .filter(sum -> isInteger(sum.number()))
        .map(sum -> new Moved(sum.operand(), (int) sum.number()))
        .orElse(new Moved(value, 0));
  }

  /** A value and a constant number. */
  private record Pair(Value operand, double number) {}

  /** The operands of a float function of a value and one constant number, which is the second. */
  private static Optional<Pair> pair(Graph graph, Value value, Binary.Function function) {
    Optional<Node> node =
        graph
            .producer(value)
            .filter(each ->
                each.op() instanceof Binary b
                    && b.function() == function
                    && b.activation() == Activation.NONE
                    && each.output().type().isFloat());
    if (node.isEmpty()) {
      return Optional.empty();
    }
    Value first = node.get().inputs().get(0);
    OptionalDouble number = number(graph, node.get().inputs().get(1));
    return number.isPresent() && first.type().shape().equals(value.type().shape())
        ? Optional.of(new Pair(first, number.getAsDouble()))
        : Optional.empty();
  }

  private static OptionalDouble number(Graph graph, Value value) {
    Optional<Tensor> data =
        graph.constant(value).filter(each -> each.type().isFloat() && each.type().elements() == 1);
    return data.isPresent() ? OptionalDouble.of(data.get().floats()[0]) : OptionalDouble.empty();
  }

  private static boolean isInteger(double number) {
    return number == Math.rint(number) && Math.abs(number) <= 1 << 16;
  }

  /** Whether a value has plain integers of 8 bits. */
  static boolean isByte(Value value) {
    DType dtype = value.type().dtype();
    return (dtype == DType.INT8 || dtype == DType.UINT8) && !value.type().isQuantized();
  }
}
