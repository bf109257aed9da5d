package dev.thimble.importer.keras;

import dev.thimble.graph.Value;
import dev.thimble.importer.keras.LayerImport.LayerReader;
import dev.thimble.op.Activation;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Reduce;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.Shape;
import java.util.List;
import java.util.Map;

/** Pools, local and global. */
final class PoolLayers {
  private PoolLayers() {}

  static void list(Map<String, LayerReader> readers) {
    for (int axes = 1; axes <= 2; axes++) {
      int spatial = axes;
      String end = "Pooling" + axes + "D";
      readers.put("Max" + end, at -> pool(at, spatial, Pool2d.Kind2d.MAX));
      readers.put("Average" + end, at -> pool(at, spatial, Pool2d.Kind2d.AVERAGE));
      readers.put("GlobalMax" + end, at -> globalMax(at, spatial));
      readers.put("GlobalAverage" + end, at -> globalAverage(at, spatial));
    }
  }

  private static List<KerasTensor> pool(Layer at, int axes, Pool2d.Kind2d kind) {
    Value map = FilterLayers.map(at, axes);
    Size2d kernel = Windows.size(at, axes, 2, "pool_size", "pool_length");
    List<Integer> same =
        axes == 1 ? List.of(kernel.height()) : List.of(kernel.height(), kernel.width());
    Size2d stride =
        at.config().get("strides", "stride").isPresent()
            ? Windows.size(at, axes, 1, "strides", "stride")
            : Windows.size(at, "strides", same);
    Windows.Geometry window = Windows.geometry(at, map.type().shape(), kernel, stride, Size2d.ONE);
    Value pooled =
        at.node(
            () -> new Pool2d(kind, kernel, window.stride(), window.padding(), Activation.NONE),
            map);
    Value shaped = at.reshaped(pooled, Windows.unmap(pooled.type().shape(), axes));
    return at.result(at.channelsLastOutput(shaped));
  }

  private static List<KerasTensor> globalAverage(Layer at, int axes) {
    Value input = at.channelsLastInput(axes + 2).value();
    List<Integer> reduced = axes == 1 ? List.of(1) : List.of(1, 2);
    boolean keepAxes = at.config().flag(false, "keepdims");
    Value mean = at.node(() -> new Reduce(Reduce.Function.MEAN, reduced, keepAxes), input);
    return at.result(keepAxes ? at.channelsLastOutput(mean) : KerasTensor.of(mean));
  }

  /** A maximum over a window that is the whole map. */
  private static List<KerasTensor> globalMax(Layer at, int axes) {
    Value map = FilterLayers.map(at, axes);
    Shape shape = map.type().shape();
    Size2d whole = new Size2d(shape.dim(1), shape.dim(2));
    Value pooled =
        at.node(
            () -> new Pool2d(Pool2d.Kind2d.MAX, whole, Size2d.ONE, Padding2d.NONE, Activation.NONE),
            map);
    if (at.config().flag(false, "keepdims")) {
      return at.result(
          at.channelsLastOutput(at.reshaped(pooled, Windows.unmap(pooled.type().shape(), axes))));
    }
    Value vector = at.reshaped(pooled, Shape.of(shape.dim(0), shape.dim(3)));
    return at.result(KerasTensor.of(vector));
  }
}
