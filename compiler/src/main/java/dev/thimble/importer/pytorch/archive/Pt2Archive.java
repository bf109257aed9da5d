package dev.thimble.importer.pytorch.archive;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The three layouts of {@code .pt2} archives: flat, with pickled weights (PyTorch up to 2.7); in
 * folders, with pickled weights (2.8); in folders, with a file for each tensor (2.9 and later).
 */
public final class Pt2Archive {
  private static final String FLAT_GRAPH = "serialized_exported_program.json";
  private static final String MODELS = "/models/";
  private static final String JSON = ".json";
  private static final byte[] OLD_PICKLE = {
    (byte) 0x80, 0x02, (byte) 0x8a, 0x0a, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20
  };

  private final Source source;
  private final ZipArchive zip;

  private Pt2Archive(Source source, ZipArchive zip) {
    this.source = source;
    this.zip = zip;
  }

  /** What a file of PyTorch's is. */
  public enum Content {
    /** A graph with its weights, which {@link #read} reads. */
    EXPORTED,
    /** Libraries that AOTInductor compiled, without their graph. */
    COMPILED,
    /** A TorchScript archive. */
    SCRIPTED,
    /** Weights without a graph, or Python objects. */
    PICKLED
  }

  /** What these bytes are, if they are PyTorch's at all; damaged zips are {@code EXPORTED}. */
  public static Optional<Content> recognise(byte[] bytes) {
    if (isOldPickle(bytes) || Safetensors.isSafetensors(bytes)) {
      return Optional.of(Content.PICKLED);
    }
    if (!ZipArchive.isZip(bytes)) {
      return Optional.empty();
    }
    try {
      return content(
          new ZipArchive(new Source("", bytes.length), "", ByteBuffer.wrap(bytes)).names());
    } catch (dev.thimble.importer.ModelException e) {
      // Only a reader that knows the file's name can say where it is damaged.
      return Optional.of(Content.EXPORTED);
    }
  }

  /** Whether the bytes begin as what {@code torch.save} wrote before version 1.6. */
  static boolean isOldPickle(byte[] bytes) {
    int common = java.util.Arrays.mismatch(bytes, OLD_PICKLE);
    return common == -1 || common == OLD_PICKLE.length;
  }

  private static Optional<Content> content(Set<String> names) {
    if (names.contains(FLAT_GRAPH) || names.stream().anyMatch(Pt2Archive::isGraph)) {
      return Optional.of(Content.EXPORTED);
    }
    if (names.stream().anyMatch(name -> name.contains("/data/aotinductor/"))) {
      return Optional.of(Content.COMPILED);
    }
    if (names.stream().anyMatch(name -> name.endsWith("/constants.pkl"))) {
      return Optional.of(Content.SCRIPTED);
    }
    return names.stream().anyMatch(name -> name.endsWith("/data.pkl"))
        ? Optional.of(Content.PICKLED)
        : Optional.empty();
  }

  private static boolean isGraph(String name) {
    int models = name.indexOf(MODELS);
    return models > 0
        && name.endsWith(JSON)
        && name.indexOf('/', models + MODELS.length()) < 0
        && name.lastIndexOf('/', models - 1) < 0;
  }

  /**
   * The model in these bytes.
   *
   * @throws dev.thimble.importer.ModelException where they are malformed
   */
  public static ExportedProgram read(Source source, byte[] bytes) {
    ZipArchive zip = new ZipArchive(source, "", ByteBuffer.wrap(bytes));
    Pt2Archive archive = new Pt2Archive(source, zip);
    return zip.names().contains(FLAT_GRAPH) ? archive.flat() : archive.inFolders();
  }

  private ExportedProgram flat() {
    Weights weights =
        new Weights(
            source, pickled("serialized_state_dict.pt"), pickled("serialized_constants.pt"));
    return GraphReader.read(graph(FLAT_GRAPH), weights);
  }

  private ExportedProgram inFolders() {
    List<String> graphs = new ArrayList<>(zip.names());
    graphs.removeIf(name -> !isGraph(name));
    if (graphs.size() != 1) {
      throw source.unsupported(
          "archive", "holds " + graphs.size() + " models", "save one model in an archive");
    }
    String graph = graphs.getFirst();
    String root = graph.substring(0, graph.indexOf('/') + 1);
    String model = graph.substring(root.length() + MODELS.length() - 1);
    model = model.substring(0, model.length() - JSON.length());
    PickledWeights.requireLittleEndian(source, zip, root);
    Weights weights =
        new Weights(
            source,
            tensors(root + "data/weights/", model, "_weights_config.json"),
            tensors(root + "data/constants/", model, "_constants_config.json"));
    return GraphReader.read(graph(graph), weights);
  }

  private JsonAt graph(String name) {
    return JsonAt.parse(source, zip.at(name), zip.read(name));
  }

  private Map<String, Supplier<StoredTensor>> tensors(String folder, String model, String config) {
    String index = folder + model + config;
    return zip.names().contains(index) ? raw(folder, index) : pickled(folder + model + ".pt");
  }

  /** The tensors of a pickle; none where the archive has no such entry. */
  private Map<String, Supplier<StoredTensor>> pickled(String name) {
    Map<String, Supplier<StoredTensor>> tensors = new LinkedHashMap<>();
    if (zip.names().contains(name)) {
      PickledWeights.read(source, zip.at(name), zip.read(name))
          .forEach((key, tensor) -> tensors.put(key, () -> tensor));
    }
    return tensors;
  }

  private Map<String, Supplier<StoredTensor>> raw(String folder, String index) {
    Map<String, Supplier<StoredTensor>> tensors = new LinkedHashMap<>();
    graph(index)
        .get("config")
        .fields()
        .forEach((name, at) -> tensors.put(name, () -> tensor(folder, at)));
    return tensors;
  }

  private StoredTensor tensor(String folder, JsonAt at) {
    String path = folder + at.get("path_name").text();
    if (at.get("use_pickle").truth()) {
      return PickledWeights.single(source, zip.at(path), zip.read(path));
    }
    JsonAt meta = at.get("tensor_meta");
    long code = meta.get("dtype").integer();
    ElementKind kind =
        ElementKind.ofCode(code).orElseThrow(() -> meta.malformed("has the element type " + code));
    List<Integer> dims =
        ArgumentReader.numbers(meta.get("sizes")).stream()
            .map(size -> Math.clamp(size, -1, Integer.MAX_VALUE))
            .toList();
    List<Long> strides = ArgumentReader.numbers(meta.get("strides"));
    if (strides.size() != dims.size()) {
      throw meta.malformed("has " + dims.size() + " sizes and " + strides.size() + " strides");
    }
    long offset =
        ArgumentReader.extent(meta.get("storage_offset"))
            .value()
            .orElseThrow(() -> meta.malformed("has no number as its offset"));
    return new StoredTensor(kind, storage(path, dims), dims, strides, offset);
  }

  /** A tensor's bytes; an archive may leave out those of tensors without elements. */
  private ByteBuffer storage(String path, List<Integer> dims) {
    return dims.contains(0) && !zip.names().contains(path)
        ? ByteBuffer.allocate(0)
        : zip.read(path);
  }
}
