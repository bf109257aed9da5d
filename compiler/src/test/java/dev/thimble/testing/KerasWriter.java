package dev.thimble.testing;

import dev.thimble.tensor.Tensor;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes Keras models as files, in both formats. */
public final class KerasWriter {
  private final String config;
  private final Map<String, Map<String, Tensor>> weights = new LinkedHashMap<>();

  /** A model of this configuration, without weights so far. */
  public KerasWriter(String config) {
    this.config = config;
  }

  /**
   * Adds an array.
   *
   * @param layer the group that holds it: a layer's name in {@code .h5}, its folder in {@code
   *     .keras}
   * @param array its path below the group: {@code kernel:0}, or its number in {@code .keras}
   */
  public KerasWriter with(String layer, String array, Tensor data) {
    weights.computeIfAbsent(layer, key -> new LinkedHashMap<>()).put(array, data);
    return this;
  }

  /** The file as this version of Keras wrote it before Keras 3. */
  public byte[] h5(String version) {
    return hdf5(file -> {
      file.putAttribute("model_config", config);
      file.putAttribute("keras_version", version);
      WritableGroup root = file.putGroup("model_weights");
      weights.forEach((layer, arrays) -> {
        WritableGroup group = root.putGroup(layer);
        List<String> names = new ArrayList<>();
        arrays.forEach((name, data) -> {
          names.add(name);
          put(group, name, data);
        });
        group.putAttribute("weight_names", names.toArray(String[]::new));
      });
    });
  }

  /** The archive as Keras 3 writes it. */
  public byte[] keras() {
    byte[] store =
        hdf5(file -> {
          WritableGroup layers = file.putGroup("layers");
          weights.forEach((layer, arrays) -> {
            WritableGroup group = layers;
            for (String part : layer.split("/")) {
              group = group.putGroup(part);
            }
            WritableGroup vars = group.putGroup("vars");
            arrays.forEach((name, data) -> put(vars, name, data));
          });
        });
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("metadata.json", "{\"keras_version\": \"3.4.1\"}".getBytes(StandardCharsets.UTF_8));
    entries.put("config.json", config.getBytes(StandardCharsets.UTF_8));
    entries.put("model.weights.h5", store());
    return zip(entries);
  }

  /** The file of weights in an archive. */
  public byte[] store() {
    return hdf5(file -> {
      WritableGroup layers = file.putGroup("layers");
      weights.forEach((layer, arrays) -> {
        WritableGroup vars = layers.putGroup(layer).putGroup("vars");
        arrays.forEach((name, data) -> put(vars, name, data));
      });
    });
  }

  /** A zip archive of these entries. */
  public static byte[] zip(Map<String, byte[]> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private interface Content {
    void write(WritableHdfFile file);
  }

  private static byte[] hdf5(Content content) {
    try {
      Path path = Files.createTempFile("thimble", ".h5");
      try {
        try (WritableHdfFile file = HdfFile.write(path)) {
          content.write(file);
        }
        return Files.readAllBytes(path);
      } finally {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void put(WritableGroup group, String path, Tensor data) {
    WritableGroup at = group;
    String[] parts = path.split("/");
    for (int i = 0; i + 1 < parts.length; i++) {
      at =
          at.getChildren().get(parts[i]) instanceof WritableGroup known
              ? known
              : at.putGroup(parts[i]);
    }
    at.putDataset(parts[parts.length - 1], nested(data.floats(), data.shape().dims(), 0, 0));
  }

  /** The numbers as an array of arrays, which is how the library takes shapes. */
  private static Object nested(float[] values, int[] dims, int axis, int from) {
    int inner = 1;
    for (int i = axis + 1; i < dims.length; i++) {
      inner *= dims[i];
    }
    if (axis == dims.length - 1) {
      return java.util.Arrays.copyOfRange(values, from, from + dims[axis]);
    }
    int[] zeros = dims.clone();
    Object array =
        Array.newInstance(float.class, java.util.Arrays.copyOfRange(zeros, axis, dims.length));
    for (int i = 0; i < dims[axis]; i++) {
      Array.set(array, i, nested(values, dims, axis + 1, from + i * inner));
    }
    return array;
  }
}
