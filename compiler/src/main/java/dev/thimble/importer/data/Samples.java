package dev.thimble.importer.data;

import dev.thimble.graph.Value;
import dev.thimble.importer.IoInfo;
import dev.thimble.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads samples for a model's inputs: {@code .npy}, {@code .npz}, raw {@code .bin}, images, WAV
 * files, and folders of these. Numbers are taken as they are: they must fit the input's own type
 * exactly. {@code docs/data.md} says what fits what.
 */
public final class Samples {
  private final List<Value> inputs;
  private final List<IoInfo> layouts;

  private Samples(List<Value> inputs) {
    this(inputs, inputs.stream().map(IoInfo::sameLayout).toList());
  }

  private Samples(List<Value> inputs, List<IoInfo> layouts) {
    this.inputs = inputs;
    this.layouts = layouts;
  }

  /**
   * The samples in one file or folder. With several inputs it must be an {@code .npz} with an array
   * for each.
   *
   * @return for each sample a tensor for each input, in their order
   * @throws DataException when the data cannot be read or does not fit
   */
  public static List<List<Tensor>> read(Path data, List<Value> inputs) {
    return List.copyOf(new Samples(inputs).whole(data));
  }

  /**
   * The samples in what a command line gives: one path, or {@code NAME=PATH} for each input.
   *
   * @return for each sample a tensor for each input, in their order
   * @throws DataException when the data cannot be read or does not fit
   */
  public static List<List<Tensor>> read(List<String> data, List<Value> inputs) {
    return List.copyOf(read(data, new Samples(inputs)));
  }

  /**
   * The samples in what a command line gives for a model, read one by one: no more than a file of
   * them is in memory, however many there are. Arrays lie as the model's file has its inputs, and
   * become tensors of the graph. The samples can be gone through as often as needed; what is wrong
   * with them shows on the way, as a {@link DataException}.
   */
  public static Iterable<List<Tensor>> ofModel(List<String> data, List<IoInfo> inputs) {
    List<Value> ports = inputs.stream().map(IoInfo::value).toList();
    Samples samples = new Samples(ports, inputs);
    boolean folder =
        data.size() == 1
            && ports.size() == 1
            && samples.named(data.getFirst()).isEmpty()
            && Files.isDirectory(path(data.getFirst()));
    if (!folder) {
      return read(data, samples);
    }
    List<Path> files = Folder.files(path(data.getFirst()));
    return () ->
        files.stream()
            .flatMap(file -> samples.fileSamples(file, ports.getFirst()).stream())
            .map(List::of)
            .iterator();
  }

  private static List<List<Tensor>> read(List<String> data, Samples samples) {
    return data.size() == 1 && samples.named(data.getFirst()).isEmpty()
        ? samples.whole(path(data.getFirst()))
        : samples.byName(data);
  }

  private List<List<Tensor>> whole(Path data) {
    if (DataFile.extension(data).equals("npz") && !Files.isDirectory(data)) {
      Map<String, NumberArray> arrays = DataFile.npz(data);
      List<List<Tensor>> columns = new ArrayList<>();
      for (Value input : inputs) {
        columns.add(
            arranged(new Fitting(data, inFile(input)).samples(pick(data, arrays, input)), input));
      }
      return rows(columns);
    }
    if (inputs.size() != 1) {
      throw new DataException(
          data,
          "the model has "
              + inputs.size()
              + " inputs; give an .npz with an array for each, or NAME=DATA for each of "
              + names());
    }
    return rows(List.of(samples(data, inputs.getFirst())));
  }

  private List<List<Tensor>> byName(List<String> data) {
    Map<Value, Path> paths = new LinkedHashMap<>();
    for (String text : data) {
      Value input =
          named(text)
              .orElseThrow(() ->
                  new DataException(
                      "'" + text + "' names no input; give NAME=DATA for each of " + names()));
      if (paths.put(input, path(text.substring(input.name().length() + 1))) != null) {
        throw new DataException("input '" + input.name() + "' is given twice");
      }
    }
    List<List<Tensor>> columns = new ArrayList<>();
    for (Value input : inputs) {
      Path path = paths.get(input);
      if (path == null) {
        throw new DataException(
            "input '" + input.name() + "' is not given; give NAME=DATA for each of " + names());
      }
      columns.add(samples(path, input));
    }
    return rows(columns);
  }

  /** The input that a text {@code NAME=PATH} names: that of the longest name that fits. */
  private Optional<Value> named(String text) {
    return inputs.stream()
        .filter(input -> text.startsWith(input.name() + "="))
        .max((a, b) -> Integer.compare(a.name().length(), b.name().length()));
  }

