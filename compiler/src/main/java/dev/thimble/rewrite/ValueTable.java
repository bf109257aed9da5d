package dev.thimble.rewrite;

import dev.thimble.op.Activation;
import dev.thimble.op.Rounding;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What an elementwise op on int8 makes of each of the 256 stored values. Whether a rewrite of such
 * an op is exact is decided here by trying all of them, not by an argument about rounding.
 */
final class ValueTable {
  private static final int LOWEST = DType.INT8.minValue();
  private static final int HIGHEST = DType.INT8.maxValue();
  private static final Shape ALL = Shape.of(HIGHEST - LOWEST + 1);

  private final int[] results;

  private ValueTable(int[] results) {
    this.results = results;
  }

  /** The table of one op, from an int8 type to an int8 type. */
  static ValueTable of(SingleOutputOp op, TensorType from, TensorType to, Rounding rounding) {
    return new ValueTable(apply(op, allValues(from), to, rounding).ints());
  }

  /** The table of two ops in turn, from int8 through any type to int8. */
  static ValueTable of(
      SingleOutputOp first,
      SingleOutputOp second,
      TensorType from,
      TensorType between,
      TensorType to,
      Rounding rounding) {
    Tensor middle = apply(first, allValues(from), between, rounding);
    return new ValueTable(apply(second, middle, to, rounding).ints());
  }

  /** The table of a clamp to the bounds of an activation. */
  static ValueTable ofClamp(Activation activation, TensorType type) {
    int min = activation.quantizedMin(type);
    int max = activation.quantizedMax(type);
    return new ValueTable(
        IntStream.rangeClosed(LOWEST, HIGHEST).map(stored -> clamp(stored, min, max)).toArray());
  }

  /** Whether the stored values from {@code min} to {@code max} stay as they are. */
  boolean isIdentity(int min, int max) {
    return IntStream.rangeClosed(min, max).allMatch(stored -> at(stored) == stored);
  }

  boolean isIdentity() {
    return isIdentity(LOWEST, HIGHEST);
  }

  /** The result for one stored value. */
  int at(int stored) {
    return results[stored - LOWEST];
  }

  /** Whether a type is one that these tables describe. */
  static boolean describes(TensorType type) {
    return type.dtype() == DType.INT8 && type.quant() instanceof QuantParams.PerTensor;
  }

  private static Tensor allValues(TensorType type) {
    return Tensor.ofInts(type.withShape(ALL), IntStream.rangeClosed(LOWEST, HIGHEST).toArray());
  }

  private static Tensor apply(SingleOutputOp op, Tensor input, TensorType to, Rounding rounding) {
    return op.evaluate(List.of(input), to.withShape(ALL), rounding);
  }

  private static int clamp(int value, int min, int max) {
    return Math.min(Math.max(value, min), max);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ValueTable table && Arrays.equals(results, table.results);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(results);
  }

  @Override
  public String toString() {
    return Arrays.toString(results);
  }
}
