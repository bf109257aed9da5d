package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.importer.layout.Order;
import dev.thimble.op.Activation;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Reduce;
import dev.thimble.op.Size2d;
import java.util.List;
import java.util.stream.IntStream;

/** Pools over windows and over whole maps. */
final class PoolImport {
  private PoolImport() {}

  static void average(OnnxNode at) {
    at.require(1, 1);
    if (at.attributes().flag("count_include_pad", false)) {
      throw new UnsupportedNode("count_include_pad", "averages without padding");
    }
    pool(at, Pool2d.Kind2d.AVERAGE);
  }

  static void max(OnnxNode at) {
    at.require(1, 1);
    at.attributes().ignore("storage_order");
    at.requireOneOutput();
    pool(at, Pool2d.Kind2d.MAX);
  }

  private static void pool(OnnxNode at, Pool2d.Kind2d kind) {
    LaidOut x = at.x(0);
    List<Integer> spatial = Maps.spatial(at, x);
    List<Long> kernel =
        at.attributes()
            .integers("kernel_shape")
            .orElseThrow(() -> at.malformed("has no kernel_shape"));
    Windows window = Windows.read(at, spatial, kernel);
    if (at.attributes().flag("ceil_mode", false)) {
      throw new UnsupportedNode("ceil_mode", "output sizes rounded down");
    }
    if (!window.dilation().equals(Size2d.ONE)) {
      throw new UnsupportedNode("dilations", "windows without gaps");
    }
    Pool2d pool =
        new Pool2d(kind, window.kernel(), window.stride(), window.padding(), Activation.NONE);
    String name = Maps.name(at, x.rank());
    LaidOut map =
        at.graph().node(name, pool, x.dtype(), Order.channelsLast(4), List.of(Maps.nhwc(at, x)));
    at.set(Maps.result(at, map, x.rank()));
  }

  static void globalAverage(OnnxNode at) {
    global(at, Reduce.Function.MEAN);
  }

  private static void global(OnnxNode at, Reduce.Function function) {
    at.require(1, 1);
    LaidOut x = at.x(0);
    Maps.spatial(at, x);
    LaidOut map = at.graph().moved(x, Order.channelsLast(x.rank()));
    List<Integer> axes = map.axes(IntStream.range(2, x.rank()).boxed().toList());
    at.along(new Reduce(function, axes, true), map);
  }
}
