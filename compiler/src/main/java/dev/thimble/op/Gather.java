package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * Entries of an axis, by index. Inputs: data of any type, [B…, outer…, A, inner…], and int32 or
 * int64 indices, [B…, I…]; output: [B…, outer…, I…, inner…], where the first {@code batchAxes} axes
 * B are those of data and indices alike. An index below 0 counts from the axis's end; indices
 * outside of the axis, which no network should have, are moved to its nearest entry. Source: TFLite
 * GATHER and EMBEDDING_LOOKUP, ONNX Gather.
 */
public record Gather(int axis, int batchAxes) implements PositionalOp {
  public Gather {
    Checks.require(
        batchAxes >= 0 && axis >= batchAxes,
        "axis must be >= the number of batch axes, were " + axis + " and " + batchAxes);
  }

  /** Without batch axes. */
  public Gather(int axis) {
    this(axis, 0);
  }

  @Override
  public String kind() {
    return "gather";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 2);
    Shape data = inputs.get(0).shape();
    Shape indices = inputs.get(1).shape();
    Checks.require(axis < data.rank(), "axis " + axis + " does not fit the data " + data);
    Checks.require(
        batchAxes <= indices.rank(), "indices " + indices + " lack some of the batch axes");
    int[] dims = new int[data.rank() + indices.rank() - 1 - batchAxes];
    int at = 0;
    for (int i = 0; i < axis; i++) {
      Checks.require(
          i >= batchAxes || data.dim(i) == indices.dim(i),
          "batch axes of data " + data + " and indices " + indices + " differ");
      dims[at++] = data.dim(i);
    }
    for (int i = batchAxes; i < indices.rank(); i++) {
      dims[at++] = indices.dim(i);
    }
    for (int i = axis + 1; i < data.rank(); i++) {
      dims[at++] = data.dim(i);
    }
    return Shape.of(dims);
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
    int extent = data.dim(axis);
    int batches = Axes.product(data, 0, batchAxes);
    int outer = Axes.product(data, batchAxes, axis);
    int inner = Axes.product(data, axis + 1, data.rank());
    int count = indices.length / batches;
    int[] sources = new int[output.elements()];
    int at = 0;
    for (int block = 0; block < batches * outer; block++) {
      for (int i = 0; i < count; i++) {
        int entry = entry(indices[block / outer * count + i], extent);
        for (int k = 0; k < inner; k++) {
          sources[at++] = (block * extent + entry) * inner + k;
        }
      }
    }
    return Relocation.gather(inputs.get(0), output, sources);
  }

  /** The entry that an index names: what counts from the end, counted from the front. */
  public static int entry(long index, int extent) {
    return (int) Math.clamp(index < 0 ? index + extent : index, 0, extent - 1L);
  }
}
