package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Slices at places named by vectors of indices. Inputs: data of any type, [B…, D1, …, Dk, inner…],
 * and int32 or int64 indices, [B…, I…, k]; output: [B…, I…, inner…]. Indices outside of an axis are
 * treated as those of {@link Gather}. Source: TFLite GATHER_ND, ONNX GatherND.
 */
public record GatherNd(int batchAxes) implements PositionalOp {
  public GatherNd {
    Checks.require(batchAxes >= 0, "batch axes must be >= 0, were " + batchAxes);
  }

  @Override
  public String kind() {
    return "gather_nd";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 2);
    Shape data = inputs.get(0).shape();
    Shape indices = inputs.get(1).shape();
    Checks.require(
        indices.rank() > batchAxes && batchAxes + indices.dim(-1) <= data.rank(),
        "indices " + indices + " do not fit the data " + data);
    int vector = indices.dim(-1);
    for (int axis = 0; axis < batchAxes; axis++) {
      Checks.require(
          data.dim(axis) == indices.dim(axis),
          "batch axes of data " + data + " and indices " + indices + " differ");
    }
    return Shape.of(
        IntStream.concat(
                IntStream.range(0, indices.rank() - 1).map(indices::dim),
                IntStream.range(batchAxes + vector, data.rank()).map(data::dim))
            .toArray());
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.moved(inputs.get(0), output);
    Checks.indices(inputs.get(1));
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    Shape data = inputs.get(0).shape();
    long[] indices = inputs.get(1).longs();
    int vector = inputs.get(1).shape().dim(-1);
    int inner = Axes.product(data, batchAxes + vector, data.rank());
    int batches = Axes.product(data, 0, batchAxes);
    int perBatch = indices.length / vector / batches;
    int[] sources = new int[output.elements()];
    for (int i = 0; i < indices.length / vector; i++) {
      int at = i / perBatch;
      for (int k = 0; k < vector; k++) {
        int extent = data.dim(batchAxes + k);
        at = at * extent + Gather.entry(indices[i * vector + k], extent);
      }
      for (int k = 0; k < inner; k++) {
        sources[i * inner + k] = at * inner + k;
      }
    }
    return Relocation.gather(inputs.get(0), output, sources);
  }
}
