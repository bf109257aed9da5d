package dev.thimble.peers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** float32 as float16 and back; both little-endian. */
final class Halves {
  private Halves() {}

  /** The float16 nearest to each float32. */
  static byte[] of(byte[] floats) {
    ByteBuffer from = ByteBuffer.wrap(floats).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer to = ByteBuffer.allocate(floats.length / 2).order(ByteOrder.LITTLE_ENDIAN);
    while (from.hasRemaining()) {
      to.putShort(Float.floatToFloat16(from.getFloat()));
    }
    return to.array();
  }

  /** The float32 that each float16 is. */
  static byte[] toFloats(byte[] halves) {
    ByteBuffer from = ByteBuffer.wrap(halves).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer to = ByteBuffer.allocate(2 * halves.length).order(ByteOrder.LITTLE_ENDIAN);
    while (from.hasRemaining()) {
      to.putFloat(Float.float16ToFloat(from.getShort()));
    }
    return to.array();
  }
}
