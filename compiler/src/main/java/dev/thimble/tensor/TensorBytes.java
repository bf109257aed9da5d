package dev.thimble.tensor;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tensors as the bytes that a program reads and writes: little-endian, row-major, no padding. */
public final class TensorBytes {
  private TensorBytes() {}

  /** The tensor's bytes, in one array; throws {@link ArithmeticException} beyond 2^31-1 of them. */
  public static byte[] of(Tensor tensor) {
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.toIntExact(tensor.type().bytes())).order(ByteOrder.LITTLE_ENDIAN);
    if (tensor.type().isFloat()) {
      buffer.asFloatBuffer().put(tensor.floats());
      return buffer.array();
    }
    for (long value : tensor.longs()) {
      switch (tensor.type().dtype()) {
        case INT8, UINT8, BOOL -> buffer.put((byte) value);
        case INT16, UINT16 -> buffer.putShort((short) value);
        case INT32, UINT32 -> buffer.putInt((int) value);
        case INT64 -> buffer.putLong(value);
        case FLOAT32 -> throw new IllegalStateException("float32 was written above");
      }
    }
    return buffer.array();
  }

  /** The tensor of this type whose bytes these are. */
  public static Tensor tensor(TensorType type, byte[] bytes) {
    if (type.isFloat()) {
      float[] floats = new float[type.elements()];
      buffer(bytes).asFloatBuffer().get(floats);
      return Tensor.ofFloats(type, floats);
    }
    long[] integers = new long[type.elements()];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = integer(bytes, type.dtype(), i);
    }
    return Tensor.ofLongs(type, integers);
  }

  /** Writes tensors one after the other. */
  public static void write(Iterable<Tensor> tensors, OutputStream to) throws IOException {
    for (Tensor tensor : tensors) {
      to.write(of(tensor));
    }
  }

  /**
   * The element at this index of a tensor's bytes, as a double: the nearest one to an integer
   * beyond 2^53.
   */
  public static double element(byte[] bytes, DType dtype, int index) {
    return dtype.isFloat()
        ? buffer(bytes).getFloat(dtype.bytes() * index)
        : integer(bytes, dtype, index);
  }

  /** The integer at this index of a tensor's bytes. */
  public static long integer(byte[] bytes, DType dtype, int index) {
    ByteBuffer buffer = buffer(bytes);
    return switch (dtype) {
      case INT8 -> buffer.get(index);
      case UINT8, BOOL -> Byte.toUnsignedInt(buffer.get(index));
      case INT16 -> buffer.getShort(2 * index);
      case UINT16 -> Short.toUnsignedInt(buffer.getShort(2 * index));
      case INT32 -> buffer.getInt(4 * index);
      case UINT32 -> Integer.toUnsignedLong(buffer.getInt(4 * index));
      case INT64 -> buffer.getLong(8 * index);
      case FLOAT32 -> throw new IllegalArgumentException("float32 has no integers");
    };
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
