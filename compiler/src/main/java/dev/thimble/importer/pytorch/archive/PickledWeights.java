package dev.thimble.importer.pytorch.archive;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A dictionary of tensors as {@code torch.save} writes it: a zip of a pickle and of storages. */
final class PickledWeights {
  private static final String PICKLE = "data.pkl";

  private PickledWeights() {}

  /** The tensors by their names; values that are no tensors are left out. */
  static Map<String, StoredTensor> read(Source source, String place, ByteBuffer bytes) {
    return tensors(dictionary(source, place, bytes));
  }

  /** The dictionary, whatever it holds. */
  static Pickled.Dict dictionary(Source source, String place, ByteBuffer bytes) {
    if (!(value(source, place, bytes) instanceof Pickled.Dict dict)) {
      throw source.malformed(place.isEmpty() ? "archive" : place, "holds no dictionary of tensors");
    }
    return dict;
  }

  /** The tensors of a dictionary; values that are no tensors are left out. */
  static Map<String, StoredTensor> tensors(Pickled.Dict dict) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    dict.entries.forEach((name, entry) -> {
      if (entry instanceof Pickled.StoredValue(StoredTensor tensor)) {
        tensors.put(name, tensor);
      }
    });
    return tensors;
  }

  /** The only tensor. */
  static StoredTensor single(Source source, String place, ByteBuffer bytes) {
    if (!(value(source, place, bytes) instanceof Pickled.StoredValue(StoredTensor tensor))) {
      throw source.malformed(place, "holds no tensor");
    }
    return tensor;
  }

  private static Pickled value(Source source, String place, ByteBuffer bytes) {
    ZipArchive archive = new ZipArchive(source, place, bytes);
    String pickle =
        archive.names().stream()
            .filter(
                name -> name.endsWith("/" + PICKLE) && name.indexOf('/') == name.lastIndexOf('/'))
            .findFirst()
            .orElseThrow(() ->
                source.malformed(
                    place.isEmpty() ? "archive" : place,
                    "has no data.pkl: torch.save wrote it not"));
    String root = pickle.substring(0, pickle.length() - PICKLE.length());
    requireLittleEndian(source, archive, root);
    TensorCalls calls = new TensorCalls(source, archive, root + "data/");
    return new PickleReader(source, archive.at(pickle), archive.read(pickle), calls).read();
  }

  static void requireLittleEndian(Source source, ZipArchive archive, String root) {
    String order = root + "byteorder";
    if (archive.names().contains(order)) {
      ByteBuffer text = archive.read(order);
      if (!StandardCharsets.UTF_8.decode(text).toString().strip().equals("little")) {
        throw source.unsupported(
            archive.at(order), "the weights are big-endian", "export on a little-endian machine");
      }
    }
  }
}
