package dev.thimble.importer.pytorch.archive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Tensors as the library safetensors writes them: the length of a header in eight bytes, the header
 * as JSON, then the tensors' bytes, little-endian and in row-major order, without overlaps or gaps.
 * Source: the section "Format" of the library's README.
 */
final class Safetensors {
  private static final int LENGTH_BYTES = 8;
  private static final long MAX_HEADER = 100_000_000;
  private static final String METADATA = "__metadata__";
  private static final String PLACE = "header";

  private record Placed(String name, ElementKind kind, List<Integer> dims, long from, long to) {}

  private final Source source;
  private final ByteBuffer data;

  private Safetensors(Source source, ByteBuffer data) {
    this.source = source;
    this.data = data;
  }

  /** Whether the bytes begin with a length and an object's brace, as nothing of PyTorch's does. */
  static boolean isSafetensors(byte[] bytes) {
    return bytes.length > LENGTH_BYTES && bytes[LENGTH_BYTES] == '{';
  }

  /** The tensors by their names. */
  static Map<String, StoredTensor> read(Source source, byte[] bytes) {
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long length = all.getLong(0);
    long room = (long) bytes.length - LENGTH_BYTES;
    if (length < 0 || length > Math.min(room, MAX_HEADER)) {
      throw source.malformed(
          PLACE, "has " + Long.toUnsignedString(length) + " bytes, the file has room for " + room);
    }
    JsonAt header = JsonAt.parse(source, PLACE, all.slice(LENGTH_BYTES, (int) length));
    int start = LENGTH_BYTES + (int) length;
    ByteBuffer data = all.slice(start, bytes.length - start).order(ByteOrder.LITTLE_ENDIAN);
    return new Safetensors(source, data).tensors(header);
  }

  private Map<String, StoredTensor> tensors(JsonAt header) {
    List<Placed> placed = new ArrayList<>();
    header
        .fields()
        .forEach((name, at) -> {
          if (!name.equals(METADATA)) {
            placed.add(placed(name, at));
          }
        });
    requireFilled(placed);
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    for (Placed tensor : placed) {
      ByteBuffer bytes = data.slice((int) tensor.from(), (int) (tensor.to() - tensor.from()));
      tensors.put(
          tensor.name(),
          new StoredTensor(
              tensor.kind(),
              bytes.order(ByteOrder.LITTLE_ENDIAN),
              tensor.dims(),
              strides(tensor.dims()),
              0));
    }
    return tensors;
  }

  private Placed placed(String name, JsonAt at) {
    String type = at.get("dtype").text();
    ElementKind kind =
        kind(type)
            .orElseThrow(() ->
                at.malformed("has elements of " + Source.quoted(type) + ", which no model reads"));
    List<Integer> dims = dims(at.get("shape"));
    // Beyond 2^53 a double is not exact; but then no file holds the tensor either.
    double bytes =
        dims.stream().mapToDouble(extent -> extent).reduce(kind.bytes(), (a, b) -> a * b);
    List<JsonAt> offsets = at.get("data_offsets").items();
    if (offsets.size() != 2) {
      throw at.get("data_offsets").malformed("is no pair");
    }
    long from = offsets.get(0).integer();
    long to = offsets.get(1).integer();
    if (from < 0 || to < from || to > data.limit() || to - from != bytes) {
      throw at.malformed(
          String.format(
              Locale.ROOT,
              "%s%s has its bytes from %d to %d, of the %d in the file",
              kind.text(),
              dims,
              from,
              to,
              data.limit()));
    }
    return new Placed(name, kind, dims, from, to);
  }

  private static List<Integer> dims(JsonAt shape) {
    List<Integer> dims = new ArrayList<>();
    for (JsonAt item : shape.items()) {
      long extent = item.integer();
      if (extent < 0 || extent > Integer.MAX_VALUE) {
        throw item.malformed("is no extent");
      }
      dims.add((int) extent);
    }
    return dims;
  }

  /** Every byte belongs to one tensor: anything else would hide data, or share them. */
  private void requireFilled(List<Placed> placed) {
    List<Placed> sorted = new ArrayList<>(placed);
    sorted.sort(Comparator.comparingLong(Placed::from).thenComparingLong(Placed::to));
    long at = 0;
    for (Placed tensor : sorted) {
      if (tensor.from() != at) {
        throw source.malformed(
            PLACE + "." + Source.quoted(tensor.name()),
            tensor.from() < at
                ? "begins at byte " + tensor.from() + ", inside of another tensor"
                : "leaves a gap from byte " + at + " to byte " + tensor.from());
      }
      at = tensor.to();
    }
    if (at != data.limit()) {
      throw source.malformed(
          PLACE, "describes " + at + " bytes of data, the file has " + data.limit());
    }
  }

  private static List<Long> strides(List<Integer> dims) {
    List<Long> strides = new ArrayList<>();
    long stride = 1;
    for (int axis = dims.size() - 1; axis >= 0; axis--) {
      strides.addFirst(stride);
      stride *= Math.max(1, dims.get(axis));
    }
    return strides;
  }

  private static Optional<ElementKind> kind(String type) {
    return Optional.ofNullable(
        switch (type) {
          case "F64" -> ElementKind.FLOAT64;
          case "F32" -> ElementKind.FLOAT32;
          case "F16" -> ElementKind.FLOAT16;
          case "BF16" -> ElementKind.BFLOAT16;
          case "I64" -> ElementKind.INT64;
          case "I32" -> ElementKind.INT32;
          case "I16" -> ElementKind.INT16;
          case "U16" -> ElementKind.UINT16;
          case "I8" -> ElementKind.INT8;
          case "U8" -> ElementKind.UINT8;
          case "BOOL" -> ElementKind.BOOL;
          default -> null;
        });
  }
}
