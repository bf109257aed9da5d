package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Parametric;
import dev.thimble.op.Unary;
import java.util.List;
import java.util.Optional;

/** Activations of floats that files spell out as products. */
final class ActivationSpelling {
  static final List<Rule> RULES =
      List.of(Rule.ofReals("activation-spelling", ActivationSpelling::join));

  private static final double SIXTH = 1 / 6d;

  private ActivationSpelling() {}

  /**
   * x * sigmoid(x) becomes silu(x), x * tanh(softplus(x)) mish(x), x * relu6(x + 3) / 6 and x *
   * hard-sigmoid(x) hard-swish(x), x * (1 + erf(x / sqrt 2)) / 2 gelu(x), and its approximation by
   * tanh that too, in any order of the factors. What else reads the parts still finds them.
   */
  static Optional<GraphEdit> join(Graph graph, Node node, RewriteOptions options) {
    if (!(node.op() instanceof Binary) || !node.output().type().isFloat()) {
      return Optional.empty();
    }
    Operand.Scaled product = new Operand(graph, node.output()).scaled();
    Optional<List<Operand>> factors = product.operand().pair(Binary.Function.MUL);
    if (factors.isEmpty()) {
      return Optional.empty();
    }
    for (int i = 0; i < 2; i++) {
      Operand x = factors.get().get(i);
      Operand.Scaled other = factors.get().get(1 - i).scaled();
      double factor = product.factor() * other.factor();
      Optional<GraphEdit> edit =
          replaced(node, x, function(x, other.operand(), factor))
              .or(() -> ofScaled(node, x, other.operand(), factor));
      if (edit.isPresent()) {
        return edit;
      }
    }
    return Optional.empty();
  }

  /** The same for a first factor that is x times a number, as in (0.5 * x) * (1 + erf(…)). */
  private static Optional<GraphEdit> ofScaled(Node node, Operand x, Operand other, double factor) {
    Operand.Scaled scaled = x.scaled();
    return replaced(
        node, scaled.operand(), function(scaled.operand(), other, factor * scaled.factor()));
  }

  private static Optional<GraphEdit> replaced(
      Node node, Operand x, Optional<Unary.Function> function) {
    return function
        .filter(f -> x.value().type().equals(node.output().type()))
        .map(f ->
            new GraphEdit(x.graph())
                .replace(node, new Node(new Unary(f), List.of(x.value()), node.outputs())));
  }

  /** The function of x that {@code factor * x * other} is. */
  private static Optional<Unary.Function> function(Operand x, Operand other, double factor) {
    if (Operand.isClose(factor, 1)) {
      if (other.of(Unary.Function.SIGMOID).filter(x::equals).isPresent()) {
        return Optional.of(Unary.Function.SILU);
      }
      if (isHardSigmoid(x, other)) {
        return Optional.of(Unary.Function.HARD_SWISH);
      }
      return other
          .of(Unary.Function.TANH)
          .flatMap(inner -> inner.of(Unary.Function.SOFTPLUS))
          .filter(x::equals)
          .map(inner -> Unary.Function.MISH);
    }
    if (Operand.isClose(factor, SIXTH)) {
      return clampedToSix(other).filter(x::equals).map(inner -> Unary.Function.HARD_SWISH);
    }
    return Operand.isClose(factor, 0.5) ? gelu(x, other) : Optional.empty();
  }

  private static boolean isHardSigmoid(Operand x, Operand other) {
    return other
        .op(Parametric.class)
        .filter(p -> p.function() == Parametric.Function.HARD_SIGMOID)
        .filter(p -> Operand.isClose(p.alpha(), SIXTH) && p.beta() == 0.5f)
        .filter(p -> other.input(0).equals(x))
        .isPresent();
  }

  /** What x is where this is x + 3, clamped to 0 and 6. */
  private static Optional<Operand> clampedToSix(Operand clamped) {
    Optional<Operand> clip =
        clamped
            .op(Parametric.class)
            .filter(p -> p.equals(new Parametric(Parametric.Function.CLIP, 0, 6)))
            .map(p -> clamped.input(0));
    return clamped
        .of(Unary.Function.RELU6)
        .or(() -> clip)
        .flatMap(sum -> sum.with(Binary.Function.ADD, Activation.NONE, 3))
        .or(() -> clamped.with(Binary.Function.ADD, Activation.RELU6, 3));
  }

  private static Optional<Unary.Function> gelu(Operand x, Operand other) {
    Optional<Operand> inner = other.with(Binary.Function.ADD, Activation.NONE, 1);
    if (inner
        .flatMap(erf -> erf.of(Unary.Function.ERF))
        .filter(scaled -> scaled.is(x, Math.sqrt(0.5)))
        .isPresent()) {
      return Optional.of(Unary.Function.GELU);
    }
    return inner
        .flatMap(tanh -> tanh.of(Unary.Function.TANH))
        .map(Operand::scaled)
        .filter(scaled -> Operand.isClose(scaled.factor(), Math.sqrt(2 / Math.PI)))
        .flatMap(scaled -> scaled.operand().pair(Binary.Function.ADD))
        .filter(sum -> isCubic(x, sum.get(0), sum.get(1)) || isCubic(x, sum.get(1), sum.get(0)))
        .map(sum -> Unary.Function.GELU_TANH);
  }

  private static boolean isCubic(Operand x, Operand linear, Operand cubic) {
    Operand.Scaled scaled = cubic.scaled();
    return linear.equals(x)
        && Operand.isClose(scaled.factor(), 0.044715)
        && isCube(x, scaled.operand());
  }

  private static boolean isCube(Operand x, Operand cube) {
    if (cube.with(Binary.Function.POW, Activation.NONE, 3).filter(x::equals).isPresent()) {
      return true;
    }
    return cube.pair(Binary.Function.MUL)
        .filter(pair ->
            (pair.get(0).equals(x) && isSquare(x, pair.get(1)))
                || (pair.get(1).equals(x) && isSquare(x, pair.get(0))))
        .isPresent();
  }

  /** Whether a value is x times x, in any of three spellings. */
  static boolean isSquare(Operand x, Operand square) {
    return square.of(Unary.Function.SQUARE).filter(x::equals).isPresent()
        || square.with(Binary.Function.POW, Activation.NONE, 2).filter(x::equals).isPresent()
        || square.pair(Binary.Function.MUL).filter(List.of(x, x)::equals).isPresent();
  }
}
