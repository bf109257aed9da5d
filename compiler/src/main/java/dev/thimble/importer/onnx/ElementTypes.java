package dev.thimble.importer.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.thimble.tensor.DType;
import java.util.Locale;
import java.util.Optional;

/** ONNX's codes of element types. Floats of 16 bits are widened to float32. */
final class ElementTypes {
  static final String SUPPORTED =
      "float32, float16, bfloat16, bool, int8, uint8, int16, uint16, int32, uint32 and int64;"
          + " int4 and uint4 constants; float64 as float32 with --float64 narrow";

  private ElementTypes() {}

  /** The type that elements of this code have inside, or nothing for those that none can hold. */
  static Optional<DType> of(int code) {
    return switch (DataType.forNumber(code)) {
      case FLOAT, FLOAT16, BFLOAT16 -> Optional.of(DType.FLOAT32);
      case UINT8 -> Optional.of(DType.UINT8);
      case INT8 -> Optional.of(DType.INT8);
      case UINT16 -> Optional.of(DType.UINT16);
      case INT16 -> Optional.of(DType.INT16);
      case INT32 -> Optional.of(DType.INT32);
      case INT64 -> Optional.of(DType.INT64);
      case UINT32 -> Optional.of(DType.UINT32);
      case BOOL -> Optional.of(DType.BOOL);
      case null, default -> Optional.empty();
    };
  }

  /** The same, where float64 may be read as float32 too. */
  static Optional<DType> of(int code, boolean narrow) {
    return narrow && code == DataType.DOUBLE_VALUE ? Optional.of(DType.FLOAT32) : of(code);
  }

  static String name(int code) {
    DataType type = DataType.forNumber(code);
    return type == null ? "type " + code : type.name().toLowerCase(Locale.ROOT);
  }
}
