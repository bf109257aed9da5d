package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A reduction over some axes. Input: any shape; output: the input's shape with the axes 1 or,
 * unless {@code keepAxes}, left out. The axes are listed in increasing order. Source: TFLite MEAN.
 */
public record Reduce(Function function, List<Integer> axes, boolean keepAxes)
    implements SingleOutputOp {
  /** How the elements are reduced to one. */
  public enum Function {
    MEAN
  }

  public Reduce {
    axes = List.copyOf(axes);
    for (int i = 0; i < axes.size(); i++) {
      Checks.require(
          axes.get(i) >= 0 && (i == 0 || axes.get(i) > axes.get(i - 1)),
          "axes must be >= 0 and increase, were " + axes);
    }
    Checks.require(!axes.isEmpty(), "at least one axis must be reduced");
  }

  @Override
  public String kind() {
    return function.name().toLowerCase(Locale.ROOT);
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

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.sameFloatOrInt8(inputs.get(0), output);
    if (!output.isFloat()) {
      int count = inputs.get(0).elements() / output.elements();
      MeanQuantization.of(inputs.get(0), output, count, Rounding.DOUBLE);
    }
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return ReduceEvaluation.evaluate(this, inputs.get(0), output, rounding);
  }
}
