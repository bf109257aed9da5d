package dev.thimble.importer.layout;

import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/** Constants with their axes in another order. */
public final class Permutation {
  private Permutation() {}

  /** The tensor with its axes permuted: axis i of the result is axis {@code permutation[i]}. */
  public static Tensor apply(Tensor tensor, List<Integer> permutation) {
    TensorType type = type(tensor.type(), permutation);
    int[] from = positions(tensor.shape(), permutation);
    if (type.isFloat()) {
      float[] source = tensor.floats();
      float[] moved = new float[from.length];
      for (int i = 0; i < from.length; i++) {
        moved[i] = source[from[i]];
      }
      return Tensor.ofFloats(type, moved);
    }
    long[] source = tensor.longs();
    long[] moved = new long[from.length];
    for (int i = 0; i < from.length; i++) {
      moved[i] = source[from[i]];
    }
    return Tensor.ofLongs(type, moved);
  }

  /** The type of a permuted tensor. */
  public static TensorType type(TensorType type, List<Integer> permutation) {
    Shape shape = Shape.of(permutation.stream().mapToInt(axis -> type.shape().dim(axis)).toArray());
    QuantParams quant =
        type.quant() instanceof QuantParams.PerChannel p
            ? new QuantParams.PerChannel(permutation.indexOf(p.axis()), p.scales())
            : type.quant();
    return new TensorType(type.dtype(), shape, quant);
  }

  /** For each element of the permuted tensor, in its order, where it was. */
  public static int[] positions(Shape shape, List<Integer> permutation) {
    int rank = shape.rank();
    int[] strides = new int[rank];
    int stride = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape.dim(axis);
    }
    int[] from = new int[shape.elements()];
    int[] at = new int[rank];
    int position = 0;
    for (int i = 0; i < from.length; i++) {
      from[i] = position;
      for (int axis = rank - 1; axis >= 0; axis--) {
        int step = strides[permutation.get(axis)];
        position += step;
        if (++at[axis] < shape.dim(permutation.get(axis))) {
          break;
        }
        position -= at[axis] * step;
        at[axis] = 0;
      }
    }
    return from;
  }
}
