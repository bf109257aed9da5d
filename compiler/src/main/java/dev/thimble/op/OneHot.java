package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Vectors of one value but for one element of another. Inputs: integer indices, and the two values,
 * [2], off and then on, of any type; output: the indices' shape with a new axis of {@code depth}
 * entries, "on" at the index and "off" elsewhere, everywhere where no entry has the index. An index
 * below 0 counts from the end where {@code fromEnd}. Source: TFLite ONE_HOT; ONNX OneHot, which
 * counts from the end.
 */
public record OneHot(int axis, int depth, boolean fromEnd) implements PositionalOp {
  public OneHot {
    Checks.require(axis >= 0, "axis must be >= 0, was " + axis);
    Checks.require(depth > 0, "depth must be > 0, was " + depth);
  }

  @Override
  public String kind() {
    return "one_hot";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 2);
    Shape indices = inputs.get(0).shape();
    Checks.require(axis <= indices.rank(), "axis " + axis + " does not fit the indices " + indices);
    Checks.require(
        inputs.get(1).shape().equals(Shape.of(2)),
        "values must have shape [2], have " + inputs.get(1).shape());
    return Shape.of(
        IntStream.rangeClosed(0, indices.rank())
            .map(i -> i == axis ? depth : indices.dim(i < axis ? i : i - 1))
            .toArray());
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.require(
        !inputs.get(0).isFloat() && !inputs.get(0).isQuantized(),
        "indices must be integers, are " + inputs.get(0));
    Checks.moved(inputs.get(1), output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    long[] indices = inputs.get(0).longs();
    Axes axes = Axes.of(output.shape(), axis);
    int[] sources = new int[output.elements()];
    for (int i = 0; i < sources.length; i++) {
      int entry = i / axes.inner() % depth;
      long index = indices[i / axes.inner() / depth * axes.inner() + i % axes.inner()];
      sources[i] = (index < 0 && fromEnd ? index + depth : index) == entry ? 1 : 0;
    }
    return Relocation.gather(inputs.get(1), output, sources);
  }
}
