package dev.thimble.exporter;

import dev.thimble.op.Resize;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Resizing by the coordinates of other frameworks, where TensorFlow Lite's mean the same. */
final class ResizeForms {
  private static final List<Resize.Coordinates> LITE =
      List.of(
          Resize.Coordinates.LITE_HALF_PIXEL,
          Resize.Coordinates.LITE,
          Resize.Coordinates.LITE_ALIGN_CORNERS);

  private ResizeForms() {}

  /**
   * The same resizing by coordinates of TensorFlow Lite.
   *
   * @param input the type of the map, [N, H, W, C]
   * @throws UnsupportedExport where none of its coordinates give the same elements
   */
  static Resize lite(Resize op, TensorType input) {
    Shape in = input.shape();
    boolean maps =
        in.rank() == 4
            && op.extents().get(0) == in.dim(0)
            && op.extents().get(3) == in.dim(3)
            && op.mode() != Resize.Mode.CUBIC;
    if (maps && op.coordinates().isLite()) {
      return op;
    }
    if (maps && op.regions().isEmpty()) {
      Shape out = Shape.of(op.extents().stream().mapToInt(Integer::intValue).toArray());
      for (Resize.Coordinates coordinates : LITE) {
        Resize lite = Resize.lite(op.mode(), coordinates, in, out);
        if (sameWeights(op, lite, in, 1) && sameWeights(op, lite, in, 2)) {
          return lite;
        }
      }
    }
    throw new UnsupportedExport("a resizing with coordinates of another framework");
  }

  /** Whether each entry of an axis weighs the same in each of the result's, bit for bit. */
  private static boolean sameWeights(Resize op, Resize lite, Shape in, int axis) {
    int extent = in.dim(axis);
    Shape shape = Shape.of(extent, 1, 1, 1).with(axis, extent);
    float[] unit = new float[extent * extent];
    for (int i = 0; i < extent; i++) {
      unit[i * extent + i] = 1;
    }
    Tensor each = Tensor.ofFloats(TensorType.of(DType.FLOAT32, shape), unit);
    return Arrays.equals(along(op, each, axis), along(lite, each, axis));
  }

  private static float[] along(Resize op, Tensor units, int axis) {
    Shape out = units.shape().with(axis, op.extents().get(axis));
    List<Double> scales = new ArrayList<>(List.of(1.0, 1.0, 1.0, 1.0));
    scales.set(axis, op.scales().get(axis));
    Resize alone =
        new Resize(
            op.mode(),
            op.coordinates(),
            op.nearest(),
            Arrays.stream(out.dims()).boxed().toList(),
            scales,
            op.cubic(),
            op.excludeOutside(),
            List.of(),
            op.extrapolation());
    TensorType type = TensorType.of(DType.FLOAT32, out);
    return alone.evaluate(List.of(units), type, Rounding.DOUBLE).floats();
  }
}
