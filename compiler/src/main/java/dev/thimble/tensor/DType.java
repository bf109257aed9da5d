package dev.thimble.tensor;

import java.util.Locale;

/** Element type of a tensor. Sizes are in bytes; integers are two's complement. */
public enum DType {
  FLOAT32("f32", 4, "float"),
  INT8("i8", 1, "int8_t"),
  UINT8("u8", 1, "uint8_t"),
  INT16("i16", 2, "int16_t"),
  INT32("i32", 4, "int32_t");

  private final String text;
  private final int bytes;
  private final String cName;

  DType(String text, int bytes, String cName) {
    this.text = text;
    this.bytes = bytes;
    this.cName = cName;
  }

  /** The short name used in graph text, such as {@code i8}. */
  public String text() {
    return text;
  }

  /** The bytes that one element takes. */
  public int bytes() {
    return bytes;
  }

  /** The element's type in C. */
  public String cName() {
    return cName;
  }

  /** The long lower-case name that reports use, such as {@code int8}. */
  public String reportName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean isFloat() {
    return this == FLOAT32;
  }

  /** The smallest value of an integer type. */
  public int minValue() {
    return switch (this) {
      case INT8 -> Byte.MIN_VALUE;
      case UINT8 -> 0;
      case INT16 -> Short.MIN_VALUE;
      case INT32 -> Integer.MIN_VALUE;
      case FLOAT32 -> throw new IllegalStateException("float32 has no integer range");
    };
  }

  /** The largest value of an integer type. */
  public int maxValue() {
    return switch (this) {
      case INT8 -> Byte.MAX_VALUE;
      case UINT8 -> 255;
      case INT16 -> Short.MAX_VALUE;
      case INT32 -> Integer.MAX_VALUE;
      case FLOAT32 -> throw new IllegalStateException("float32 has no integer range");
    };
  }

  /** The type of this short name; throws {@link IllegalArgumentException} for any other text. */
  public static DType ofText(String text) {
    for (DType type : values()) {
      if (type.text.equals(text)) {
        return type;
      }
    }
    throw new IllegalArgumentException("unknown element type '" + text + "'");
  }
}
