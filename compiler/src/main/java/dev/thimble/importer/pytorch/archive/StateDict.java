package dev.thimble.importer.pytorch.archive;

import dev.thimble.importer.ModelException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tensors by their names: a dictionary that {@code torch.save} wrote, safetensors, or the
 * parameters and persistent buffers of an archive of {@code torch.export}. Nothing in such a file
 * is executed.
 */
public final class StateDict {
  private static final String REMEDY =
      "the file is damaged, or holds no weights: save them by torch.save(model.state_dict(), ...)"
          + " or as safetensors";

  /** Where training scripts put the weights when they save more than these. */
  private static final List<String> NESTED = List.of("state_dict", "model_state_dict", "model");

  private StateDict() {}

  /** What a file without a graph holds. */
  public sealed interface Content {
    /** Tensors by their names. */
    record Tensors() implements Content {}

    /** Tensors by their names, as the entry {@code key} of what the file holds. */
    record Inside(String key) implements Content {}

    /** Tensors by their names, as the library safetensors writes them. */
    record Safe() implements Content {}

    /** Anything else, or what is damaged. */
    record Objects() implements Content {}
  }

  /** What these bytes hold. */
  public static Content contentOf(byte[] bytes) {
    if (Safetensors.isSafetensors(bytes)) {
      return new Content.Safe();
    }
    if (Pt2Archive.isOldPickle(bytes)) {
      // Of what was written before version 1.6, most are weights.
      return new Content.Tensors();
    }
    try {
      Pickled.Dict dict =
          PickledWeights.dictionary(new Source("", bytes.length), "", ByteBuffer.wrap(bytes));
      if (!PickledWeights.tensors(dict).isEmpty()) {
        return new Content.Tensors();
      }
      return inside(dict).<Content>map(Content.Inside::new).orElseGet(Content.Objects::new);
    } catch (ModelException e) {
      // Whatever else it is: only PyTorch can tell.
      return new Content.Objects();
    }
  }

  private static Optional<String> inside(Pickled.Dict dict) {
    return NESTED.stream()
        .filter(key ->
            dict.entries.get(key) instanceof Pickled.Dict inner
                && !PickledWeights.tensors(inner).isEmpty())
        .findFirst();
  }

  /**
   * The tensors in these bytes, in the file's order.
   *
   * @throws ModelException where they are malformed
   */
  public static Map<String, ExportedTensor> read(String file, byte[] bytes) {
    Source source = new Source(file, bytes.length, REMEDY);
    Map<String, StoredTensor> stored = stored(source, bytes);
    Map<String, ExportedTensor> tensors = new LinkedHashMap<>();
    stored.forEach((name, tensor) ->
        tensors.put(name, tensor.read(source, "weights of " + Source.quoted(name))));
    if (tensors.isEmpty()) {
      throw source.malformed("file", "holds no tensors by names");
    }
    return tensors;
  }

  private static Map<String, StoredTensor> stored(Source source, byte[] bytes) {
    if (Pt2Archive.isOldPickle(bytes)) {
      throw source.unsupported(
          "file",
          "has the form that PyTorch wrote before version 1.6",
          "write it anew, in Python: torch.save(torch.load(FILE), FILE)");
    }
    if (Safetensors.isSafetensors(bytes)) {
      return Safetensors.read(source, bytes);
    }
    if (!ZipArchive.isZip(bytes)) {
      throw source.malformed("file", "is neither a zip of torch.save nor safetensors");
    }
    if (Pt2Archive.recognise(bytes).equals(Optional.of(Pt2Archive.Content.EXPORTED))) {
      return Pt2Archive.read(source, bytes).weights().states();
    }
    Pickled.Dict dict = PickledWeights.dictionary(source, "", ByteBuffer.wrap(bytes));
    Map<String, StoredTensor> tensors = PickledWeights.tensors(dict);
    if (tensors.isEmpty()
        && inside(dict).map(dict.entries::get).orElse(dict) instanceof Pickled.Dict inner) {
      return PickledWeights.tensors(inner);
    }
    return tensors;
  }
}
