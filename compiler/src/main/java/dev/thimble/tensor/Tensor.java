package dev.thimble.tensor;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor's type and elements, in row-major order. Integer elements lie within their type's range;
 * they are held as {@code int}, or as {@code long} where the type is {@linkplain DType#isWide
 * wide}. A tensor never changes; the arrays that the accessors return must not be written to
 * (copying them would double the memory of large models).
 */
public final class Tensor {
  private static final int[] NO_INTS = new int[0];
  private static final long[] NO_LONGS = new long[0];
  private static final float[] NO_FLOATS = new float[0];

  private final TensorType type;
  private final int[] ints;
  private final long[] longs;
  private final float[] floats;

  private Tensor(TensorType type, int[] ints, long[] longs, float[] floats) {
    this.type = type;
    this.ints = ints;
    this.longs = longs;
    this.floats = floats;
  }

  /**
   * A tensor of integers. Throws {@link IllegalArgumentException} when the number of values or a
   * value does not fit the type.
   */
  public static Tensor ofInts(TensorType type, int... values) {
    requireIntegers(type);
    if (type.dtype().isWide()) {
      return ofLongs(type, Arrays.stream(values).asLongStream().toArray());
    }
    requireCount(type, values.length);
    int min = type.dtype().minValue();
    int max = type.dtype().maxValue();
    for (int value : values) {
      if (value < min || value > max) {
        throw new IllegalArgumentException(value + " lies outside " + type.dtype().reportName());
      }
    }
    return new Tensor(type, values, NO_LONGS, NO_FLOATS);
  }

  /**
   * A tensor of integers of any width. Throws {@link IllegalArgumentException} when the number of
   * values or a value does not fit the type.
   */
  public static Tensor ofLongs(TensorType type, long... values) {
    requireIntegers(type);
    requireCount(type, values.length);
    for (long value : values) {
      if (value < type.dtype().min() || value > type.dtype().max()) {
        throw new IllegalArgumentException(value + " lies outside " + type.dtype().reportName());
      }
    }
    return type.dtype().isWide()
        ? new Tensor(type, NO_INTS, values, NO_FLOATS)
        : new Tensor(type, narrowed(values), NO_LONGS, NO_FLOATS);
  }

  /** A tensor of floats. Throws {@link IllegalArgumentException} when their number is wrong. */
  public static Tensor ofFloats(TensorType type, float... values) {
    if (!type.isFloat()) {
      throw new IllegalArgumentException("floats given for " + type);
    }
    requireCount(type, values.length);
    return new Tensor(type, NO_INTS, NO_LONGS, values);
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

  /** The elements of an integer tensor that is not wide; not to be written to. */
  public int[] ints() {
    if (type.isFloat() || type.dtype().isWide()) {
      throw new IllegalStateException("not a tensor of ints: " + type);
    }
    return ints;
  }

  /** The elements of an integer tensor of any width; not to be written to. */
  public long[] longs() {
    if (type.isFloat()) {
      throw new IllegalStateException("not an integer tensor: " + type);
    }
    return type.dtype().isWide() ? longs : Arrays.stream(ints).asLongStream().toArray();
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
    if (changed.isFloat()) {
      return ofFloats(changed, floats());
    }
    return changed.dtype().isWide() ? ofLongs(changed, longs()) : ofInts(changed, ints());
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
    Object source = elements();
    Object selected = Array.newInstance(source.getClass().componentType(), to.elements());
    for (int o = 0, at = 0; o < outer; o++) {
      for (int index : indices) {
        System.arraycopy(source, (o * extent + index) * inner, selected, at, inner);
        at += inner;
      }
    }
    return new Tensor(
        to,
        selected instanceof int[] array ? array : NO_INTS,
        selected instanceof long[] array ? array : NO_LONGS,
        selected instanceof float[] array ? array : NO_FLOATS);
  }

  /** The array that holds the elements. */
  private Object elements() {
    if (type.isFloat()) {
      return floats;
    }
    return type.dtype().isWide() ? longs : ints;
  }

  private static int[] narrowed(long[] values) {
    int[] ints = new int[values.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = (int) values[i];
    }
    return ints;
  }

  private static void requireIntegers(TensorType type) {
    if (type.isFloat()) {
      throw new IllegalArgumentException("integers given for " + type);
    }
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
        && Arrays.equals(longs, tensor.longs)
        && Arrays.equals(floats, tensor.floats);
  }

  @Override
  public int hashCode() {
    int elements = Arrays.hashCode(ints) + Arrays.hashCode(longs) + Arrays.hashCode(floats);
    return 31 * type.hashCode() + elements;
  }

  @Override
  public String toString() {
    return "a tensor of " + type;
  }
}
