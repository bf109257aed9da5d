package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * The first entries of an axis in reverse order, as many of them as a length says that each batch
 * entry has. Inputs: data of any type, and int32 or int64 lengths, one for each entry of the batch
 * axis; lengths outside of the axis, which no network should have, are moved to its nearest.
 * Source: TFLite REVERSE_SEQUENCE, ONNX ReverseSequence.
 */
public record ReverseSequence(int axis, int batchAxis) implements PositionalOp {
  public ReverseSequence {
    Checks.require(
        axis >= 0 && batchAxis >= 0 && axis != batchAxis,
        "axis and batch axis must be >= 0 and differ, were " + axis + " and " + batchAxis);
  }

  @Override
  public String kind() {
    return "reverse_sequence";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 2);
    Shape data = inputs.get(0).shape();
    Axes.require(axis, data);
    Axes.require(batchAxis, data);
    Checks.require(
        inputs.get(1).shape().equals(Shape.of(data.dim(batchAxis))),
        "lengths must have shape [" + data.dim(batchAxis) + "], have " + inputs.get(1).shape());
    return data;
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.moved(inputs.get(0), output);
    Checks.indices(inputs.get(1));
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    Axes along = Axes.of(output.shape(), axis);
    Axes batches = Axes.of(output.shape(), batchAxis);
    long[] lengths = inputs.get(1).longs();
    int[] sources = new int[output.elements()];
    for (int i = 0; i < sources.length; i++) {
      int batch = i / batches.inner() % batches.extent();
      int entry = i / along.inner() % along.extent();
      long length = Math.clamp(lengths[batch], 0L, along.extent());
      int from = entry < length ? (int) length - 1 - entry : entry;
      sources[i] = i + (from - entry) * along.inner();
    }
    return Relocation.gather(inputs.get(0), output, sources);
  }
}
