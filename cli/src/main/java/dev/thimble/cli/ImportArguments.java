package dev.thimble.cli;

import dev.thimble.importer.ConstantFile;
import dev.thimble.importer.GivenConstant;
import dev.thimble.importer.ImportOptions;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** The options that say what a model file leaves open. */
final class ImportArguments {
  /** What becomes of elements of float64. */
  private enum Wide {
    REFUSE,
    NARROW
  }

  @Option(
      names = "--shape",
      paramLabel = "NAME=DIMS",
      description = {
        "The shape of an input that the model leaves open, such as input=1,3,224,224; repeated",
        "for several inputs."
      })
  private List<String> shapes = List.of();

  @Option(
      names = "--constant",
      paramLabel = "NAME=WHAT",
      description = {
        "Make an input a constant: WHAT is a file FILE.npy or FILE.pb (a tensor of ONNX), or"
            + " numbers",
        "in row-major order, such as axes=0,2; repeated for several inputs."
      })
  private List<String> constants = List.of();

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = {
        "Weights in the place of the model's own, by the same names: a state dict of PyTorch's",
        "(.pth, .pt), .safetensors or .pt2; for ONNX and PyTorch models."
      })
  private @Nullable Path weights;

  @Option(
      names = "--float64",
      paramLabel = "HOW",
      defaultValue = "refuse",
      description =
          "What to do with float64: refuse, or narrow: compute with float32 instead, which is less"
              + " exact (default: ${DEFAULT-VALUE}).")
  private String float64 = "refuse";

  private final Map<String, GivenConstant> recorded = new LinkedHashMap<>();

  /** Whether any of these options stands on the command line. */
  boolean given() {
    return !shapes.isEmpty() || !constants.isEmpty() || weights != null || narrows();
  }

  /** The files that these options name. */
  List<Path> files() {
    List<Path> files = new ArrayList<>();
    for (String text : constants) {
      String what = text.substring(text.lastIndexOf('=') + 1);
      if (ConstantFile.isNamed(what)) {
        files.add(Path.of(what));
      }
    }
    if (weights != null) {
      files.add(weights);
    }
    return files;
  }

  private boolean narrows() {
    return Words.choice("--float64", Wide.values(), float64, w -> w.name().toLowerCase(Locale.ROOT))
        == Wide.NARROW;
  }

  /** The options; files that they name are read. */
  ImportOptions options() {
    Map<String, List<Integer>> given = new LinkedHashMap<>();
    for (String text : shapes) {
      int equals = text.lastIndexOf('=');
      String dims = text.substring(equals + 1);
      if (equals < 1 || !dims.matches("[1-9]\\d{0,8}(,[1-9]\\d{0,8})*")) {
        throw new IllegalArgumentException(
            "--shape '" + text + "' is no NAME=DIMS, such as input=1,3,224,224");
      }
      List<Integer> shape = Arrays.stream(dims.split(",")).map(Integer::valueOf).toList();
      if (given.put(text.substring(0, equals), shape) != null) {
        throw new IllegalArgumentException("--shape gives a shape twice: " + text);
      }
    }
    return new ImportOptions(given, constants(), narrows(), false, Optional.ofNullable(weights));
  }

  private Map<String, GivenConstant> constants() {
    Map<String, GivenConstant> given = new LinkedHashMap<>(recorded);
    for (String text : constants) {
      int equals = text.lastIndexOf('=');
      if (equals < 1 || equals + 1 == text.length()) {
        throw new IllegalArgumentException(
            "--constant '" + text + "' is no NAME=FILE.npy, NAME=FILE.pb or NAME=1,2,3");
      }
      String what = text.substring(equals + 1);
      GivenConstant constant =
          ConstantFile.isNamed(what)
              ? ConstantFile.read(Path.of(what), narrows())
              : new GivenConstant.Values(List.of(what.split(",", -1)));
      if (given.put(text.substring(0, equals), constant) != null) {
        throw new IllegalArgumentException("--constant gives a constant twice: " + text);
      }
    }
    return given;
  }

  /** Takes over the options that a report in this folder records. */
  void as(JsonNode options, Path folder) {
    shapes = new ArrayList<>();
    options
        .path("shape")
        .properties()
        .forEach(entry ->
            shapes.add(
                entry.getKey() + "=" + entry.getValue().toString().replaceAll("[\\[\\] ]", "")));
    constants = List.of();
    recorded.clear();
    options
        .path("constant")
        .properties()
        .forEach(entry -> recorded.put(entry.getKey(), constant(entry.getValue())));
    float64 = options.path("float64").asString("refuse");
    weights =
        options.hasNonNull("weights") ? folder.resolve(options.path("weights").asString()) : null;
  }

  private static GivenConstant constant(JsonNode recorded) {
    String values = recorded.path("values").asString();
    List<String> numbers = values.isEmpty() ? List.of() : List.of(values.split(",", -1));
    @Nullable String type = recorded.hasNonNull("type") ? recorded.path("type").asString() : null;
    if (type == null) {
      return new GivenConstant.Values(numbers);
    }
    DType dtype = DType.valueOf(type.toUpperCase(Locale.ROOT));
    List<Integer> dims = new ArrayList<>();
    recorded.path("shape").forEach(extent -> dims.add(extent.asInt()));
    if (dims.contains(0)) {
      return new GivenConstant.Array(dtype, dims, Optional.empty());
    }
    TensorType whole =
        TensorType.of(dtype, Shape.of(dims.stream().mapToInt(extent -> extent).toArray()));
    if (!dtype.isFloat()) {
      long[] longs = numbers.stream().mapToLong(Long::parseLong).toArray();
      return new GivenConstant.Array(Tensor.ofLongs(whole, longs));
    }
    float[] floats = new float[numbers.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Float.parseFloat(numbers.get(i));
    }
    return new GivenConstant.Array(Tensor.ofFloats(whole, floats));
  }
}
