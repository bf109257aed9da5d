package dev.thimble.toolchain;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Tensors as the bytes that a program reads and writes: little-endian, row-major, no padding. */
final class RawTensors {
  private RawTensors() {}

  static byte[] bytes(Tensor tensor) {
    int size = tensor.type().dtype().bytes();
    ByteBuffer buffer =
        ByteBuffer.allocate(tensor.type().elements() * size).order(ByteOrder.LITTLE_ENDIAN);
    if (tensor.type().isFloat()) {
      buffer.asFloatBuffer().put(tensor.floats());
      return buffer.array();
    }
    for (int value : tensor.ints()) {
      switch (size) {
        case 1 -> buffer.put((byte) value);
        case 2 -> buffer.putShort((short) value);
        default -> buffer.putInt(value);
      }
    }
    return buffer.array();
  }

  /** All samples' inputs, one after the other. */
  static byte[] bytes(List<List<Tensor>> samples) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    samples.forEach(sample -> sample.forEach(tensor -> all.writeBytes(bytes(tensor))));
    return all.toByteArray();
  }

  /** The element at this index of a tensor's bytes, as a double, which holds every element type. */
  static double element(ByteBuffer bytes, DType dtype, int index) {
    return switch (dtype) {
      case FLOAT32 -> bytes.getFloat(4 * index);
      case INT8 -> bytes.get(index);
      case UINT8 -> bytes.get(index) & 0xff;
      case INT16 -> bytes.getShort(2 * index);
      case INT32 -> bytes.getInt(4 * index);
    };
  }
}
