package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Slices put at places named by vectors of indices. Inputs: data, [D1, …, Dk, inner…], int32 or
 * int64 indices, [I…, k], and updates, [I…, inner…], of the data's type; output: the data with the
 * updates, taken in memory order. An index below 0 counts from the axis's end; an update that falls
 * outside of the data, as no network's should, is left out. Source: ONNX ScatterND; TFLite
 * SCATTER_ND adds to zeros.
 */
public record ScatterNd(ScatterReduction reduction) implements PositionalOp {
  @Override
  public String kind() {
    return "scatter_nd";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 3);
    Shape data = inputs.get(0).shape();
    Shape indices = inputs.get(1).shape();
    Checks.require(
        indices.rank() > 0 && indices.dim(-1) <= data.rank(),
        "indices " + indices + " do not fit the data " + data);
    Shape expected =
        Shape.of(
            IntStream.concat(
                    IntStream.range(0, indices.rank() - 1).map(indices::dim),
                    IntStream.range(indices.dim(-1), data.rank()).map(data::dim))
                .toArray());
    Checks.require(
        inputs.get(2).shape().equals(expected),
        "updates must have shape " + expected + ", have " + inputs.get(2).shape());
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
    Shape data = output.shape();
    long[] indices = inputs.get(1).longs();
    int vector = inputs.get(1).shape().dim(-1);
    int inner = Axes.product(data, vector, data.rank());
    int[] places = new int[inputs.get(2).type().elements()];
    for (int i = 0; i < indices.length / vector; i++) {
      int at = 0;
      for (int k = 0; k < vector; k++) {
        int extent = data.dim(k);
        long index = indices[i * vector + k];
        long entry = index < 0 ? index + extent : index;
        boolean inside = at >= 0 && entry >= 0 && entry < extent;
        at = inside ? at * extent + (int) entry : -1;
      }
      for (int k = 0; k < inner; k++) {
        places[i * inner + k] = at < 0 ? -1 : at * inner + k;
      }
    }
    return reduction.scatter(inputs.get(0), inputs.get(2), places, output);
  }
}
