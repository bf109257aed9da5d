package dev.thimble.importer.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads numpy's array format, versions 1 to 3, row-major or Fortran order, of either byte order.
 * Source: {@code numpy.lib.format}.
 */
final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_AXES = 32;
  private static final Pattern HEADER =
      Pattern.compile(
          "\\s*\\{\\s*'descr':\\s*'([^']{1,16})',\\s*'fortran_order':\\s*(True|False),"
              + "\\s*'shape':\\s*\\(([0-9, ]{0,400})\\),?\\s*\\}\\s*");

  private final Path file;
  private final ByteBuffer bytes;

  private Npy(Path file, ByteBuffer bytes) {
    this.file = file;
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The array in these bytes; {@code file} names them in messages. */
  static NumberArray read(Path file, byte[] bytes) {
    return read(file, ByteBuffer.wrap(bytes));
  }

  /** The array in the bytes of this buffer, which is read on when elements are asked for. */
  static NumberArray read(Path file, ByteBuffer bytes) {
    return new Npy(file, bytes).read();
  }

  private NumberArray read() {
    String header = header();
    Matcher fields = HEADER.matcher(header);
    if (!fields.matches()) {
      throw error("its header is not that of one array of numbers: " + header.strip());
    }
    String descr = fields.group(1);
    NumberArray.Kind kind = kind(descr);
    List<Integer> shape = shape(fields.group(3));
    long size = kind.bytes();
    for (int extent : shape) {
      size = Math.multiplyExact(size, extent);
      if (size > bytes.remaining()) {
        break;
      }
    }
    if (size != bytes.remaining()) {
      throw error(
          "its shape " + shape + " does not fit the " + bytes.remaining() + " bytes of its data");
    }
    ByteBuffer data = bytes.slice();
    ByteOrder order = descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    boolean fortran = fields.group(2).equals("True") && shape.size() > 1;
    ByteBuffer rows = fortran ? rowMajor(data, shape, kind.bytes()) : data;
    return new NumberArray(kind, shape, rows.order(order));
  }

  private String header() {
    if (bytes.remaining() < MAGIC.length + 4) {
      throw error("is too short for an .npy file");
    }
    for (byte expected : MAGIC) {
      if (bytes.get() != expected) {
        throw error("does not begin as an .npy file");
      }
    }
    int major = bytes.get();
    bytes.get();
    if (major < 1 || major > 3 || (major > 1 && bytes.remaining() < 4)) {
      throw error("has .npy version " + major + "; versions 1 to 3 are read");
    }
    long length = major == 1 ? Short.toUnsignedInt(bytes.getShort()) : bytes.getInt();
    if (length < 0 || length > bytes.remaining()) {
      throw error("ends within its header");
    }
    byte[] header = new byte[(int) length];
    bytes.get(header);
    return new String(header, StandardCharsets.UTF_8);
  }

  private NumberArray.Kind kind(String descr) {
    for (NumberArray.Kind kind : NumberArray.Kind.values()) {
      if (descr.length() == 3
          && "<>|=".indexOf(descr.charAt(0)) >= 0
          && descr.endsWith(kind.code())) {
        return kind;
      }
    }
    throw error(
        "has element type '"
            + descr
            + "'; float32, float64, int8, uint8, int16, int32 and int64 are read");
  }

  private List<Integer> shape(String text) {
    List<Integer> shape = new ArrayList<>();
    for (String part : text.split(",")) {
      if (part.isBlank()) {
        continue;
      }
      try {
        shape.add(Integer.parseInt(part.strip()));
      } catch (NumberFormatException e) {
        throw error(
            "has the shape (" + text + "); extents up to " + Integer.MAX_VALUE + " are read");
      }
    }
    if (shape.size() > MAX_AXES || shape.contains(0)) {
      throw error(
          "has the shape "
              + shape
              + "; arrays of up to "
              + MAX_AXES
              + " axes, none of them empty,"
              + " are read");
    }
    return shape;
  }

  /** The elements in row-major order, taken from an array whose first axis is the innermost. */
  private static ByteBuffer rowMajor(ByteBuffer data, List<Integer> shape, int elementBytes) {
    ByteBuffer rows = ByteBuffer.allocate(data.remaining());
    int[] strides = new int[shape.size()];
    int stride = elementBytes;
    for (int axis = 0; axis < strides.length; axis++) {
      strides[axis] = stride;
      stride *= shape.get(axis);
    }
    int[] index = new int[shape.size()];
    int source = 0;
    while (rows.hasRemaining()) {
      for (int i = 0; i < elementBytes; i++) {
        rows.put(data.get(source + i));
      }
      int axis = index.length - 1;
      while (axis >= 0) {
        source += strides[axis];
        if (++index[axis] < shape.get(axis)) {
          break;
        }
        source -= strides[axis] * shape.get(axis);
        index[axis] = 0;
        axis--;
      }
    }
    return rows.flip();
  }

  private DataException error(String what) {
    return new DataException(file, what);
  }
}
