package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * Elements at indices along an axis: with axis 1, output [i][j][k] is data
 * [i][indices[i][j][k]][k]. Inputs: data of any type and int32 or int64 indices of the same rank,
 * which have the output's shape and no axis but this one longer than the data's. Indices outside of
 * the axis are treated as those of {@link Gather}. Source: ONNX GatherElements.
 */
public record GatherElements(int axis) implements PositionalOp {
  public GatherElements {
    Checks.require(axis >= 0, "axis must be >= 0, was " + axis);
  }

  @Override
  public String kind() {
    return "gather_elements";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 2);
    Shape data = inputs.get(0).shape();
    Shape indices = inputs.get(1).shape();
    Axes.require(axis, data);
    Checks.elementwiseIndices(data, indices, axis);
    return indices;
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.moved(inputs.get(0), output);
    Checks.indices(inputs.get(1));
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return Relocation.gather(
        inputs.get(0), output, places(inputs.get(0).shape(), inputs.get(1), axis));
  }

  /** For each index the element of a tensor of this shape that it names. */
  private static int[] places(Shape data, Tensor indices, int axis) {
    int[] strides = Strides.rowMajor(data);
    int stride = strides[axis];
    strides[axis] = 0;
    int[] places = Strides.offsets(indices.shape(), strides);
    long[] numbers = indices.longs();
    for (int i = 0; i < places.length; i++) {
      places[i] += Gather.entry(numbers[i], data.dim(axis)) * stride;
    }
    return places;
  }
}