  private String names() {
    return inputs.stream().map(input -> "'" + input.name() + "'").collect(Collectors.joining(", "));
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new DataException("'" + text + "' is no path");
    }
  }

  /** Turns a list of samples for each input into a list of inputs for each sample. */
  private List<List<Tensor>> rows(List<List<Tensor>> columns) {
    int count = columns.getFirst().size();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).size() != count) {
        throw new DataException(
            "input '"
                + inputs.getFirst().name()
                + "' has "
                + count
                + " samples, input '"
                + inputs.get(i).name()
                + "' has "
                + columns.get(i).size());
      }
    }
    return new AbstractList<>() {
      @Override
      public List<Tensor> get(int index) {
        return columns.stream().map(column -> column.get(index)).toList();
      }

      @Override
      public int size() {
        return count;
      }
    };
  }

  private List<Tensor> samples(Path path, Value input) {
    if (!Files.isDirectory(path)) {
      return fileSamples(path, input);
    }
    List<Tensor> samples = new ArrayList<>();
    Folder.files(path).forEach(file -> samples.addAll(fileSamples(file, input)));
    return samples;
  }

  private List<Tensor> fileSamples(Path file, Value input) {
    Value given = inFile(input);
    return switch (DataFile.extension(file)) {
      case "npy" ->
          arranged(new Fitting(file, given).samples(Npy.read(file, DataFile.bytes(file))), input);
      case "npz" ->
          arranged(new Fitting(file, given).samples(pick(file, DataFile.npz(file), input)), input);
      case "bin" -> arranged(raw(file, DataFile.bytes(file), given), input);
      case "png", "jpg", "jpeg", "bmp" -> List.of(Images.read(file, DataFile.bytes(file), input));
      case "wav" -> List.of(Wav.read(file, DataFile.bytes(file), input));
      default ->
          throw new DataException(
              file, "is of no known kind: .npy, .npz, .bin, .png, .jpg, .bmp and .wav are read");
    };
  }

  private IoInfo layout(Value input) {
    return layouts.get(inputs.indexOf(input));
  }

  /** The input with its axes as the model's file has them, and so arrays. */
  private Value inFile(Value input) {
    return new Value(input.name(), input.type().withShape(layout(input).sourceShape()));
  }

  /** Tensors with their axes as the graph has them. */
  private List<Tensor> arranged(List<Tensor> given, Value input) {
    IoInfo layout = layout(input);
    return layout.isSameLayout() ? given : given.stream().map(layout::ofSource).toList();
  }

  /** The array of the input's name; or the only array, for a model with one input. */
  private NumberArray pick(Path file, Map<String, NumberArray> arrays, Value input) {
    NumberArray named = arrays.get(input.name());
    if (named != null) {
      return named;
    }
    if (arrays.size() == 1 && inputs.size() == 1) {
      return arrays.values().iterator().next();
    }
    throw new DataException(
        file, "holds the arrays " + arrays.keySet() + ", none named '" + input.name() + "'");
  }

  /** Samples one after the other, each the input's elements, little-endian, in the input's type. */
  private static List<Tensor> raw(Path file, byte[] bytes, Value input) {
    long each = input.type().bytes();
    if (bytes.length == 0 || bytes.length % each != 0) {
      throw new DataException(
          file,
          "has "
              + bytes.length
              + " bytes, input '"
              + input.name()
              + "' takes a multiple of "
              + each
              + ": "
              + input.type().dtype().reportName()
              + input.type().shape());
    }
    NumberArray.Kind kind =
        switch (input.type().dtype()) {
          case FLOAT32 -> NumberArray.Kind.FLOAT32;
          case INT8 -> NumberArray.Kind.INT8;
          case UINT8 -> NumberArray.Kind.UINT8;
          case INT16 -> NumberArray.Kind.INT16;
          case UINT16 -> NumberArray.Kind.UINT16;
          case INT32 -> NumberArray.Kind.INT32;
          case UINT32 -> NumberArray.Kind.UINT32;
          case INT64 -> NumberArray.Kind.INT64;
          case BOOL -> NumberArray.Kind.BOOL;
        };
    List<Integer> shape = new ArrayList<>(List.of((int) (bytes.length / each)));
    for (int extent : input.type().shape().dims()) {
      shape.add(extent);
    }
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return new Fitting(file, input).samples(new NumberArray(kind, shape, data));
  }
}
