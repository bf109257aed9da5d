package dev.thimble.importer.pytorch.archive;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What {@code _rebuild_tensor_v2} makes: tensors from storages in the pickle's own archive. */
final class TensorCalls {
  private final Source source;
  private final ZipArchive archive;
  private final String folder;

  /**
   * @param folder the entries' names up to the storages' keys, such as {@code archive/data/}
   */
  TensorCalls(Source source, ZipArchive archive, String folder) {
    this.source = source;
    this.archive = archive;
    this.folder = folder;
  }

  /** The tensor of these arguments: storage, offset, sizes, strides, and what does not matter. */
  Pickled tensor(String place, List<Pickled> arguments) {
    if (arguments.size() < 4
        || !(arguments.get(0) instanceof Pickled.Storage(String type, String key, long elements))
        || !(arguments.get(1) instanceof Pickled.Whole(long offset))
        || !(arguments.get(2) instanceof Pickled.Items sizes)
        || !(arguments.get(3) instanceof Pickled.Items strides)
        || sizes.items.size() != strides.items.size()) {
      throw source.malformed(place, "makes a tensor of what is no storage, offset and shape");
    }
    ElementKind kind =
        ElementKind.ofStorage(type)
            .orElseThrow(() -> source.malformed(place, "has a storage of type " + type));
    ByteBuffer storage = archive.read(folder + key);
    if (elements < 0 || elements > storage.limit() / kind.bytes()) {
      throw source.malformed(
          archive.at(folder + key),
          "has " + storage.limit() + " bytes, too few for " + elements + " of " + kind.text());
    }
    List<Integer> dims = new ArrayList<>();
    numbers(place, sizes).forEach(size -> dims.add(Math.clamp(size, -1, Integer.MAX_VALUE)));
    return new Pickled.StoredValue(
        new StoredTensor(kind, storage, dims, numbers(place, strides), offset));
  }

  private List<Long> numbers(String place, Pickled.Items items) {
    List<Long> numbers = new ArrayList<>();
    for (Pickled item : items.items) {
      if (!(item instanceof Pickled.Whole(long value))) {
        throw source.malformed(place, "has a shape or strides that are no integers");
      }
      numbers.add(value);
    }
    return numbers;
  }
}
