package dev.thimble.importer.tflite;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.lite.schema.Buffer;
import org.tensorflow.lite.schema.Model;

/**
 * The data of a file's tensors. Tensors of one type that share a buffer share one array, so that
 * memory stays within a small multiple of the file's size.
 */
final class Constants {
  private static final long MAX_ELEMENTS = 1L << 28;
  private static final int MAX_OPERAND_ELEMENTS = 64;

  private final ReadGuard guard;
  private final Model model;
  private final int buffers;
  private final Map<Data, Tensor> decoded = new HashMap<>();
  private long elements;

  Constants(ReadGuard guard, Model model, int buffers) {
    this.guard = guard;
    this.model = model;
    this.buffers = buffers;
  }

  /** What decides the decoded elements: where they lie in the file, and their type. */
  private record Data(int position, int bytes, byte type, DType dtype) {}

  /**
   * Whether the file has the tensor's data. A tensor without elements has it by itself: shapes of
   * scalars are written so.
   */
  boolean isConstant(TfliteTensor tensor) {
    return tensor.elements() == 0 || data(tensor).hasRemaining();
  }

  /**
   * The tensor's elements under this type, which has the tensor's own element type; or float32 for
   * float16, int8 for int4, and for uint8 the int8 that is 128 less. The data must fill the shape
   * exactly.
   */
  Tensor tensor(TfliteTensor tensor, TensorType type) {
    ByteBuffer data = data(tensor);
    requireBytes(tensor, data.remaining(), storedBytes(tensor, type));
    elements += type.elements();
    if (elements > MAX_ELEMENTS) {
      throw guard.malformed(tensor.place(), "the constants up to it have more than 2^28 elements");
    }
    Data key = new Data(data.position(), data.remaining(), tensor.type(), type.dtype());
    @Nullable Tensor known = decoded.get(key);
    if (known != null) {
      return known.type().equals(type) ? known : known.as(type);
    }
    Tensor read = decode(data, tensor.type(), type);
    decoded.put(key, read);
    return read;
  }

  /** The numbers of a constant int32 or int64 operand, such as axes or paddings. */
  List<Long> integers(TfliteTensor tensor) {
    boolean wide = tensor.type() == org.tensorflow.lite.schema.TensorType.INT64;
    int bytes = wide ? Long.BYTES : Integer.BYTES;
    int count = tensor.elements();
    ByteBuffer data = data(tensor);
    requireBytes(tensor, data.remaining(), (long) count * bytes);
    if (count > MAX_OPERAND_ELEMENTS) {
      throw guard.malformed(
          tensor.place(), "has " + count + " elements, more than " + MAX_OPERAND_ELEMENTS);
    }
    List<Long> integers = new ArrayList<>(count);
    while (data.hasRemaining()) {
      integers.add(wide ? data.getLong() : data.getInt());
    }
    return integers;
  }

  /** The tensor's bytes; none when it has no data. */
  private ByteBuffer data(TfliteTensor tensor) {
    if (tensor.buffer() >= buffers && tensor.buffer() != 0) {
      throw guard.malformed(
          tensor.place(),
          "names buffer " + tensor.buffer() + ", the file has " + buffers + " buffers");
    }
    if (tensor.buffer() == 0) {
      return ByteBuffer.allocate(0);
    }
    return guard.at(
        "buffer " + tensor.buffer() + " of " + tensor.place(),
        () -> {
          Buffer table = model.buffers(tensor.buffer());
          @Nullable ByteBuffer data = table.dataAsByteBuffer();
          return data == null ? ByteBuffer.allocate(0) : data.order(ByteOrder.LITTLE_ENDIAN);
        });
  }

  private void requireBytes(TfliteTensor tensor, int found, long needed) {
    if (found != needed) {
      throw guard.malformed(
          tensor.place(),
          tensor.describe() + " needs " + needed + " bytes of data, its buffer has " + found);
    }
  }

  private static long storedBytes(TfliteTensor tensor, TensorType type) {
    return switch (tensor.type()) {
      case org.tensorflow.lite.schema.TensorType.FLOAT16 -> 2L * type.elements();
      case org.tensorflow.lite.schema.TensorType.INT4 -> (type.elements() + 1L) / 2;
      default -> type.bytes();
    };
  }

  private static Tensor decode(ByteBuffer data, byte stored, TensorType type) {
    int count = type.elements();
    if (stored == org.tensorflow.lite.schema.TensorType.FLOAT16) {
      float[] floats = new float[count];
      for (int i = 0; i < count; i++) {
        floats[i] = Float.float16ToFloat(data.getShort());
      }
      return Tensor.ofFloats(type, floats);
    }
    if (stored == org.tensorflow.lite.schema.TensorType.INT4) {
      return Tensor.ofInts(type, nibbles(data, count));
    }
    if (stored == org.tensorflow.lite.schema.TensorType.UINT8 && type.dtype() == DType.INT8) {
      int[] bytes = new int[count];
      for (int i = 0; i < count; i++) {
        bytes[i] = Byte.toUnsignedInt(data.get()) + Byte.MIN_VALUE;
      }
      return Tensor.ofInts(type, bytes);
    }
    if (type.isFloat()) {
      float[] floats = new float[count];
      data.asFloatBuffer().get(floats);
      return Tensor.ofFloats(type, floats);
    }
    long[] integers = new long[count];
    for (int i = 0; i < count; i++) {
      integers[i] =
          switch (type.dtype()) {
            case INT8 -> data.get();
            case UINT8, BOOL -> Byte.toUnsignedInt(data.get());
            case INT16 -> data.getShort();
            case UINT16 -> Short.toUnsignedInt(data.getShort());
            case INT32 -> data.getInt();
            case UINT32 -> Integer.toUnsignedLong(data.getInt());
            case INT64 -> data.getLong();
            case FLOAT32 -> throw new IllegalStateException("float32 was read above");
          };
    }
    return Tensor.ofLongs(type, integers);
  }

  /** Numbers of 4 bits, the first of two in the lower half of a byte. */
  private static int[] nibbles(ByteBuffer data, int count) {
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      int octet = data.get(data.position() + i / 2);
      numbers[i] = octet << (i % 2 == 0 ? 28 : 24) >> 28;
    }
    return numbers;
  }
}
