package dev.thimble.peers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Arrays of float64 for a runtime that computes with them, beside the float32 of the reference. */
final class Doubles {
  private Doubles() {}

  /** The float64 bytes of float32 bytes, in the machine's order. */
  static byte[] of(byte[] floats) {
    ByteBuffer from = ByteBuffer.wrap(floats).order(ByteOrder.nativeOrder());
    ByteBuffer to = ByteBuffer.allocate(2 * floats.length).order(ByteOrder.nativeOrder());
    while (from.hasRemaining()) {
      to.putDouble(from.getFloat());
    }
    return to.array();
  }

  /** The nearest float32 bytes of float64 bytes, in the machine's order. */
  static byte[] toFloats(byte[] doubles) {
    ByteBuffer from = ByteBuffer.wrap(doubles).order(ByteOrder.nativeOrder());
    ByteBuffer to = ByteBuffer.allocate(doubles.length / 2).order(ByteOrder.nativeOrder());
    while (from.hasRemaining()) {
      to.putFloat((float) from.getDouble());
    }
    return to.array();
  }
}
