package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.importer.layout.Order;
import dev.thimble.op.Activation;
import dev.thimble.op.Op;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Reduce;
import dev.thimble.op.Size2d;
import dev.thimble.op.WindowPool2d;
import java.util.List;
import java.util.stream.IntStream;

/** Pools over windows and over whole maps. */
final class PoolImport {
  private PoolImport() {}

  static void average(OnnxNode at) {
    boolean counts = at.attributes().flag("count_include_pad", false);
    pool(at, WindowPool2d.Function.AVERAGE, 1, counts);
  }

  static void max(OnnxNode at) {
    at.attributes().ignore("storage_order");
    at.requireOneOutput();
    pool(at, WindowPool2d.Function.MAX, 1, false);
  }

  static void lp(OnnxNode at) {
    pool(at, WindowPool2d.Function.LP, at.attributes().integer("p", 2), false);
  }

  private static void pool(
      OnnxNode at, WindowPool2d.Function function, int p, boolean countsPadding) {
    at.require(1, 1);
    LaidOut x = at.x(0);
    List<Integer> spatial = Maps.spatial(at, x);
    List<Long> kernel =
        at.attributes()
            .integers("kernel_shape")
            .orElseThrow(() -> at.malformed("has no kernel_shape"));
    Windows window = Windows.read(at, spatial, kernel);
    Padding2d counted = countsPadding ? window.padding() : Padding2d.NONE;
    Padding2d padding =
        at.attributes().flag("ceil_mode", false) ? roundedUp(window, spatial) : window.padding();
    Op pool = op(function, p, window, padding, counted);
    LaidOut map =
        at.graph()
            .node(at.name(), pool, x.dtype(), Order.channelsLast(4), List.of(Maps.nhwc(at, x)));
    at.set(Maps.result(at, map, x.rank()));
  }

  private static Op op(
      WindowPool2d.Function function, int p, Windows window, Padding2d padding, Padding2d counted) {
    boolean plain =
        window.dilation().equals(Size2d.ONE)
            && counted.equals(Padding2d.NONE)
            && padding.equals(window.padding());
    if (plain && function != WindowPool2d.Function.LP) {
      Pool2d.Kind2d kind =
          function == WindowPool2d.Function.MAX ? Pool2d.Kind2d.MAX : Pool2d.Kind2d.AVERAGE;
      return new Pool2d(kind, window.kernel(), window.stride(), padding, Activation.NONE);
    }
    return new WindowPool2d(
        function,
        p,
        window.kernel(),
        window.stride(),
        window.dilation(),
        padding,
        counted,
        Activation.NONE);
  }

  /** The padding with what a last window needs that reaches beyond the map. */
  private static Padding2d roundedUp(Windows window, List<Integer> spatial) {
    Padding2d padding = window.padding();
    int height = spatial.size() == 1 ? 1 : spatial.getFirst();
    int bottom =
        more(
            height,
            padding.top(),
            padding.bottom(),
            window.span().height(),
            window.stride().height());
    int right =
        more(
            spatial.getLast(),
            padding.left(),
            padding.right(),
            window.span().width(),
            window.stride().width());
    return new Padding2d(
        padding.top(), padding.bottom() + bottom, padding.left(), padding.right() + right);
  }

  private static int more(int extent, int before, int after, int span, int stride) {
    int rest = extent + before + after - span;
    if (rest < 0) {
      return 0;
    }
    int last = (rest + stride - 1) / stride * stride;
    // A window that would start in the padding after the map does not exist.
    return last >= extent + before ? 0 : last - rest;
  }

  static void globalAverage(OnnxNode at) {
    global(at, Reduce.Function.MEAN);
  }

  static void globalMax(OnnxNode at) {
    global(at, Reduce.Function.MAX);
  }

  static void globalLp(OnnxNode at) {
    int p = at.attributes().integer("p", 2);
    if (p != 1 && p != 2) {
      throw new UnsupportedNode("p " + p, "p of 1 or 2");
    }
    global(at, p == 1 ? Reduce.Function.L1 : Reduce.Function.L2);
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
