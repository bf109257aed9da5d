package dev.thimble.importer.onnx;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** The tensors that a file holds. Their data must fill their shapes exactly. */
final class TensorDecoder {
  static final int MAX_ELEMENTS = 1 << 28;

  private final Source source;
  private final boolean narrow;

  /** {@code narrow} says that numbers of float64 are rounded to float32. */
  TensorDecoder(Source source, boolean narrow) {
    this.source = source;
    this.narrow = narrow;
  }

  /** A decoded tensor: its data, or its type and extents where it has no elements. */
  record Decoded(Optional<Tensor> data, DType dtype, List<Integer> dims) {}

  /** Whether elements have 4 bits in the file; inside they are bytes. */
  static boolean hasFourBits(TensorProto proto) {
    return proto.getDataType() == TensorProto.DataType.INT4_VALUE
        || proto.getDataType() == TensorProto.DataType.UINT4_VALUE;
  }

  /** Throws {@link UnsupportedNode} for element types that nothing inside can hold. */
  Decoded decode(String place, TensorProto proto) {
    List<Integer> dims = dims(place, proto.getDimsList());
    int code = proto.getDataType();
    boolean wide = code == TensorProto.DataType.DOUBLE_VALUE;
    Optional<DType> dtype = wide ? Optional.of(DType.FLOAT32) : ElementTypes.of(code);
    if (hasFourBits(proto)) {
      boolean signed = code == TensorProto.DataType.INT4_VALUE;
      dtype = Optional.of(signed ? DType.INT8 : DType.UINT8);
    }
    if (dtype.isEmpty()) {
      throw new UnsupportedNode("a constant of " + ElementTypes.name(code), ElementTypes.SUPPORTED);
    }
    if (dims.contains(0)) {
      return new Decoded(Optional.empty(), dtype.get(), dims);
    }
    TensorType type =
        TensorType.of(dtype.get(), Shape.of(dims.stream().mapToInt(i -> i).toArray()));
    try {
      Tensor data =
          type.isFloat()
              ? floats(place, proto, type)
              : hasFourBits(proto) ? nibbles(place, proto, type) : integers(place, proto, type);
      return new Decoded(Optional.of(data), dtype.get(), dims);
    } catch (IllegalArgumentException e) {
      throw source.malformed(place, String.valueOf(e.getMessage()));
    }
  }

  /** Extents of at least 0, of a number of elements that memory can hold. */
  List<Integer> dims(String place, List<Long> stored) {
    List<Integer> dims = new ArrayList<>(stored.size());
    long elements = 1;
    for (long dim : stored) {
      if (dim < 0 || dim > MAX_ELEMENTS || (elements *= Math.max(dim, 1)) > MAX_ELEMENTS) {
        throw source.malformed(place, "has the shape " + stored);
      }
      dims.add((int) dim);
    }
    return dims;
  }

  private Tensor floats(String place, TensorProto proto, TensorType type) {
    int count = type.elements();
    float[] floats = new float[count];
    Optional<ByteBuffer> raw = raw(place, proto, count);
    TensorProto.DataType code = TensorProto.DataType.forNumber(proto.getDataType());
    for (int i = 0; i < count; i++) {
      int at = i;
      floats[i] =
          switch (code) {
            case FLOAT ->
                raw.map(b -> b.getFloat(at * 4))
                    .orElseGet(() -> stored(place, proto.getFloatDataList(), at, count));
            case DOUBLE ->
                exact(
                    raw.map(b -> b.getDouble(at * 8))
                        .orElseGet(() -> stored(place, proto.getDoubleDataList(), at, count)));
            case FLOAT16 -> Float.float16ToFloat((short) half(place, proto, raw, at, count));
            case BFLOAT16 -> Float.intBitsToFloat(half(place, proto, raw, at, count) << 16);
            case null, default -> throw new IllegalStateException("no float type: " + code);
          };
    }
    return Tensor.ofFloats(type, floats);
  }

  /** Doubles are taken where they are numbers of float32 too, or all of them are rounded. */
  private float exact(double number) {
    float near = (float) number;
    if (near != number && !narrow && !Double.isNaN(number)) {
      throw new UnsupportedNode("a float64 constant, " + number, "float32 constants");
    }
    return near;
  }

  private int half(String place, TensorProto proto, Optional<ByteBuffer> raw, int at, int count) {
    return raw.map(b -> (int) b.getShort(at * 2))
        .orElseGet(() -> stored(place, proto.getInt32DataList(), at, count));
  }

