package dev.thimble.tensor;

import java.util.Arrays;
import java.util.List;

/**
 * A tensor's type and elements, in row-major order. Integer elements of every width are held as
 * {@code int} and lie within their type's range. A tensor never changes; the arrays that the
 * accessors return must not be written to (copying them would double the memory of large models).
 */
public final class Tensor {
  private final TensorType type;
  private final int[] ints;
  private final float[] floats;

  private Tensor(TensorType type, int[] ints, float[] floats) {
    this.type = type;
    this.ints = ints;
    this.floats = floats;
  }

  /**
   * A tensor of integers. Throws {@link IllegalArgumentException} when the number of values or a
   * value does not fit the type.
   */
  public static Tensor ofInts(TensorType type, int... values) {
    if (type.isFloat()) {
      throw new IllegalArgumentException("integers given for " + type);
    }
    requireCount(type, values.length);
    int min = type.dtype().minValue();
    int max = type.dtype().maxValue();
    for (int value : values) {
      if (value < min || value > max) {
        throw new IllegalArgumentException(value + " lies outside " + type.dtype().reportName());
      }
    }
    return new Tensor(type, values, new float[0]);
  }

  /** A tensor of floats. Throws {@link IllegalArgumentException} when their number is wrong. */
  public static Tensor ofFloats(TensorType type, float... values) {
    if (!type.isFloat()) {
      throw new IllegalArgumentException("floats given for " + type);
    }
    requireCount(type, values.length);
    return new Tensor(type, new int[0], values);
  }

  /** A tensor whose elements are all the same integer. */
  public static Tensor filled(TensorType type, int value) {
    int[] values = new int[type.elements()];
    Arrays.fill(values, value);
    return ofInts(type, values);
  }

  public TensorType type() {
    return type;
  }

  public Shape shape() {
    return type.shape();
  }

  /** The elements of an integer tensor; not to be written to. */
  public int[] ints() {
    if (type.isFloat()) {
      throw new IllegalStateException("not an integer tensor: " + type);
    }
    return ints;
  }

  /** The elements of a float tensor; not to be written to. */
  public float[] floats() {
    if (!type.isFloat()) {
      throw new IllegalStateException("not a float tensor: " + type);
    }
    return floats;
  }

  /** The same elements, in the same order, under another type of as many elements. */
  public Tensor as(TensorType changed) {
    return changed.isFloat() ? ofFloats(changed, floats()) : ofInts(changed, ints());
  }

  /** The entries of one axis at these indices, in their order; quantisation follows. */
  public Tensor select(int axis, List<Integer> indices) {
    Shape from = type.shape();
    int inner = 1;
    for (int i = axis + 1; i < from.rank(); i++) {
      inner *= from.dim(i);
    }
    int extent = from.dim(axis);
    int outer = from.elements() / inner / extent;
    QuantParams quant =
        type.quant() instanceof QuantParams.PerChannel p && p.axis() == axis
            ? p.select(indices)
            : type.quant();
    TensorType to = new TensorType(type.dtype(), from.with(axis, indices.size()), quant);
    int[] newInts = new int[type.isFloat() ? 0 : to.elements()];
    float[] newFloats = new float[type.isFloat() ? to.elements() : 0];
    for (int o = 0, at = 0; o < outer; o++) {
      for (int index : indices) {
        int source = (o * extent + index) * inner;
        if (type.isFloat()) {
          System.arraycopy(floats, source, newFloats, at, inner);
        } else {
          System.arraycopy(ints, source, newInts, at, inner);
        }
        at += inner;
      }
    }
    return new Tensor(to, newInts, newFloats);
  }

  private static void requireCount(TensorType type, int count) {
    if (count != type.elements()) {
      throw new IllegalArgumentException(
          count + " values given for " + type.elements() + " elements of " + type.shape());
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor tensor
        && type.equals(tensor.type)
        && Arrays.equals(ints, tensor.ints)
        && Arrays.equals(floats, tensor.floats);
  }

  @Override
  public int hashCode() {
    return 31 * type.hashCode() + Arrays.hashCode(ints) + Arrays.hashCode(floats);
  }

  @Override
  public String toString() {
    return "a tensor of " + type;
  }
}
