package dev.thimble.importer.data;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.nio.file.Path;

/** Arrays in files, with the types and shapes that they have there. */
public final class Arrays {
  private Arrays() {}

  /**
   * The array of an {@code .npy} file. Numbers of float64 are rounded to float32 where {@code
   * narrow} says so, and must be numbers of float32 otherwise.
   *
   * @throws DataException when the file cannot be read, or has other elements
   */
  public static Tensor npy(Path file, boolean narrow) {
    NumberArray array = Npy.read(file, DataFile.bytes(file));
    Shape shape = Shape.of(array.shape().stream().mapToInt(i -> i).toArray());
    int count = shape.elements();
    if (array.kind().isFloat()) {
      float[] floats = new float[count];
      for (int i = 0; i < count; i++) {
        double number = array.real(i);
        floats[i] = (float) number;
        if (!narrow && floats[i] != number && !Double.isNaN(number)) {
          throw new DataException(
              file, "has " + number + ", which is no number of float32: save it as float32");
        }
      }
      return Tensor.ofFloats(TensorType.of(DType.FLOAT32, shape), floats);
    }
    long[] longs = new long[count];
    for (int i = 0; i < count; i++) {
      longs[i] = array.integer(i);
    }
    return Tensor.ofLongs(TensorType.of(dtype(array.kind()), shape), longs);
  }

  private static DType dtype(NumberArray.Kind kind) {
    return switch (kind) {
      case FLOAT32, FLOAT64 -> DType.FLOAT32;
      case INT8 -> DType.INT8;
      case UINT8 -> DType.UINT8;
      case INT16 -> DType.INT16;
      case UINT16 -> DType.UINT16;
      case INT32 -> DType.INT32;
      case UINT32 -> DType.UINT32;
      case INT64 -> DType.INT64;
      case BOOL -> DType.BOOL;
    };
  }
}
