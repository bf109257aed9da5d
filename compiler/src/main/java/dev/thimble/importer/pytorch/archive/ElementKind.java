package dev.thimble.importer.pytorch.archive;

import java.util.Optional;

/**
 * PyTorch's element types that tensors of an archive have. Source: {@code ScalarType} in {@code
 * torch/_export/serde/schema.py}, and the storage classes that {@code torch.save} names.
 */
public enum ElementKind {
  UINT8(1, 1, "ByteStorage"),
  INT8(2, 1, "CharStorage"),
  INT16(3, 2, "ShortStorage"),
  INT32(4, 4, "IntStorage"),
  INT64(5, 8, "LongStorage"),
  FLOAT16(6, 2, "HalfStorage"),
  FLOAT32(7, 4, "FloatStorage"),
  FLOAT64(8, 8, "DoubleStorage"),
  BOOL(12, 1, "BoolStorage"),
  BFLOAT16(13, 2, "BFloat16Storage"),
  UINT16(28, 2, "");

  private final int code;
  private final int bytes;
  private final String storage;

  ElementKind(int code, int bytes, String storage) {
    this.code = code;
    this.bytes = bytes;
    this.storage = storage;
  }

  /** The bytes of one element. */
  public int bytes() {
    return bytes;
  }

  public boolean isFloat() {
    return this == FLOAT16 || this == FLOAT32 || this == FLOAT64 || this == BFLOAT16;
  }

  /** PyTorch's name, such as {@code float32}. */
  public String text() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** The type of this code in the graph's JSON. */
  public static Optional<ElementKind> ofCode(long code) {
    for (ElementKind kind : values()) {
      if (kind.code == code) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** The type of the elements of a storage class of PyTorch, such as {@code FloatStorage}. */
  static Optional<ElementKind> ofStorage(String storage) {
    for (ElementKind kind : values()) {
      if (!storage.isEmpty() && kind.storage.equals(storage)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
