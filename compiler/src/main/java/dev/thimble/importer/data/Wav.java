package dev.thimble.importer.data;

import dev.thimble.graph.Value;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Reads RIFF WAVE files of 16-bit PCM with one channel. A file is one sample of an input with as
 * many elements; a value v becomes v for int16 and v / 32768 for float32.
 */
final class Wav {
  private static final int PCM = 1;
  private static final int EXTENSIBLE = 0xFFFE;
  private static final int CHUNK_HEADER = 8;

  private Wav() {}

  /** The sample that a WAV file makes. */
  static Tensor read(Path file, byte[] bytes, Value input) {
    TensorType type = input.type();
    ByteBuffer data = data(file, bytes);
    int count = data.remaining() / 2;
    if (count != type.elements()) {
      throw new DataException(
          file,
          "has "
              + count
              + " values, input '"
              + input.name()
              + "' of shape "
              + type.shape()
              + " takes "
              + type.elements());
    }
    return switch (type.dtype()) {
      case FLOAT32 -> {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
          floats[i] = data.getShort() / 32768f;
        }
        yield Tensor.ofFloats(type, floats);
      }
      case INT16 -> {
        int[] ints = new int[count];
        for (int i = 0; i < count; i++) {
          ints[i] = data.getShort();
        }
        yield Tensor.ofInts(type, ints);
      }
      case BOOL, INT8, UINT8, UINT16, INT32, UINT32, INT64 ->
          throw new DataException(
              file,
              "is 16-bit sound, input '"
                  + input.name()
                  + "' takes "
                  + type.dtype().reportName()
                  + "; sound fits int16 and float32 inputs");
    };
  }

  /** The bytes of the data chunk, once the format chunk before it is known to be 16-bit mono. */
  private static ByteBuffer data(Path file, byte[] bytes) {
    ByteBuffer riff = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < 12 || !id(bytes, 0).equals("RIFF") || !id(bytes, 8).equals("WAVE")) {
      throw new DataException(file, "does not begin as a WAV file");
    }
    boolean known = false;
    int at = 12;
    while (at <= bytes.length - CHUNK_HEADER) {
      long size = Integer.toUnsignedLong(riff.getInt(at + 4));
      int start = at + CHUNK_HEADER;
      if (size > bytes.length - start) {
        throw new DataException(file, "ends within its chunk '" + id(bytes, at) + "'");
      }
      if (id(bytes, at).equals("fmt ") && size >= 16) {
        requireFormat(file, riff, start);
        known = true;
      }
      if (id(bytes, at).equals("data") && known) {
        return riff.slice(start, (int) size).order(ByteOrder.LITTLE_ENDIAN);
      }
      at = (int) Math.min(bytes.length, start + size + (size & 1));
    }
    throw new DataException(file, "has no sound in it");
  }

  private static void requireFormat(Path file, ByteBuffer riff, int start) {
    int format = Short.toUnsignedInt(riff.getShort(start));
    int channels = riff.getShort(start + 2);
    int bits = riff.getShort(start + 14);
    if ((format != PCM && format != EXTENSIBLE) || channels != 1 || bits != 16) {
      throw new DataException(
          file,
          "has format "
              + format
              + ", "
              + channels
              + " channels, "
              + bits
              + " bits; 16-bit PCM with one channel is read");
    }
  }

  private static String id(byte[] bytes, int at) {
    return new String(bytes, at, 4, StandardCharsets.ISO_8859_1);
  }
}
