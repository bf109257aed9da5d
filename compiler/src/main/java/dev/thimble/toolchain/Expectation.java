package dev.thimble.toolchain;

import dev.thimble.graph.Origin;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorBytes;
import dev.thimble.tensor.TensorType;
import java.util.Optional;

/** What a stored value should be: a value of the reference network, or channels of one. */
record Expectation(String node, TensorType type, Tensor source, Origin origin) {
  /** How far floats may differ, as a part of the tensor's largest magnitude. */
  private static final double FLOAT_TOLERANCE = 1e-5;

  /** A difference, in the reference network's indices. */
  record Difference(String node, int index, String expected, String got) {}

  /** Compares elements {@code first} and following; empty where all agree. */
  Optional<Difference> compare(int first, byte[] bytes) {
    int count = bytes.length / type.dtype().bytes();
    double tolerance = type.isFloat() ? FLOAT_TOLERANCE * magnitude() : 0;
    for (int i = 0; i < count; i++) {
      int index = sourceIndex(first + i);
      Optional<Difference> difference =
          type.isFloat() ? real(index, bytes, i, tolerance) : integer(index, bytes, i);
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  private int sourceIndex(int index) {
    if (origin.channels().isEmpty()) {
      return index;
    }
    int kept = origin.channels().size();
    return index / kept * source.shape().dim(-1) + origin.channels().get(index % kept);
  }

  private Optional<Difference> real(int index, byte[] bytes, int at, double tolerance) {
    float expected = source.floats()[index];
    float got = (float) TensorBytes.element(bytes, type.dtype(), at);
    // Written so that a NaN on either side alone counts as a difference.
    boolean equal =
        Float.compare(expected, got) == 0 || Math.abs((double) expected - got) <= tolerance;
    return equal
        ? Optional.empty()
        : Optional.of(new Difference(node, index, "" + expected, "" + got));
  }

  private Optional<Difference> integer(int index, byte[] bytes, int at) {
    long expected = type.dtype().isWide() ? source.longs()[index] : source.ints()[index];
    long got = TensorBytes.integer(bytes, type.dtype(), at);
    return expected == got
        ? Optional.empty()
        : Optional.of(new Difference(node, index, "" + expected, "" + got));
  }

  /** The largest of the finite magnitudes. */
  private double magnitude() {
    float largest = 0;
    for (float value : source.floats()) {
      largest = Float.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
    }
    return largest;
  }
}
