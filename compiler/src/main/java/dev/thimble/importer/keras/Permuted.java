package dev.thimble.importer.keras;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;

/** Arrays with their axes in another order. */
final class Permuted {
  private Permuted() {}

  /** The float array whose axis {@code i} is the given one's axis {@code axes[i]}. */
  static Tensor of(Tensor array, int... axes) {
    Shape from = array.shape();
    int rank = from.rank();
    int[] dims = new int[rank];
    int[] strides = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      dims[axis] = from.dim(axes[axis]);
      int stride = 1;
      for (int inner = axes[axis] + 1; inner < rank; inner++) {
        stride *= from.dim(inner);
      }
      strides[axis] = stride;
    }
    float[] source = array.floats();
    float[] permuted = new float[source.length];
    int[] index = new int[rank];
    int at = 0;
    for (int i = 0; i < permuted.length; i++) {
      permuted[i] = source[at];
      for (int axis = rank - 1; axis >= 0; axis--) {
        at += strides[axis];
        if (++index[axis] < dims[axis]) {
          break;
        }
        at -= strides[axis] * dims[axis];
        index[axis] = 0;
      }
    }
    return Tensor.ofFloats(TensorType.float32(dims), permuted);
  }

  /** The same numbers under another shape. */
  static Tensor shaped(Tensor array, int... dims) {
    return array.as(TensorType.float32(dims));
  }
}
