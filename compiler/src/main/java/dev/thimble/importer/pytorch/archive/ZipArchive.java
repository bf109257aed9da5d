package dev.thimble.importer.pytorch.archive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A zip in memory, read by its central directory. PyTorch's archives hold others, and write sizes
 * behind entries, which {@link java.util.zip.ZipInputStream} refuses and {@link
 * java.util.zip.ZipFile} reads from files only. Source: PKWARE's APPNOTE.TXT 6.3.10, sections
 * 4.3.7, 4.3.12 and 4.3.16.
 */
final class ZipArchive {
  private static final int LOCAL_HEADER = 0x04034b50;
  private static final int CENTRAL_HEADER = 0x02014b50;
  private static final int END_RECORD = 0x06054b50;
  private static final int LOCAL_BYTES = 30;
  private static final int CENTRAL_BYTES = 46;
  private static final int END_BYTES = 22;
  private static final int MAX_COMMENT = 0xFFFF;
  private static final int MAX_ENTRIES = 1 << 16;
  private static final int MAX_NAME = 1024;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int ENCRYPTED = 1;

  private final Source source;
  private final String place;
  private final ByteBuffer bytes;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private record Entry(int method, int flags, long crc, long packed, long size, long at) {}

  /**
   * Reads the directory.
   *
   * @param place where the archive lies, in messages
   */
  ZipArchive(Source source, String place, ByteBuffer bytes) {
    this.source = source;
    this.place = place;
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    readDirectory();
  }

  /** Whether the bytes begin as a zip does that has entries. */
  static boolean isZip(byte[] bytes) {
    return bytes.length >= LOCAL_BYTES
        && ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(0) == LOCAL_HEADER;
  }

  /** The entries' names, in the directory's order. */
  Set<String> names() {
    return entries.keySet();
  }

  /** The content of an entry, which must be there. */
  ByteBuffer read(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw source.malformed(place, "has no entry " + Source.quoted(name));
    }
    String where = at(name);
    ByteBuffer packed = packed(where, name, entry);
    ByteBuffer content =
        switch (entry.method()) {
          case STORED -> stored(where, entry, packed);
          case DEFLATED -> inflated(where, entry, packed);
          default -> throw source.malformed(where, "has the compression method " + entry.method());
        };
    CRC32 crc = new CRC32();
    crc.update(content.duplicate());
    if (crc.getValue() != entry.crc()) {
      throw source.malformed(where, "its bytes do not have the checksum that the archive states");
    }
    return content;
  }

  /** A short text. */
  String text(String name) {
    return StandardCharsets.UTF_8.decode(read(name)).toString().strip();
  }

  /** An entry as messages name it. */
  String at(String name) {
    String entry = "entry " + Source.quoted(name);
    return place.isEmpty() ? entry : place + ", " + entry;
  }

  private void readDirectory() {
    int end = endRecord();
    int count = Short.toUnsignedInt(bytes.getShort(end + 10));
    long at = Integer.toUnsignedLong(bytes.getInt(end + 16));
    if (count >= MAX_ENTRIES || at > end) {
      throw source.malformed(where(), "has a directory that lies outside of it");
    }
    for (int i = 0; i < count; i++) {
      at = readEntry(at, end);
    }
  }

  private int endRecord() {
    int last = bytes.limit() - END_BYTES;
    for (int at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
      if (bytes.getInt(at) == END_RECORD) {
        return at;
      }
    }
    throw source.malformed(where(), "is a zip without a directory: it has been cut off");
  }

  private long readEntry(long start, int end) {
    if (start + CENTRAL_BYTES > end || bytes.getInt((int) start) != CENTRAL_HEADER) {
      throw source.malformed(where(), "has a directory that is damaged at byte " + start);
    }
    int at = (int) start;
    int nameBytes = Short.toUnsignedInt(bytes.getShort(at + 28));
    long next =
        start
            + CENTRAL_BYTES
            + nameBytes
            + Short.toUnsignedInt(bytes.getShort(at + 30))
            + Short.toUnsignedInt(bytes.getShort(at + 32));
    if (next > end || nameBytes > MAX_NAME) {
      throw source.malformed(where(), "has a directory that is damaged at byte " + start);
    }
    String name =
        StandardCharsets.UTF_8.decode(bytes.slice(at + CENTRAL_BYTES, nameBytes)).toString();
    requireHarmless(name);
    Entry entry =
        new Entry(
            Short.toUnsignedInt(bytes.getShort(at + 10)),
            Short.toUnsignedInt(bytes.getShort(at + 8)),
            Integer.toUnsignedLong(bytes.getInt(at + 16)),
            Integer.toUnsignedLong(bytes.getInt(at + 20)),
            Integer.toUnsignedLong(bytes.getInt(at + 24)),
            Integer.toUnsignedLong(bytes.getInt(at + 42)));
    if (entries.put(name, entry) != null) {
      throw source.malformed(where(), "has two entries " + Source.quoted(name));
    }
    return next;
  }

  /** Nothing is ever unpacked to a file; but a name like these comes from no exporter. */
  private void requireHarmless(String name) {
    boolean climbs = ("/" + name + "/").contains("/../");
    if (name.isEmpty() || name.startsWith("/") || name.indexOf('\\') >= 0 || climbs) {
      throw source.malformed(
          where(), "has an entry " + Source.quoted(name) + ", which leads out of the archive");
    }
  }

  private ByteBuffer packed(String where, String name, Entry entry) {
    if ((entry.flags() & ENCRYPTED) != 0) {
      throw source.malformed(where, "is encrypted");
    }
    long header = entry.at();
    if (header + LOCAL_BYTES > bytes.limit() || bytes.getInt((int) header) != LOCAL_HEADER) {
      throw source.malformed(where, "the directory says that it begins where none does");
    }
    long nameBytes = Short.toUnsignedInt(bytes.getShort((int) header + 26));
    long extraBytes = Short.toUnsignedInt(bytes.getShort((int) header + 28));
    long data = header + LOCAL_BYTES + nameBytes + extraBytes;
    if (data + entry.packed() > bytes.limit()) {
      throw source.malformed(
          where, "has " + entry.packed() + " bytes, more than are left of the file");
    }
    byte[] expected = name.getBytes(StandardCharsets.UTF_8);
    if (nameBytes != expected.length
        || !bytes
            .slice((int) header + LOCAL_BYTES, expected.length)
            .equals(ByteBuffer.wrap(expected))) {
      throw source.malformed(where, "has another name at its beginning");
    }
    return bytes.slice((int) data, (int) entry.packed()).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer stored(String where, Entry entry, ByteBuffer packed) {
    if (entry.packed() != entry.size()) {
      throw source.malformed(
          where, "is stored in " + entry.packed() + " bytes, but has " + entry.size());
    }
    return packed;
  }

  private ByteBuffer inflated(String where, Entry entry, ByteBuffer packed) {
    source.take(where, entry.size());
    byte[] content = new byte[(int) entry.size()];
    try (Inflater inflater = new Inflater(true)) {
      inflater.setInput(packed);
      int filled = 0;
      while (filled < content.length) {
        int more = inflater.inflate(content, filled, content.length - filled);
        if (more == 0) {
          break;
        }
        filled += more;
      }
      boolean over = inflater.inflate(new byte[1]) > 0;
      if (filled < content.length || over || !inflater.finished()) {
        throw source.malformed(where, "does not unpack to the " + entry.size() + " bytes stated");
      }
    } catch (DataFormatException e) {
      throw source.malformed(where, "its compressed bytes are damaged");
    }
    return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  }

  private String where() {
    return place.isEmpty() ? "archive" : place;
  }
}
