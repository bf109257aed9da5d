package dev.thimble.tensor;

import java.util.Locale;

/**
 * Element type of a tensor. Sizes are in bytes; integers are two's complement. A boolean is a byte
 * that is 0 or 1. Types wider than an {@code int} are {@linkplain #isWide wide}.
 */
public enum DType {
  FLOAT32("f32", 4, "float"),
  INT8("i8", 1, "int8_t"),
  UINT8("u8", 1, "uint8_t"),
  INT16("i16", 2, "int16_t"),
  UINT16("u16", 2, "uint16_t"),
  INT32("i32", 4, "int32_t"),
  UINT32("u32", 4, "uint32_t"),
  INT64("i64", 8, "int64_t"),
  BOOL("b8", 1, "uint8_t");

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

  /** Whether the type has integers that an {@code int} cannot hold. */
  public boolean isWide() {
    return this == UINT32 || this == INT64;
  }

  /** The smallest value of an integer type. */
  public long min() {
    return switch (this) {
      case INT8 -> Byte.MIN_VALUE;
      case UINT8, UINT16, UINT32, BOOL -> 0;
      case INT16 -> Short.MIN_VALUE;
      case INT32 -> Integer.MIN_VALUE;
      case INT64 -> Long.MIN_VALUE;
      case FLOAT32 -> throw new IllegalStateException("float32 has no integer range");
    };
  }

  /** The largest value of an integer type. */
  public long max() {
    return switch (this) {
      case INT8 -> Byte.MAX_VALUE;
      case UINT8 -> 0xFF;
      case INT16 -> Short.MAX_VALUE;
      case UINT16 -> 0xFFFF;
      case INT32 -> Integer.MAX_VALUE;
      case UINT32 -> 0xFFFF_FFFFL;
      case INT64 -> Long.MAX_VALUE;
      case BOOL -> 1;
      case FLOAT32 -> throw new IllegalStateException("float32 has no integer range");
    };
  }

  /** The smallest value of an integer type that is not wide. */
  public int minValue() {
    return Math.toIntExact(min());
  }

  /** The largest value of an integer type that is not wide. */
  public int maxValue() {
    return Math.toIntExact(max());
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
