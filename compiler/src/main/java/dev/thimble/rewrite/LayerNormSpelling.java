package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Binary;
import dev.thimble.op.LayerNorm;
import dev.thimble.op.Reduce;
import dev.thimble.op.Unary;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Layer normalisations of floats that files spell out as a dozen nodes. */
final class LayerNormSpelling {
  static final List<Rule> RULES =
      List.of(Rule.ofReals("layer-norm-spelling", LayerNormSpelling::join));

  /** x, less its mean, over its standard deviation. */
  private record Normalized(Operand x, int axis, double epsilon) {}

  private LayerNormSpelling() {}

  /**
   * (x - mean(x)) / sqrt(mean((x - mean(x))^2) + epsilon) * scale + bias becomes layer-norm(x),
   * where the means are over the last axes and scale and bias are constants of their shape.
   */
  static Optional<GraphEdit> join(Graph graph, Node node, RewriteOptions options) {
    Operand output = new Operand(graph, node.output());
    return output
        .pair(Binary.Function.ADD)
        .filter(sum -> node.output().type().isFloat())
        .flatMap(sum ->
            shifted(node, sum.get(0), sum.get(1)).or(() -> shifted(node, sum.get(1), sum.get(0))));
  }

  private static Optional<GraphEdit> shifted(Node node, Operand product, Operand bias) {
    return product
        .pair(Binary.Function.MUL)
        .flatMap(pair ->
            scaled(node, pair.get(0), pair.get(1), bias)
                .or(() -> scaled(node, pair.get(1), pair.get(0), bias)));
  }

  private static Optional<GraphEdit> scaled(
      Node node, Operand quotient, Operand scale, Operand bias) {
    Graph graph = quotient.graph();
    Optional<Tensor> scales = graph.constant(scale.value());
    Optional<Tensor> biases = graph.constant(bias.value());
    if (scales.isEmpty() || biases.isEmpty()) {
      return Optional.empty();
    }
    return normalized(quotient)
        .filter(n -> n.x().value().type().equals(node.output().type()))
        .flatMap(n -> replaced(node, n, scales.get(), biases.get()));
  }

  private static Optional<GraphEdit> replaced(
      Node node, Normalized normalized, Tensor scale, Tensor bias) {
    int[] dims = node.output().type().shape().dims();
    Shape shape = Shape.of(Arrays.copyOfRange(dims, normalized.axis(), dims.length));
    GraphEdit edit = new GraphEdit(normalized.x().graph());
    if (!fits(scale, shape) || !fits(bias, shape)) {
      return Optional.empty();
    }
    TensorType type = TensorType.of(scale.type().dtype(), shape);
    Value scales = edit.constant(node.name() + "~scale", scale.as(type));
    Value biases = edit.constant(node.name() + "~bias", bias.as(type));
    LayerNorm op = new LayerNorm(normalized.axis(), (float) normalized.epsilon());
    return Optional.of(
        edit.replace(
            node, new Node(op, List.of(normalized.x().value(), scales, biases), node.outputs())));
  }

  /** Whether a constant broadcasts to this shape without repeating an element. */
  private static boolean fits(Tensor constant, Shape shape) {
    return constant.shape().elements() == shape.elements()
        && (constant.shape().rank() <= shape.rank()
            ? constant.shape().expandedTo(shape.rank()).equals(shape)
            : shape.expandedTo(constant.shape().rank()).equals(constant.shape()));
  }

  private static Optional<Normalized> normalized(Operand quotient) {
    Optional<Normalized> divided =
        quotient
            .pair(Binary.Function.DIV)
            .flatMap(pair ->
                pair.get(1)
                    .of(Unary.Function.SQRT)
                    .flatMap(variance -> centred(pair.get(0), variance)));
    return divided.or(() -> multiplied(quotient, 0)).or(() -> multiplied(quotient, 1));
  }

  private static Optional<Normalized> multiplied(Operand product, int root) {
    return product
        .pair(Binary.Function.MUL)
        .flatMap(pair ->
            inverseRoot(pair.get(root)).flatMap(variance -> centred(pair.get(1 - root), variance)));
  }

  private static Optional<Operand> inverseRoot(Operand factor) {
    return factor
        .of(Unary.Function.RSQRT)
        .or(() -> factor.of(Unary.Function.RECIPROCAL).flatMap(r -> r.of(Unary.Function.SQRT)));
  }

  /** What is normalised where these are x - mean(x), and its mean square and epsilon. */
  private static Optional<Normalized> centred(Operand difference, Operand shiftedVariance) {
    return shiftedVariance
        .pair(Binary.Function.ADD)
        .flatMap(sum -> {
          OptionalDouble first = sum.get(0).number();
          OptionalDouble second = sum.get(1).number();
          if (first.isEmpty() == second.isEmpty()) {
            return Optional.empty();
          }
          double epsilon = first.isPresent() ? first.getAsDouble() : second.orElseThrow();
          Operand variance = sum.get(first.isPresent() ? 1 : 0);
          return epsilon > 0 ? centred(difference, variance, epsilon) : Optional.empty();
        });
  }

  private static Optional<Normalized> centred(
      Operand difference, Operand variance, double epsilon) {
    Optional<Reduce> mean = mean(variance);
    return difference
        .pair(Binary.Function.SUB)
        .filter(pair -> mean.isPresent() && mean.equals(mean(pair.get(1))))
        .filter(pair -> pair.get(1).input(0).equals(pair.get(0)))
        .filter(pair -> isSquaredDifference(variance.input(0), difference, pair))
        .map(pair -> new Normalized(pair.get(0), mean.get().axes().getFirst(), epsilon));
  }

  private static boolean isSquaredDifference(
      Operand square, Operand difference, List<Operand> pair) {
    return ActivationSpelling.isSquare(difference, square)
        || square.pair(Binary.Function.SQUARED_DIFFERENCE).filter(pair::equals).isPresent();
  }

  /** The op of a mean over the last axes that keeps them. */
  private static Optional<Reduce> mean(Operand operand) {
    return operand
        .op(Reduce.class)
        .filter(reduce -> reduce.function() == Reduce.Function.MEAN)
        .filter(reduce -> {
          int rank = operand.input(0).value().type().shape().rank();
          List<Integer> axes = reduce.axes();
          return reduce.keepAxes()
              && axes.getLast() == rank - 1
              && axes.size() == rank - axes.getFirst();
        });
  }
}
