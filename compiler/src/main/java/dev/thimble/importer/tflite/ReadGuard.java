package dev.thimble.importer.tflite;

import dev.thimble.importer.ModelException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Guards the reading of one flatbuffer. The generated accessors do not verify a file: they follow
 * any offset and believe any length. Two bounds make that safe. An offset that leaves the file
 * makes the byte buffer throw, which {@link #at} turns into an error with its place. A length is
 * checked against the file's size before anything is allocated, and all lengths together against a
 * small multiple of it, since a damaged or hostile file can let many tables share one long vector.
 */
final class ReadGuard {
  private static final long SLACK_BYTES = 1 << 16;
  private static final int VECTOR_BYTES = 16;
  private static final String REMEDY =
      "the file is damaged or its exporter faulty: export the model again";

  private final String file;
  private final long size;
  private long left;

  ReadGuard(String file, long size) {
    this.file = file;
    this.size = size;
    this.left = 4 * size + SLACK_BYTES;
  }

  String file() {
    return file;
  }

  /** What {@code read} reads; whatever an accessor throws becomes an error at this place. */
  <T extends @Nullable Object> T at(String place, Supplier<T> read) {
    try {
      return read.get();
    } catch (ModelException | UnsupportedNode e) {
      throw e;
    } catch (RuntimeException e) {
      throw malformed(place, "an offset or a length in it leads outside the file");
    }
  }

  /** A vector's elements, read one by one once their number is known to fit into the file. */
  <T> List<T> vector(
      String place, String what, int elementBytes, IntSupplier length, IntFunction<T> element) {
    return at(
        place,
        () -> {
          int count = length.getAsInt();
          requireFits(place, what, count, elementBytes);
          List<T> elements = new ArrayList<>(count);
          for (int i = 0; i < count; i++) {
            elements.add(element.apply(i));
          }
          return elements;
        });
  }

  /** A text; nothing where the file has none. Bytes that are no UTF-8 become replacement signs. */
  String text(String place, String what, Supplier<@Nullable ByteBuffer> read) {
    return at(
        place,
        () -> {
          ByteBuffer bytes = read.get();
          if (bytes == null) {
            return "";
          }
          requireFits(place, what, bytes.remaining(), 1);
          return StandardCharsets.UTF_8.decode(bytes).toString();
        });
  }

  ModelException malformed(String place, String what) {
    return ModelException.at(file, place, what, REMEDY);
  }

  private void requireFits(String place, String what, int count, int elementBytes) {
    if (count < 0 || (long) count * elementBytes > size) {
      throw malformed(
          place,
          "declares "
              + Integer.toUnsignedString(count)
              + " "
              + what
              + ", too many for a file of "
              + size
              + " bytes");
    }
    left -= VECTOR_BYTES + (long) count * elementBytes;
    if (left < 0) {
      throw malformed(
          place, "its " + what + ", with all that is read before, take more bytes than the file");
    }
  }
}
