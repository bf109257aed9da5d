package dev.thimble.importer.data;

import dev.thimble.graph.Value;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Cuts arrays of numbers into an input's samples, without changing any number. */
final class Fitting {
  private final Path file;
  private final Value input;

  /** The samples are for this input; {@code file} names their source in messages. */
  Fitting(Path file, Value input) {
    this.file = file;
    this.input = input;
  }

  /**
   * The samples in an array. Its shape is the input's; or the input's without a leading axis of
   * extent 1; or either with an axis of samples in front.
   */
  List<Tensor> samples(NumberArray array) {
    int each = input.type().elements();
    requireShape(array);
    int count = array.elements() / each;
    // Each tensor is made when it is asked for: an array may hold more samples than fit beside it.
    return new AbstractList<>() {
      @Override
      public Tensor get(int index) {
        int from = Objects.checkIndex(index, count) * each;
        return input.type().isFloat() ? floats(array, from) : ints(array, from);
      }

      @Override
      public int size() {
        return count;
      }
    };
  }

  private void requireShape(NumberArray array) {
    List<Integer> shape = dims(input.type().shape());
    List<Integer> inner =
        shape.size() > 0 && shape.getFirst() == 1 ? shape.subList(1, shape.size()) : shape;
    List<Integer> given = array.shape();
    List<Integer> rest = given.isEmpty() ? given : given.subList(1, given.size());
    boolean fits =
        given.equals(shape)
            || given.equals(inner)
            || (!given.isEmpty() && (rest.equals(shape) || rest.equals(inner)));
    if (!fits) {
      String tail = inner.isEmpty() ? "" : "," + text(inner);
      throw new DataException(
          file,
          "holds "
              + array.describe()
              + "; input '"
              + input.name()
              + "' takes ["
              + text(shape)
              + "] for one sample or [N"
              + tail
              + "] for N samples");
    }
  }

  private static List<Integer> dims(Shape shape) {
    return Arrays.stream(shape.dims()).boxed().toList();
  }

  private static String text(List<Integer> extents) {
    return extents.toString().replaceAll("[\\[\\] ]", "");
  }

  private Tensor floats(NumberArray array, int from) {
    float[] floats = new float[input.type().elements()];
    for (int i = 0; i < floats.length; i++) {
      boolean real = array.kind().isFloat();
      long whole = real ? 0 : array.integer(from + i);
      double number = real ? array.real(from + i) : whole;
      floats[i] = (float) number;
      boolean exact = real ? floats[i] == number || Double.isNaN(number) : isExact(whole);
      if (!exact) {
        throw new DataException(
            file,
            "element "
                + (from + i)
                + ", "
                + (real ? "" + number : "" + whole)
                + ", is not exact in float32, the type of input '"
                + input.name()
                + "'; save the array as float32: array.astype(numpy.float32)");
      }
    }
    return Tensor.ofFloats(input.type(), floats);
  }

  /** Whether float32 holds the integer: its significant bits are at most 24. */
  private static boolean isExact(long whole) {
    long magnitude = Math.abs(whole);
    return magnitude == 0
        || Long.SIZE - Long.numberOfLeadingZeros(magnitude) - Long.numberOfTrailingZeros(magnitude)
            <= 24;
  }

  private Tensor ints(NumberArray array, int from) {
    DType dtype = input.type().dtype();
    if (array.kind().isFloat()) {
      throw new DataException(
          file,
          "holds "
              + array.kind().longName()
              + ", input '"
              + input.name()
              + "' takes "
              + dtype.reportName()
              + "; "
              + quantizing(input.type()));
    }
    long[] integers = new long[input.type().elements()];
    for (int i = 0; i < integers.length; i++) {
      long number = array.integer(from + i);
      if (number < dtype.min() || number > dtype.max()) {
        throw new DataException(
            file,
            "element "
                + (from + i)
                + ", "
                + number
                + ", lies outside "
                + dtype.reportName()
                + ", the type of input '"
                + input.name()
                + "'");
      }
      integers[i] = number;
    }
    return Tensor.ofLongs(input.type(), integers);
  }

  private static String quantizing(TensorType type) {
    String name = type.dtype().reportName();
    return switch (type.quant()) {
      case dev.thimble.tensor.QuantParams.PerTensor p ->
          "quantise first: numpy.clip(numpy.round(x / "
              + p.scale()
              + ") + "
              + p.zeroPoint()
              + ", "
              + type.dtype().minValue()
              + ", "
              + type.dtype().maxValue()
              + ").astype(numpy."
              + name
              + ")";
      case dev.thimble.tensor.QuantParams.None n -> "give whole numbers of type " + name;
      case dev.thimble.tensor.QuantParams.PerChannel p -> "give whole numbers of type " + name;
    };
  }
}
