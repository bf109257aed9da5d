package dev.thimble.importer.pytorch.archive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A tensor's elements, in row-major order. It never changes. */
public final class ExportedTensor {
  private final ElementKind kind;
  private final List<Integer> dims;
  private final byte[] packed;

  /** Takes the little-endian bytes of the elements, which must not be written to any more. */
  ExportedTensor(ElementKind kind, List<Integer> dims, byte[] packed) {
    this.kind = kind;
    this.dims = List.copyOf(dims);
    this.packed = packed;
  }

  public ElementKind kind() {
    return kind;
  }

  /** The extents; they may be 0. */
  public List<Integer> dims() {
    return dims;
  }

  public int elements() {
    return packed.length / kind.bytes();
  }

  /** The elements' bytes, little-endian. */
  public byte[] bytes() {
    return packed.clone();
  }

  /** The element type and shape, such as {@code float32[4, 3]}. */
  public String describe() {
    return kind.text() + dims;
  }

  /**
   * The elements of a floating type; each is exact but for float64, which is rounded to the
   * nearest.
   */
  public float[] floats() {
    ByteBuffer bytes = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
    float[] floats = new float[elements()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] =
          switch (kind) {
            case FLOAT32 -> bytes.getFloat();
            case FLOAT64 -> (float) bytes.getDouble();
            case FLOAT16 -> Float.float16ToFloat(bytes.getShort());
            case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort() << 16);
            case UINT8, INT8, INT16, INT32, INT64, BOOL, UINT16 -> throw notOf("floats");
          };
    }
    return floats;
  }

  /** The elements of an integer or boolean type. */
  public long[] integers() {
    ByteBuffer bytes = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
    long[] integers = new long[elements()];
    for (int i = 0; i < integers.length; i++) {
      integers[i] =
          switch (kind) {
            case UINT8 -> Byte.toUnsignedInt(bytes.get());
            case BOOL -> bytes.get() == 0 ? 0 : 1;
            case INT8 -> bytes.get();
            case INT16 -> bytes.getShort();
            case UINT16 -> Short.toUnsignedInt(bytes.getShort());
            case INT32 -> bytes.getInt();
            case INT64 -> bytes.getLong();
            case FLOAT16, FLOAT32, FLOAT64, BFLOAT16 -> throw notOf("integers");
          };
    }
    return integers;
  }

  private IllegalStateException notOf(String what) {
    return new IllegalStateException("not a tensor of " + what + ": " + describe());
  }
}
