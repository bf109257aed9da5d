package dev.thimble.importer.data;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

/**
 * An array of numbers as it stands in a file.
 *
 * @param kind the elements' type
 * @param shape the extents, outermost axis first; none for a single number
 * @param data the elements in row-major order, in the buffer's own byte order
 */
record NumberArray(Kind kind, List<Integer> shape, ByteBuffer data) {
  /** The element types that are read, with their names in numpy. */
  enum Kind {
    FLOAT32("f4", 4),
    FLOAT64("f8", 8),
    INT8("i1", 1),
    UINT8("u1", 1),
    INT16("i2", 2),
    INT32("i4", 4),
    UINT16("u2", 2),
    UINT32("u4", 4),
    INT64("i8", 8),
    BOOL("b1", 1);

    private final String code;
    private final int bytes;

    Kind(String code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }

    String code() {
      return code;
    }

    int bytes() {
      return bytes;
    }

    boolean isFloat() {
      return this == FLOAT32 || this == FLOAT64;
    }

    /** numpy's own name, such as {@code float32}. */
    String longName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  NumberArray {
    shape = List.copyOf(shape);
  }

  int elements() {
    return data.limit() / kind.bytes();
  }

  /** An element of a float array, exactly. */
  double real(int index) {
    return switch (kind) {
      case FLOAT32 -> data.getFloat(index * 4);
      case FLOAT64 -> data.getDouble(index * 8);
      case INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, BOOL ->
          throw new IllegalStateException("no floats");
    };
  }

  /** An element of an integer array. */
  long integer(int index) {
    return switch (kind) {
      case INT8 -> data.get(index);
      case UINT8, BOOL -> Byte.toUnsignedInt(data.get(index));
      case INT16 -> data.getShort(index * 2);
      case UINT16 -> Short.toUnsignedInt(data.getShort(index * 2));
      case INT32 -> data.getInt(index * 4);
      case UINT32 -> Integer.toUnsignedLong(data.getInt(index * 4));
      case INT64 -> data.getLong(index * 8);
      case FLOAT32, FLOAT64 -> throw new IllegalStateException("no integers");
    };
  }

  /** Type and shape, such as {@code float64[10,49]}. */
  String describe() {
    return kind.longName() + shape.toString().replace(" ", "");
  }
}