  private Tensor integers(String place, TensorProto proto, TensorType type) {
    int count = type.elements();
    Optional<ByteBuffer> raw = raw(place, proto, count);
    long[] integers = new long[count];
    IntFunction<Long> read =
        raw.<IntFunction<Long>>map(bytes -> i -> integer(bytes, type.dtype(), i))
            .orElseGet(() -> i -> integer(place, proto, type.dtype(), i, count));
    for (int i = 0; i < count; i++) {
      integers[i] = read.apply(i);
    }
    return Tensor.ofLongs(type, integers);
  }

  /** Elements of 4 bits, two in a byte, the first in the lower bits. */
  private Tensor nibbles(String place, TensorProto proto, TensorType type) {
    int bytes = (type.elements() + 1) / 2;
    Optional<ByteBuffer> raw = raw(place, proto, bytes);
    long[] integers = new long[type.elements()];
    for (int i = 0; i < integers.length; i++) {
      int pair =
          raw.isPresent()
              ? raw.get().get(i / 2)
              : stored(place, proto.getInt32DataList(), i / 2, bytes);
      int element = pair >> (i % 2 * 4) & 15;
      integers[i] = type.dtype() == DType.INT8 ? (element ^ 8) - 8 : element;
    }
    return Tensor.ofLongs(type, integers);
  }

  private static long integer(ByteBuffer bytes, DType dtype, int at) {
    return switch (dtype) {
      case INT8 -> bytes.get(at);
      case UINT8 -> Byte.toUnsignedInt(bytes.get(at));
      case BOOL -> bytes.get(at) == 0 ? 0 : 1;
      case INT16 -> bytes.getShort(at * 2);
      case UINT16 -> Short.toUnsignedInt(bytes.getShort(at * 2));
      case INT32 -> bytes.getInt(at * 4);
      case UINT32 -> Integer.toUnsignedLong(bytes.getInt(at * 4));
      case INT64 -> bytes.getLong(at * 8);
      case FLOAT32 -> throw new IllegalStateException("floats are read elsewhere");
    };
  }

  private long integer(String place, TensorProto proto, DType dtype, int at, int count) {
    return switch (dtype) {
      case INT64 -> stored(place, proto.getInt64DataList(), at, count);
      case UINT32 -> stored(place, proto.getUint64DataList(), at, count);
      case INT8, UINT8, INT16, UINT16, INT32, BOOL ->
          stored(place, proto.getInt32DataList(), at, count);
      case FLOAT32 -> throw new IllegalStateException("floats are read elsewhere");
    };
  }

  private <T> T stored(String place, List<T> data, int at, int count) {
    if (data.size() != count) {
      throw source.malformed(place, "needs " + count + " elements of data, has " + data.size());
    }
    return data.get(at);
  }

  /** The raw bytes, where the tensor has its data so. */
  private Optional<ByteBuffer> raw(String place, TensorProto proto, int count) {
    TensorProto.DataType code = TensorProto.DataType.forNumber(proto.getDataType());
    int each =
        switch (code) {
          case DOUBLE, INT64 -> 8;
          case FLOAT, INT32, UINT32 -> 4;
          case FLOAT16, BFLOAT16, INT16, UINT16 -> 2;
          case null, default -> 1;
        };
    long needed = (long) count * each;
    ByteBuffer bytes;
    if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      bytes = external(place, proto, needed);
    } else if (proto.hasRawData()) {
      bytes = proto.getRawData().asReadOnlyByteBuffer();
    } else {
      return Optional.empty();
    }
    if (bytes.remaining() != needed) {
      throw source.malformed(place, "needs " + needed + " bytes of data, has " + bytes.remaining());
    }
    return Optional.of(bytes.slice().order(ByteOrder.LITTLE_ENDIAN));
  }

  private ByteBuffer external(String place, TensorProto proto, long needed) {
    Map<String, String> entries = new HashMap<>();
    for (StringStringEntryProto entry : proto.getExternalDataList()) {
      entries.put(entry.getKey(), entry.getValue());
    }
    byte[] bytes = source.external(place, entries.getOrDefault("location", ""));
    try {
      long offset = Long.parseLong(entries.getOrDefault("offset", "0"));
      long length = Long.parseLong(entries.getOrDefault("length", "" + needed));
      if (offset >= 0 && length >= 0 && offset <= bytes.length && length <= bytes.length - offset) {
        return ByteBuffer.wrap(bytes, (int) offset, (int) length);
      }
    } catch (NumberFormatException e) {
      // Falls through to the message below, which shows what the file says.
    }
    throw source.malformed(
        place, "its data's place " + entries + " leaves the file of " + bytes.length + " bytes");
  }
}
