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
    for (int value : tensor.ints()) {
      switch (tensor.type().dtype()) {
        case INT8, UINT8 -> buffer.put((byte) value);
        case INT16 -> buffer.putShort((short) value);
        case INT32, FLOAT32 -> buffer.putInt(value);
      }
    }
    return buffer.array();
  }

  /** Writes tensors one after the other. */
  public static void write(Iterable<Tensor> tensors, OutputStream to) throws IOException {
    for (Tensor tensor : tensors) {
      to.write(of(tensor));
    }
  }

  /** The element at this index of a tensor's bytes, as a double, which holds every element type. */
  public static double element(byte[] bytes, DType dtype, int index) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return switch (dtype) {
      case FLOAT32 -> buffer.getFloat(4 * index);
      case INT8 -> buffer.get(index);
      case UINT8 -> buffer.get(index) & 0xff;
      case INT16 -> buffer.getShort(2 * index);
      case INT32 -> buffer.getInt(4 * index);
    };
  }
}
