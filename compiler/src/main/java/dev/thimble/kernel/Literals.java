package dev.thimble.kernel;

/** C's spelling of numbers. */
public final class Literals {
  private Literals() {}

  /** An integer literal of the narrowest C type that holds it. */
  public static String ofInteger(long value) {
    // C reads the smallest number of a type as the negation of one that the type does not hold.
    if (value == Integer.MIN_VALUE) {
      return "INT32_MIN";
    }
    if (value == Long.MIN_VALUE) {
      return "INT64_MIN";
    }
    String digits = Long.toString(value);
    if (value == (int) value) {
      return digits;
    }
    return value > 0 && value >> Integer.SIZE == 0 ? digits + "u" : "INT64_C(" + digits + ")";
  }

  /** A float literal that C reads back to the very same float; infinities by math.h's name. */
  public static String ofFloat(float value) {
    if (Float.isNaN(value)) {
      return "NAN";
    }
    if (Float.isInfinite(value)) {
      return value > 0 ? "INFINITY" : "-INFINITY";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e6f) {
      return (Float.compare(value, -0f) == 0 ? "-0" : Integer.toString((int) value)) + ".0f";
    }
    // The shortest decimal that identifies the float. Hexadecimal literals are no C++ before C++17.
    return Float.toString(value) + "f";
  }
}
