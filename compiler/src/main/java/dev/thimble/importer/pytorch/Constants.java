package dev.thimble.importer.pytorch;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import dev.thimble.importer.pytorch.archive.ElementKind;
import dev.thimble.importer.pytorch.archive.ExportedTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Constants in ONNX's form. */
final class Constants {
  private Constants() {}

  /** ONNX's code of an element type. */
  static int code(ElementKind kind) {
    DataType type =
        switch (kind) {
          case UINT8 -> DataType.UINT8;
          case INT8 -> DataType.INT8;
          case INT16 -> DataType.INT16;
          case UINT16 -> DataType.UINT16;
          case INT32 -> DataType.INT32;
          case INT64 -> DataType.INT64;
          case FLOAT16 -> DataType.FLOAT16;
          case FLOAT32 -> DataType.FLOAT;
          case FLOAT64 -> DataType.DOUBLE;
          case BOOL -> DataType.BOOL;
          case BFLOAT16 -> DataType.BFLOAT16;
        };
    return type.getNumber();
  }

  /** The element type of a code of ONNX's, if PyTorch has it. */
  static Optional<ElementKind> kind(int code) {
    return Arrays.stream(ElementKind.values()).filter(kind -> code(kind) == code).findFirst();
  }

  static TensorProto floats(String name, List<Long> dims, float[] values) {
    ByteBuffer bytes = buffer(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return tensor(name, ElementKind.FLOAT32, dims, bytes);
  }

  static TensorProto longs(String name, List<Long> dims, long... values) {
    ByteBuffer bytes = buffer(values.length * Long.BYTES);
    bytes.asLongBuffer().put(values);
    return tensor(name, ElementKind.INT64, dims, bytes);
  }

  /** A tensor of the archive as it is. */
  static TensorProto exported(String name, ExportedTensor tensor) {
    List<Long> dims = tensor.dims().stream().map(Integer::longValue).toList();
    return tensor(name, tensor.kind(), dims, ByteBuffer.wrap(tensor.bytes()));
  }

  /** So many times the same number. */
  static TensorProto filled(String name, ElementKind kind, List<Long> dims, double value) {
    int count = Math.toIntExact(dims.stream().reduce(1L, Math::multiplyExact));
    ByteBuffer bytes = buffer(Math.multiplyExact(count, kind.bytes()));
    for (int i = 0; i < count; i++) {
      put(bytes, kind, value);
    }
    return tensor(name, kind, dims, bytes.flip());
  }

  private static void put(ByteBuffer bytes, ElementKind kind, double value) {
    switch (kind) {
      case UINT8, INT8 -> bytes.put((byte) (long) value);
      case BOOL -> bytes.put((byte) (value == 0 ? 0 : 1));
      case INT16, UINT16 -> bytes.putShort((short) (long) value);
      case INT32 -> bytes.putInt((int) (long) value);
      case INT64 -> bytes.putLong((long) value);
      case FLOAT32 -> bytes.putFloat((float) value);
      case FLOAT64 -> bytes.putDouble(value);
      case FLOAT16 -> bytes.putShort(Float.floatToFloat16((float) value));
      case BFLOAT16 -> throw new UnsupportedCall("numbers of type bfloat16", "float32");
    }
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static TensorProto tensor(
      String name, ElementKind kind, List<Long> dims, ByteBuffer bytes) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(code(kind))
        .addAllDims(dims)
        .setRawData(ByteString.copyFrom(bytes))
        .build();
  }
}
