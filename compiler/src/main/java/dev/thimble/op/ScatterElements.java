package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * Elements put at indices along an axis: with axis 1, update [i][j][k] goes to output
 * [i][indices[i][j][k]][k]. Inputs: data, int32 or int64 indices of the same rank, none of whose
 * other axes is longer than the data's, and updates of the data's type and the indices' shape;
 * output: the data with the updates, taken in memory order. Indices outside of the axis are treated
 * as those of {@link ScatterNd}. Source: ONNX ScatterElements and Scatter.
 */
public record ScatterElements(int axis, ScatterReduction reduction) implements PositionalOp {
  public ScatterElements {
    Checks.require(axis >= 0, "axis must be >= 0, was " + axis);
  }

  @Override
  public String kind() {
    return "scatter_elements";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 3);
    Shape data = inputs.get(0).shape();
    Axes.require(axis, data);
    Checks.elementwiseIndices(data, inputs.get(1).shape(), axis);
    Checks.require(
        inputs.get(1).shape().equals(inputs.get(2).shape()),
        "updates " + inputs.get(2).shape() + " and indices " + inputs.get(1).shape() + " differ");
    return data;
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.moved(inputs.get(0), output);
    Checks.moved(inputs.get(2), output);
    Checks.indices(inputs.get(1));
    reduction.check(output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    int[] strides = Strides.rowMajor(output.shape());
    int stride = strides[axis];
    int extent = output.shape().dim(axis);
    strides[axis] = 0;
    int[] places = Strides.offsets(inputs.get(1).shape(), strides);
    long[] indices = inputs.get(1).longs();
    for (int i = 0; i < places.length; i++) {
      long entry = indices[i] < 0 ? indices[i] + extent : indices[i];
      places[i] = entry < 0 || entry >= extent ? -1 : places[i] + (int) entry * stride;
    }
    return reduction.scatter(inputs.get(0), inputs.get(2), places, output);
  }
}
