package dev.thimble.importer.keras;

import dev.thimble.importer.ModelException;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An HDF5 file in memory. Whatever the library throws on content that it cannot follow becomes an
 * error with its place; numbers are read only once their declared size is known to fit the file,
 * all of them together within a small multiple of it.
 */
final class Hdf5 {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final long SLACK_BYTES = 1 << 20;

  private final ModelFile file;
  private final long size;
  private final HdfFile root;
  private long left;

  Hdf5(ModelFile file, byte[] bytes) {
    this.file = file;
    this.size = bytes.length;
    this.left = 4 * size + SLACK_BYTES;
    this.root = at("HDF5 superblock", () -> HdfFile.fromBytes(bytes));
  }

  /** Whether bytes begin as those of an HDF5 file do. */
  static boolean isHdf5(byte[] bytes) {
    return bytes.length >= SIGNATURE.length
        && java.util.Arrays.equals(bytes, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
  }

  /** A text attribute of the group at this path, or of the root for an empty path. */
  Optional<String> text(String path, String attribute) {
    Object data = data(path, attribute);
    if (data == null) {
      return Optional.empty();
    }
    if (!(data instanceof String text)) {
      throw file.malformed(place(path, attribute), "is no text");
    }
    return Optional.of(text);
  }

  /** The texts of an attribute; none where there is no such attribute or it is empty. */
  List<String> texts(String path, String attribute) {
    Object data = data(path, attribute);
    if (data == null) {
      return List.of();
    }
    if (data instanceof String text) {
      return List.of(text);
    }
    if (!(data instanceof String[] texts)) {
      throw file.malformed(place(path, attribute), "is no list of texts");
    }
    return List.of(texts);
  }

  boolean isGroup(String path) {
    return at(path, () -> node(path) instanceof Group);
  }

  boolean isDataset(String path) {
    return at(path, () -> node(path) instanceof Dataset);
  }

  /** An array's numbers as float32. */
  Tensor floats(String path) {
    String place = "HDF5 dataset " + path;
    return at(
        place,
        () -> {
          if (!(node(path) instanceof Dataset dataset)) {
            throw file.malformed(place, "is missing");
          }
          Shape shape = shape(place, dataset);
          Object flat = dataset.getDataFlat();
          float[] values = numbers(place, shape.rank() == 0 ? boxed(flat) : flat);
          return Tensor.ofFloats(TensorType.of(DType.FLOAT32, shape), values);
        });
  }

  private Shape shape(String place, Dataset dataset) {
    if (!dataset.getFilters().isEmpty()) {
      throw new UnsupportedLayer("compressed weights (" + place + ")", "uncompressed weights");
    }
    long elements = 1;
    for (long extent : dataset.getDimensionsAsLong()) {
      if (extent < 1 || extent > size) {
        throw file.malformed(place, "has an extent of " + extent);
      }
      elements = Math.multiplyExact(elements, extent);
    }
    long bytes = Math.multiplyExact(elements, (long) dataset.getDataType().getSize());
    if (bytes > size || bytes < 0) {
      throw file.malformed(place, "declares " + bytes + " bytes, the file has " + size);
    }
    left -= elements * Float.BYTES;
    if (left < 0) {
      throw file.malformed(place, "and what is read before take more bytes than the file");
    }
    return Shape.of(dataset.getDimensions());
  }

  private static Object boxed(@Nullable Object scalar) {
    return switch (scalar) {
      case Float number -> new float[] {number};
      case Double number -> new double[] {number};
      case Integer number -> new int[] {number};
      case Long number -> new long[] {number};
      case null, default -> "no number";
    };
  }

  private float[] numbers(String place, Object flat) {
    return switch (flat) {
      case float[] floats -> floats;
      case double[] doubles -> narrowed(place, doubles);
      case int[] ints -> narrowed(place, java.util.Arrays.stream(ints).asDoubleStream().toArray());
      case long[] longs ->
          narrowed(place, java.util.Arrays.stream(longs).asDoubleStream().toArray());
      default -> throw new UnsupportedLayer("weights of another type (" + place + ")", "float32");
    };
  }

  private static float[] narrowed(String place, double[] doubles) {
    float[] floats = new float[doubles.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) doubles[i];
      if (floats[i] != doubles[i]) {
        throw new UnsupportedLayer("weights that float32 cannot hold (" + place + ")", "float32");
      }
    }
    return floats;
  }

  private @Nullable Object data(String path, String attribute) {
    return at(
        place(path, attribute),
        () -> {
          Node node = node(path);
          if (node == null) {
            return null;
          }
          Attribute found = node.getAttributes().get(attribute);
          if (found == null || found.isEmpty()) {
            return null;
          }
          if (found.getSizeInBytes() > size) {
            throw file.malformed(place(path, attribute), "is longer than the file");
          }
          return found.getData();
        });
  }

  private static String place(String path, String attribute) {
    return "HDF5 attribute " + attribute + (path.isEmpty() ? "" : " of " + path);
  }

  /** The group or dataset at a path; nothing where a part of the path is missing. */
  private @Nullable Node node(String path) {
    Node at = root;
    for (String part : path.split("/")) {
      if (part.isEmpty()) {
        continue;
      }
      if (!(at instanceof Group group)) {
        return null;
      }
      Node child = group.getChildren().get(part);
      if (child == null || child.isLink()) {
        return null;
      }
      at = child;
    }
    return at;
  }

  private <T extends @Nullable Object> T at(String place, Supplier<T> read) {
    try {
      return read.get();
    } catch (ModelException | UnsupportedLayer e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      throw file.malformed(place, "cannot be read");
    }
  }
}
