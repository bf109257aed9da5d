package dev.thimble.importer.keras;

import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.Shape;
import java.util.List;

/**
 * The window attributes of convolutions and pools. A layer over sequences is one over maps of a
 * single column: steps are rows, so that they can stream.
 */
final class Windows {
  private static final int MAX_STEP = 1 << 15;

  private Windows() {}

  /** A window's stride, dilation and padding. */
  record Geometry(Size2d kernel, Size2d stride, Size2d dilation, Padding2d padding) {}

  /** The extents of an attribute with an entry for each of the layer's spatial axes. */
  static Size2d size(Layer at, int axes, int fallback, String... names) {
    return size(at, names[0], at.config().counts(axes, fallback, names));
  }

  static Size2d size(Layer at, String name, List<Integer> extents) {
    for (int extent : extents) {
      if (extent > MAX_STEP) {
        throw at.malformed("has " + name + " " + extents);
      }
    }
    return extents.size() == 1
        ? new Size2d(extents.getFirst(), 1)
        : new Size2d(extents.get(0), extents.get(1));
  }

  /** Steps [N, L, C] as a map [N, L, 1, C]; a map as it is. */
  static Shape map(Shape shape) {
    return shape.rank() == 4 ? shape : Shape.of(shape.dim(0), shape.dim(1), 1, shape.dim(2));
  }

  /** The inverse of {@link #map} for a layer with this many spatial axes. */
  static Shape unmap(Shape shape, int axes) {
    return axes == 2 ? shape : Shape.of(shape.dim(0), shape.dim(1), shape.dim(3));
  }

  /** The geometry over a map [N, H, W, C], with padding of the kind that the attributes name. */
  static Geometry geometry(Layer at, Shape map, Size2d kernel, Size2d stride, Size2d dilation) {
    int[] extents = {kernel.height(), kernel.width(), map.dim(1), map.dim(2)};
    for (int extent : extents) {
      if (extent > MAX_STEP) {
        throw at.malformed("has a window over " + kernel + " of a map " + map);
      }
    }
    long span = (long) MAX_STEP * 4;
    if ((long) kernel.height() * dilation.height() > span
        || (long) kernel.width() * dilation.width() > span) {
      throw at.malformed("has a window that spans too much");
    }
    String kind = at.config().text("valid", "padding", "border_mode");
    Padding2d padding =
        switch (kind) {
          case "valid" -> Padding2d.NONE;
          case "same" -> Padding2d.same(map.dim(1), map.dim(2), kernel, stride, dilation);
          case "causal" -> causal(at, kernel, dilation);
          default -> throw at.malformed("has padding '" + kind + "'");
        };
    return new Geometry(kernel, stride, dilation, padding);
  }

  private static Padding2d causal(Layer at, Size2d kernel, Size2d dilation) {
    if (kernel.width() != 1) {
      throw at.malformed("has causal padding over two axes");
    }
    return new Padding2d((kernel.height() - 1) * dilation.height(), 0, 0, 0);
  }
}
