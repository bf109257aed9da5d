package dev.thimble.importer.keras;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.GraphException;
import dev.thimble.graph.Program;
import dev.thimble.importer.IoInfo;
import dev.thimble.importer.ModelException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Reads a Keras model into a program of one graph. Weights become filters in the graph's layout,
 * batch normalization becomes a product and a sum, and a batch of unknown extent is 1.
 */
public final class KerasImporter {
  private static final Pattern VERSION = Pattern.compile("^([0-9]{1,2})\\.([0-9]{1,2})");
  private static final String CONFIG = "config.json";
  private static final String METADATA = "metadata.json";
  private static final String STORE = "model.weights.h5";
  private static final long MAX_STORE_BYTES = 1L << 30;

  /** A program, and how its inputs and outputs lie in the file. */
  public record Imported(Program program, List<IoInfo> inputs, List<IoInfo> outputs) {
    public Imported {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }
  }

  private ModelFile file;

  private KerasImporter(String name) {
    file = new ModelFile(name, 0);
  }

  /** Whether the bytes are an HDF5 file, which Keras names {@code .h5}. */
  public static boolean isHdf5(byte[] bytes) {
    return Hdf5.isHdf5(bytes);
  }

  /**
   * Whether the bytes are a zip archive that holds a Keras configuration. What a damaged archive
   * was is known from its name alone.
   */
  public static boolean isArchive(String file, byte[] bytes) {
    if (!Archive.isArchive(bytes)) {
      return false;
    }
    boolean named = file.toLowerCase(Locale.ROOT).endsWith(".keras");
    try {
      Archive archive = new Archive(new ModelFile(file, 0), bytes);
      return archive.has(CONFIG) && (named || archive.has(STORE));
    } catch (ModelException e) {
      return named;
    }
  }

  /**
   * The program in these bytes. {@code file} names them in messages.
   *
   * @throws ModelException when the bytes are malformed, at the first such place; or when not
   *     everything in them is supported, with all of that in one message
   */
  public static Imported read(String file, String program, byte[] bytes) {
    KerasImporter importer = new KerasImporter(file);
    try {
      return Hdf5.isHdf5(bytes)
          ? importer.legacy(program, bytes)
          : importer.archive(program, bytes);
    } catch (UnsupportedLayer e) {
      throw importer.unsupported("the model is not supported", List.of(e.finding()));
    } catch (StackOverflowError e) {
      throw importer.file.malformed("model", "is nested too deeply");
    }
  }

  private Imported legacy(String program, byte[] bytes) {
    Hdf5 hdf5 = new Hdf5(file, bytes);
    Optional<String> config = hdf5.text("", "model_config");
    if (config.isEmpty()) {
      throw ModelException.at(
          file.name(),
          "HDF5 attribute model_config",
          "is missing, so this is no Keras model, or its weights alone",
          "save the whole model: model.save");
    }
    version(hdf5.text("", "keras_version").orElse(""));
    return program(program, config.get(), new LegacyWeights(file, hdf5));
  }

  private Imported archive(String program, byte[] bytes) {
    Archive archive = new Archive(file, bytes);
    String config = new String(archive.read(CONFIG, JsonText.MAX_BYTES), StandardCharsets.UTF_8);
    if (archive.has(METADATA)) {
      byte[] metadata = archive.read(METADATA, JsonText.MAX_BYTES);
      String text = new String(metadata, StandardCharsets.UTF_8);
      version(JsonText.parse(file, METADATA, text).path("keras_version").asString(""));
    }
    byte[] store = archive.read(STORE, Math.min(MAX_STORE_BYTES, 8L * bytes.length + (1 << 20)));
    return program(program, config, new StoredWeights(new Hdf5(file, store)));
  }

  /** Takes note of the version that wrote the file, such as 2.10.0 or 3.4.1. */
  private void version(String version) {
    Matcher parts = VERSION.matcher(version);
    if (parts.find()) {
      int number = 100 * Integer.parseInt(parts.group(1)) + Integer.parseInt(parts.group(2));
      file = new ModelFile(file.name(), number);
    }
  }

  private Imported program(String name, String configuration, Weights weights) {
    JsonNode json = JsonText.parse(file, "model configuration", configuration);
    NetReader reader = new NetReader(file);
    Net net = reader.read(json);
    GraphBuilder builder = new GraphBuilder(file);
    NetImport importer = new NetImport(file, reader, weights, builder);
    List<KerasTensor> inputs = importer.inputs(net);
    List<KerasTensor> outputs =
        importer.run(net, LayerPath.ROOT, inputs).stream().flatMap(Optional::stream).toList();
    if (!importer.findings().isEmpty()) {
      throw unsupported(
          importer.findings().size() + " of " + importer.applications() + " layers not supported",
          importer.findings());
    }
    return checked(name, net, builder, inputs, outputs);
  }

  private Imported checked(
      String name,
      Net net,
      GraphBuilder builder,
      List<KerasTensor> inputs,
      List<KerasTensor> outputs) {
    try {
      Graph graph =
          new Graph(
              net.name().isEmpty() ? "main" : net.name(),
              NetImport.values(inputs),
              builder.constants(),
              builder.nodes(NetImport.values(outputs)),
              NetImport.values(outputs),
              Map.of());
      Program program = new Program(name, List.of(GraphChecker.check(graph)));
      return new Imported(program, ends(inputs), ends(outputs));
    } catch (GraphException e) {
      throw file.malformed("model", String.valueOf(e.getMessage()));
    }
  }

  private static List<IoInfo> ends(List<KerasTensor> tensors) {
    return tensors.stream()
        .map(tensor ->
            tensor.isPlain()
                ? IoInfo.sameLayout(tensor.value())
                : IoInfo.ordered(tensor.value(), tensor.order()))
        .toList();
  }

  private ModelException unsupported(String summary, List<String> findings) {
    return ModelException.unsupported(
        file.name(),
        summary,
        findings,
        "express these layers with supported ones ("
            + LayerImport.LAYERS
            + ") and save the model in float32");
  }
}
