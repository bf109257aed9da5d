package dev.thimble.importer.keras;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A zip archive in memory. Its directory alone says what is in it; names are keys and never become
 * paths. What an entry unpacks to is bounded by the limit that its reader gives, whatever the
 * directory declares. Source: PKWARE's APPNOTE.TXT, sections 4.3 and 4.5.3.
 */
final class Archive {
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int END_BYTES = 22;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL_BYTES = 30;
  private static final int MAX_COMMENT = 0xFFFF;
  private static final int MAX_ENTRIES = 10_000;
  private static final long IN_EXTRA = 0xFFFF_FFFFL;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;

  private final ModelFile file;
  private final ByteBuffer bytes;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private record Entry(int flags, int method, long packed, long size, long offset) {}

  Archive(ModelFile file, byte[] content) {
    this.file = file;
    this.bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    try {
      readDirectory();
    } catch (IndexOutOfBoundsException e) {
      throw file.malformed("zip directory", "leads outside the file");
    }
  }

  /** Whether bytes begin as those of a zip archive do. */
  static boolean isArchive(byte[] bytes) {
    return bytes.length >= END_BYTES
        && bytes[0] == 'P'
        && bytes[1] == 'K'
        && bytes[2] == 3
        && bytes[3] == 4;
  }

  boolean has(String name) {
    return entries.containsKey(name);
  }

  /** An entry's content, of at most this many bytes. */
  byte[] read(String name, long limit) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw file.malformed("zip archive", "has no " + name);
    }
    String place = "zip entry " + name;
    if (entry.size() > limit) {
      throw file.malformed(place, "has " + entry.size() + " bytes, more than " + limit);
    }
    if ((entry.flags() & 1) != 0) {
      throw file.malformed(place, "is encrypted");
    }
    try {
      return unpacked(place, entry);
    } catch (IndexOutOfBoundsException | DataFormatException e) {
      throw file.malformed(place, "cannot be unpacked");
    }
  }

  private void readDirectory() {
    int end = end();
    int count = Short.toUnsignedInt(bytes.getShort(end + 10));
    int at = Math.toIntExact(Math.min(unsigned(end + 16), Integer.MAX_VALUE));
    if (count > MAX_ENTRIES) {
      throw file.malformed("zip directory", "lists " + count + " entries");
    }
    for (int i = 0; i < count; i++) {
      if (bytes.getInt(at) != ENTRY_SIGNATURE) {
        throw file.malformed("zip directory", "entry " + i + " has no signature");
      }
      int nameBytes = Short.toUnsignedInt(bytes.getShort(at + 28));
      int extraBytes = Short.toUnsignedInt(bytes.getShort(at + 30));
      int commentBytes = Short.toUnsignedInt(bytes.getShort(at + 32));
      byte[] name = new byte[nameBytes];
      bytes.get(at + ENTRY_BYTES, name);
      Entry entry = entry(at, at + ENTRY_BYTES + nameBytes, extraBytes);
      if (entries.putIfAbsent(new String(name, StandardCharsets.UTF_8), entry) != null) {
        throw file.malformed("zip directory", "lists a name twice");
      }
      at = Math.addExact(at, ENTRY_BYTES + nameBytes + extraBytes + commentBytes);
    }
  }

  private int end() {
    int last = bytes.limit() - END_BYTES;
    for (int at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
      if (bytes.getInt(at) == END_SIGNATURE) {
        return at;
      }
    }
    throw file.malformed("zip directory", "is missing, so the file is cut off");
  }

  /** The directory's entry; sizes that need 64 bits stand in its extra field. */
  private Entry entry(int at, int extra, int extraBytes) {
    long size = unsigned(at + 24);
    long packed = unsigned(at + 20);
    long offset = unsigned(at + 42);
    int end = extra + extraBytes;
    for (int field = extra; field + 4 <= end; ) {
      int kind = Short.toUnsignedInt(bytes.getShort(field));
      int length = Short.toUnsignedInt(bytes.getShort(field + 2));
      int value = field + 4;
      if (kind == 1) {
        if (size == IN_EXTRA) {
          size = bytes.getLong(value);
          value += Long.BYTES;
        }
        if (packed == IN_EXTRA) {
          packed = bytes.getLong(value);
          value += Long.BYTES;
        }
        if (offset == IN_EXTRA) {
          offset = bytes.getLong(value);
        }
      }
      field += 4 + length;
    }
    int flags = Short.toUnsignedInt(bytes.getShort(at + 8));
    int method = Short.toUnsignedInt(bytes.getShort(at + 10));
    return new Entry(flags, method, packed, size, offset);
  }

  private byte[] unpacked(String place, Entry entry) throws DataFormatException {
    long limit = bytes.limit();
    if (entry.offset() < 0 || entry.offset() > limit - LOCAL_BYTES || entry.size() < 0) {
      throw new IndexOutOfBoundsException();
    }
    int local = (int) entry.offset();
    if (bytes.getInt(local) != LOCAL_SIGNATURE) {
      throw file.malformed(place, "has no local header");
    }
    int start =
        local
            + LOCAL_BYTES
            + Short.toUnsignedInt(bytes.getShort(local + 26))
            + Short.toUnsignedInt(bytes.getShort(local + 28));
    if (entry.packed() < 0 || entry.packed() > limit - start) {
      throw new IndexOutOfBoundsException();
    }
    ByteBuffer packed = bytes.slice(start, (int) entry.packed());
    return switch (entry.method()) {
      case STORED -> stored(place, entry, packed);
      case DEFLATED -> inflated(place, entry, packed);
      default ->
          throw file.malformed(
              place, "is packed by method " + entry.method() + ", not stored or deflated");
    };
  }

  private byte[] stored(String place, Entry entry, ByteBuffer packed) {
    if (entry.size() != packed.limit()) {
      throw file.malformed(place, "declares two sizes");
    }
    byte[] content = new byte[packed.limit()];
    packed.get(content);
    return content;
  }

  /** Deflate makes at most about 1032 bytes of one, so a larger declared size is a lie. */
  private byte[] inflated(String place, Entry entry, ByteBuffer packed) throws DataFormatException {
    if (entry.size() > 1100L * packed.limit() + 64 || entry.size() > Integer.MAX_VALUE - 8) {
      throw file.malformed(place, "declares more bytes than it can hold");
    }
    byte[] content = new byte[(int) entry.size()];
    try (Inflater inflater = new Inflater(true)) {
      inflater.setInput(packed);
      int filled = 0;
      while (filled < content.length) {
        int more = inflater.inflate(content, filled, content.length - filled);
        if (more == 0) {
          throw file.malformed(place, "ends early");
        }
        filled += more;
      }
      byte[] probe = new byte[1];
      if (inflater.inflate(probe) != 0) {
        throw file.malformed(place, "unpacks to more bytes than it declares");
      }
    }
    return content;
  }

  private long unsigned(int at) {
    return Integer.toUnsignedLong(bytes.getInt(at));
  }
}
