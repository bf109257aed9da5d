package dev.thimble.toolchain;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the records that a verifying harness writes, one at a time. */
final class TraceReader implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final DataInputStream stream;

  TraceReader(Path file) throws IOException {
    stream = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES));
  }

  /** What a record is about. */
  enum Kind {
    VALUE,
    OUTPUT,
    RETURN_CODE
  }

  /** A part of a value or output, from byte {@code offset} on; or the return code of a run. */
  record Entry(Kind kind, int index, int offset, byte[] bytes) {}

  /** The next record; throws {@link EOFException} when the program stopped before writing it. */
  Entry next() throws IOException {
    int id = Integer.reverseBytes(stream.readInt());
    int offset = Integer.reverseBytes(stream.readInt());
    int length = Integer.reverseBytes(stream.readInt());
    // A length that no program could have meant ends the trace as well.
    byte[] bytes = stream.readNBytes(Math.max(0, length));
    if (bytes.length != length) {
      throw new EOFException();
    }
    // The two highest bits tell the kind: see harness/verify_main.c.
    return switch (id >>> 30) {
      case 2 -> new Entry(Kind.OUTPUT, id & 0x3fffffff, offset, bytes);
      case 3 -> new Entry(Kind.RETURN_CODE, 0, offset, bytes);
      default -> new Entry(Kind.VALUE, id & 0x7fffffff, offset, bytes);
    };
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
