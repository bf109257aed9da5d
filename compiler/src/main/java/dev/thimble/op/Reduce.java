package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A reduction over some axes. Input: any shape; output: the input's shape with the axes 1 or,
 * unless {@code keepAxes}, left out. The axes are listed in increasing order. Source: TFLite MEAN,
 * SUM, REDUCE_MAX, REDUCE_MIN, REDUCE_PROD, REDUCE_ANY and REDUCE_ALL; the reductions of ONNX.
 *
 * <p>Sums and products of integers that stand for themselves are those of arithmetic modulo
 * 2<sup>bits</sup>; their mean is rounded toward zero.
 */
public record Reduce(Function function, List<Integer> axes, boolean keepAxes)
    implements SingleOutputOp {
  /** How the elements are reduced to one. */
  public enum Function {
    MEAN,
    SUM,
    MAX,
    MIN,
    PROD,
    /** The sum of absolute values. */
    L1,
    /** The square root of the sum of squares. */
    L2,
    SUM_SQUARE,
    /** The natural logarithm of the sum. */
    LOG_SUM,
    /** The natural logarithm of the sum of powers of e. */
    LOG_SUM_EXP,
    /** Whether some element is true. */
    ANY,
    /** Whether every element is true. */
    ALL
  }

  public Reduce {
    axes = List.copyOf(axes);
    PositionalOp.requireAxes(axes);
    Checks.require(!axes.isEmpty(), "at least one axis must be reduced");
  }

  @Override
  public String kind() {
    return function == Function.MEAN
        ? "mean"
        : "reduce_" + function.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Shape input = inputs.get(0).shape();
    Checks.require(
        axes.getLast() < input.rank(), "axes " + axes + " do not fit the input " + input);
    if (keepAxes) {
      return axes.stream().reduce(input, (shape, axis) -> shape.with(axis, 1), (a, b) -> b);
    }
    return Shape.of(
        IntStream.range(0, input.rank())
            .filter(axis -> !axes.contains(axis))
            .map(input::dim)
            .toArray());
  }

  /** The number of elements that are reduced to one. */
  public int count(TensorType input) {
    return axes.stream().mapToInt(input.shape()::dim).reduce(1, (a, b) -> a * b);
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    TensorType input = inputs.get(0);
    boolean orders = function == Function.MAX || function == Function.MIN;
    if (function == Function.ANY || function == Function.ALL) {
      Checks.require(
          input.dtype() == DType.BOOL && output.dtype() == DType.BOOL,
          "elements must be bool, are " + input + " and " + output);
    } else if (orders) {
      Checks.moved(input, output);
    } else if (input.isQuantized()) {
      Checks.require(
          function == Function.MEAN || function == Function.SUM,
          kind() + " takes float32 and integers that stand for themselves, is given " + input);
      Checks.sameQuantized(input, output);
      MeanQuantization.of(this, input, output, Rounding.DOUBLE);
    } else {
      raw(input, output);
    }
  }

  private void raw(TensorType input, TensorType output) {
    boolean real =
        switch (function) {
          case L2, LOG_SUM, LOG_SUM_EXP -> true;
          case MEAN, SUM, MAX, MIN, PROD, L1, SUM_SQUARE, ANY, ALL -> false;
        };
    Checks.sameElements(input, output);
    Checks.require(
        output.quant() instanceof QuantParams.None
            && output.dtype() != DType.BOOL
            && (output.isFloat() || !real),
        kind() + " does not take " + input);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return ReduceEvaluation.evaluate(this, inputs.get(0), output, rounding);
  }
}
