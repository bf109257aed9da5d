package dev.thimble.importer.onnx;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/** Numbers that follow a rule: ranges, unit matrices. */
final class SequenceImport {
  private static final int MAX_ELEMENTS = 1 << 28;

  private SequenceImport() {}

  static void range(OnnxNode at) {
    at.require(3, 3);
    DType dtype = at.operand(0).elements();
    double count;
    if (dtype.isFloat()) {
      double span = at.number(1, "limit") - at.number(0, "start");
      count = Math.ceil(span / at.number(2, "delta"));
    } else {
      long delta = at.integers(2, "delta").getFirst();
      if (delta == 0) {
        throw at.malformed("has a delta of 0");
      }
      double span =
          (double) at.integers(1, "limit").getFirst() - at.integers(0, "start").getFirst();
      count = Math.ceil(span / delta);
    }
    if (Double.isNaN(count) || count > MAX_ELEMENTS) {
      throw at.malformed("makes " + count + " numbers");
    }
    if (count < 1) {
      at.set(0, new Operand.Empty(dtype, List.of(0)));
      return;
    }
    at.set(numbers(at, dtype, (int) count));
  }

  private static Tensor numbers(OnnxNode at, DType dtype, int count) {
    TensorType type = TensorType.of(dtype, Shape.of(count));
    if (dtype.isFloat()) {
      float start = (float) at.number(0, "start");
      float delta = (float) at.number(2, "delta");
      float[] floats = new float[count];
      for (int i = 0; i < count; i++) {
        floats[i] = start + i * delta;
      }
      return Tensor.ofFloats(type, floats);
    }
    long start = at.integers(0, "start").getFirst();
    long delta = at.integers(2, "delta").getFirst();
    long[] longs = new long[count];
    for (int i = 0; i < count; i++) {
      longs[i] = start + i * delta;
    }
    return Tensor.ofLongs(type, longs);
  }

  static void eyeLike(OnnxNode at) {
    at.require(1, 1);
    List<Integer> dims = at.dims(0);
    if (dims.size() != 2) {
      throw at.malformed("makes a unit matrix like " + at.describe());
    }
    int k = at.attributes().integer("k", 0);
    int code = at.attributes().integer("dtype", 0);
    DType dtype =
        code == 0
            ? at.operand(0).elements()
            : ElementTypes.of(code, at.model().narrow())
                .orElseThrow(
                    () -> new UnsupportedNode(ElementTypes.name(code), ElementTypes.SUPPORTED));
    TensorType type = TensorType.of(dtype, at.shape(dims));
    int[] ones = new int[type.elements()];
    for (int row = 0; row < dims.get(0); row++) {
      long column = (long) row + k;
      if (column >= 0 && column < dims.get(1)) {
        ones[row * dims.get(1) + (int) column] = 1;
      }
    }
    if (!dtype.isFloat()) {
      at.set(Tensor.ofInts(type, ones));
      return;
    }
    float[] floats = new float[ones.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = ones[i];
    }
    at.set(Tensor.ofFloats(type, floats));
  }
}
