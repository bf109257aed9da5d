package dev.thimble.op;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/** Tensors made of the elements of another, whatever their type. */
final class Relocation {
  /** The place of no element: the fill stands there. */
  static final int NOWHERE = -1;

  private Relocation() {}

  /** Element {@code i} of the result is the input's element {@code sources[i]}. */
  static Tensor gather(Tensor in, TensorType out, int[] sources) {
    return gather(in, out, sources, 0);
  }

  /** The same, with this stored number where the source is {@link #NOWHERE}. */
  static Tensor gather(Tensor in, TensorType out, int[] sources, double fill) {
    if (out.isFloat()) {
      float[] results = new float[sources.length];
      for (int i = 0; i < results.length; i++) {
        results[i] = sources[i] == NOWHERE ? (float) fill : in.floats()[sources[i]];
      }
      return Tensor.ofFloats(out, results);
    }
    if (!out.dtype().isWide()) {
      int[] results = new int[sources.length];
      for (int i = 0; i < results.length; i++) {
        results[i] = sources[i] == NOWHERE ? (int) fill : in.ints()[sources[i]];
      }
      return Tensor.ofInts(out, results);
    }
    long[] results = new long[sources.length];
    for (int i = 0; i < results.length; i++) {
      results[i] = sources[i] == NOWHERE ? (long) fill : in.longs()[sources[i]];
    }
    return Tensor.ofLongs(out, results);
  }

  /** The elements of several tensors, one tensor after the other. */
  static Tensor joined(List<Tensor> tensors, TensorType type) {
    if (type.isFloat()) {
      float[] all = new float[type.elements()];
      int at = 0;
      for (Tensor tensor : tensors) {
        System.arraycopy(tensor.floats(), 0, all, at, tensor.floats().length);
        at += tensor.floats().length;
      }
      return Tensor.ofFloats(type, all);
    }
    long[] all = new long[type.elements()];
    int at = 0;
    for (Tensor tensor : tensors) {
      long[] elements = tensor.longs();
      System.arraycopy(elements, 0, all, at, elements.length);
      at += elements.length;
    }
    return Tensor.ofLongs(type, all);
  }
}
