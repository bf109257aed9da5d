package dev.thimble.kernel;

import dev.thimble.tensor.DType;
import java.util.Arrays;
import java.util.Objects;

/** A field of a kernel's parameter structure. */
public sealed interface Parameter {
  /** The field's name in C, which the generated code repeats as a comment. */
  String field();

  /** What a constant table is for, as the report's sums distinguish it. */
  enum Role {
    FILTER,
    BIAS_REQUANT,
    TABLE
  }

  /** A number, written as this C expression. */
  record Scalar(String field, String literal) implements Parameter {
    public static Scalar of(String field, int value) {
      return new Scalar(field, Literals.ofInteger(value));
    }

    /** An exact float literal: hexadecimal, so that no decimal rounding is involved. */
    public static Scalar of(String field, float value) {
      return new Scalar(field, Literals.ofFloat(value));
    }
  }

  /**
   * A pointer to a constant array, laid out for the kernel. Integers of every width are held as
   * {@code long}, floats as their bits.
   */
  final class Table implements Parameter {
    private final String field;
    private final Role role;
    private final DType dtype;
    private final long[] elements;

    public Table(String field, Role role, DType dtype, int[] elements) {
      this(field, role, dtype, Arrays.stream(elements).asLongStream().toArray());
    }

    public Table(String field, Role role, DType dtype, long[] elements) {
      this.field = field;
      this.role = role;
      this.dtype = dtype;
      this.elements = elements.clone();
    }

    /** A table of floats. */
    public static Table ofFloats(String field, Role role, float[] values) {
      int[] bits = new int[values.length];
      for (int i = 0; i < bits.length; i++) {
        bits[i] = Float.floatToRawIntBits(values[i]);
      }
      return new Table(field, role, DType.FLOAT32, bits);
    }

    @Override
    public String field() {
      return field;
    }

    public Role role() {
      return role;
    }

    public DType dtype() {
      return dtype;
    }

    public int length() {
      return elements.length;
    }

    public long bytes() {
      return (long) elements.length * dtype.bytes();
    }

    /** The table as a little-endian core stores it. */
    public byte[] littleEndian() {
      int width = dtype.bytes();
      byte[] bytes = new byte[Math.toIntExact(bytes())];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (elements[i / width] >> (8 * (i % width)));
      }
      return bytes;
    }

    /** The element as a C literal. */
    public String literal(int index) {
      return dtype.isFloat()
          ? Literals.ofFloat(Float.intBitsToFloat((int) elements[index]))
          : Literals.ofInteger(elements[index]);
    }

    /** Tables of equal type and elements are equal, whatever their fields: they can be shared. */
    @Override
    public boolean equals(Object other) {
      return other instanceof Table table
          && dtype == table.dtype
          && role == table.role
          && Arrays.equals(elements, table.elements);
    }

    @Override
    public int hashCode() {
      return Objects.hash(dtype, role, Arrays.hashCode(elements));
    }
  }
}
