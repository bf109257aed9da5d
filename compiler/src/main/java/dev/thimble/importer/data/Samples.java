package dev.thimble.importer.data;

import dev.thimble.graph.Value;
import dev.thimble.importer.IoInfo;
import dev.thimble.op.Quantize;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
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
  private final List<IoInfo> ports;
  private final List<Value> inputs;

  private final ImageFit fit;

  private Samples(List<IoInfo> ports, ImageFit fit) {
    this.fit = fit;
    this.ports = ports;
    this.inputs = ports.stream().map(IoInfo::value).toList();
  }

  private static Samples of(List<Value> inputs) {
    return new Samples(inputs.stream().map(IoInfo::sameLayout).toList(), ImageFit.NONE);
  }

  /**
   * The samples in one file or folder. With several inputs it must be an {@code .npz} with an array
   * for each.
   *
   * @return for each sample a tensor for each input, in their order
   * @throws DataException when the data cannot be read or does not fit
   */
  public static List<List<Tensor>> read(Path data, List<Value> inputs) {
    return List.copyOf(of(inputs).whole(data));
  }

  /**
   * The samples in what a command line gives: one path, or {@code NAME=PATH} for each input.
   *
   * @return for each sample a tensor for each input, in their order
   * @throws DataException when the data cannot be read or does not fit
   */
  public static List<List<Tensor>> read(List<String> data, List<Value> inputs) {
    return List.copyOf(of(inputs).given(data));
  }

  /**
   * The samples for inputs of a model file: arrays lie as the file has its axes, images and sounds
   * as the graph has them.
   *
   * @return for each sample a tensor for each input, in their order, as the graph takes it
   * @throws DataException when the data cannot be read or does not fit
   */
  public static List<List<Tensor>> readSource(List<String> data, List<IoInfo> ports) {
    return readSource(data, ports, ImageFit.NONE);
  }

  /** {@link #readSource(List, List)} of images that may be changed to fit. */
  public static List<List<Tensor>> readSource(List<String> data, List<IoInfo> ports, ImageFit fit) {
    return List.copyOf(new Samples(ports, fit).given(data));
  }

  /**
   * The samples that {@link #readSource} reads, one by one: no more than a file of them is in
   * memory, however many there are. They can be gone through as often as needed; what is wrong with
   * them shows on the way.
   */
  public static Iterable<List<Tensor>> streamSource(List<String> data, List<IoInfo> ports) {
    return streamSource(data, ports, ImageFit.NONE);
  }

  /** {@link #streamSource(List, List)} of images that may be changed to fit. */
  public static Iterable<List<Tensor>> streamSource(
      List<String> data, List<IoInfo> ports, ImageFit fit) {
    Samples samples = new Samples(ports, fit);
    boolean folder =
        data.size() == 1
            && ports.size() == 1
            && samples.named(data.getFirst()).isEmpty()
            && Files.isDirectory(path(data.getFirst()));
    if (!folder) {
      return samples.given(data);
    }
    List<Path> files = Folder.files(path(data.getFirst()));
    return () ->
        files.stream()
            .flatMap(file -> samples.fileSamples(file, ports.getFirst().value()).stream())
            .map(List::of)
            .iterator();
  }

  /**
   * A sample as inputs store it: floats for an input of integers are quantised by its scale, as
   * rule Q2 of {@code docs/quantization.md} has it; all else stays as it is.
   *
   * @param sample a tensor for each input, of its shape
   */
  public static List<Tensor> stored(List<Tensor> sample, List<Value> inputs) {
    List<Tensor> stored = new ArrayList<>();
    for (int i = 0; i < sample.size(); i++) {
      TensorType type = inputs.get(i).type();
      stored.add(
          sample.get(i).type().isFloat() && !type.isFloat()
              ? new Quantize().evaluate(List.of(sample.get(i)), type, Rounding.DOUBLE)
              : sample.get(i));
    }
    return stored;
  }

  private List<List<Tensor>> given(List<String> data) {
    if (data.size() == 1 && named(data.getFirst()).isEmpty()) {
      return whole(path(data.getFirst()));
    }
    return byName(data);
  }

  private List<List<Tensor>> whole(Path data) {
    if (DataFile.extension(data).equals("npz") && !Files.isDirectory(data)) {
      Map<String, NumberArray> arrays = DataFile.npz(data);
      List<List<Tensor>> columns = new ArrayList<>();
      for (Value input : inputs) {
        columns.add(fitted(data, pick(data, arrays, input), input));
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
    if (text.isBlank()) {
      throw new DataException("'" + text + "' names no data; give a path, '.' for this folder");
    }
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
    return switch (DataFile.extension(file)) {
      case "npy" -> fitted(file, Npy.read(file, DataFile.mapped(file)), input);
      case "npz" -> fitted(file, pick(file, DataFile.npz(file), input), input);
      case "bin" -> raw(file, DataFile.mapped(file), input);
      case "png", "jpg", "jpeg", "bmp" ->
          List.of(Images.read(file, DataFile.bytes(file), input, fit));
      case "wav" -> List.of(Wav.read(file, DataFile.bytes(file), input));
      default ->
          throw new DataException(
              file,
              Files.exists(file)
                  ? "is of no known kind: .npy, .npz, .bin, .png, .jpg, .bmp and .wav are read"
                  : "does not exist");
    };
  }

  /** The samples of an array whose axes lie as the model file has them. */
  private List<Tensor> fitted(Path file, NumberArray array, Value input) {
    IoInfo port = ports.get(inputs.indexOf(input));
    Value source = new Value(input.name(), port.sourceType());
    List<Tensor> samples = new Fitting(file, source).samples(array);
    return port.isSameLayout() ? samples : turned(samples, port);
  }

  /** Each sample as the graph has its axes, when it is asked for. */
  private static List<Tensor> turned(List<Tensor> samples, IoInfo port) {
    return new AbstractList<>() {
      @Override
      public Tensor get(int index) {
        return port.ofSource(samples.get(index));
      }

      @Override
      public int size() {
        return samples.size();
      }
    };
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
  private List<Tensor> raw(Path file, ByteBuffer bytes, Value input) {
    long each = input.type().bytes();
    if (bytes.limit() == 0 || bytes.limit() % each != 0) {
      throw new DataException(
          file,
          "has "
              + bytes.limit()
              + " bytes, input '"
              + input.name()
              + "' takes a multiple of "
              + each
              + ": "
              + input.type().dtype().reportName()
              + ports.get(inputs.indexOf(input)).sourceShape());
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
    List<Integer> shape = new ArrayList<>(List.of((int) (bytes.limit() / each)));
    for (int extent : ports.get(inputs.indexOf(input)).sourceShape().dims()) {
      shape.add(extent);
    }
    ByteBuffer data = bytes.order(ByteOrder.LITTLE_ENDIAN);
    return fitted(file, new NumberArray(kind, shape, data), input);
  }
}
