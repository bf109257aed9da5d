package dev.thimble.importer.onnx;

import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import java.util.Collections;
import java.util.List;

/**
 * The window of a convolution or pool over one or two spatial axes. One axis is read as the columns
 * of a map of one row.
 */
record Windows(Size2d kernel, Size2d stride, Size2d dilation, Padding2d padding) {
  /** No real network comes near; with it no arithmetic on windows can overflow. */
  private static final long MAX_STEP = 1 << 15;

  /**
   * Reads the window over these spatial extents; {@code kernel} is the filter's or an attribute.
   */
  static Windows read(OnnxNode at, List<Integer> spatial, List<Long> kernel) {
    Attributes attributes = at.attributes();
    int axes = spatial.size();
    if (axes < 1 || axes > 2) {
      throw new UnsupportedNode(axes + " spatial axes, " + at.describe(), "1 or 2 spatial axes");
    }
    List<Long> ones = Collections.nCopies(axes, 1L);
    List<Long> strides = attributes.integers("strides").orElse(ones);
    List<Long> dilations = attributes.integers("dilations").orElse(ones);
    List<Long> pads = attributes.integers("pads").orElse(List.of());
    String auto = attributes.text("auto_pad", "NOTSET");
    Size2d window = size(at, "kernel_shape", kernel, axes);
    Size2d stride = size(at, "strides", strides, axes);
    Size2d dilation = size(at, "dilations", dilations, axes);
    Padding2d padding =
        switch (auto) {
          case "NOTSET", "" -> explicit(at, pads, axes);
          case "VALID" -> Padding2d.NONE;
          case "SAME_UPPER", "SAME_LOWER" ->
              same(spatial, window, stride, dilation, auto.equals("SAME_LOWER"));
          default -> throw at.malformed("has auto_pad " + Source.quoted(auto));
        };
    return new Windows(window, stride, dilation, padding);
  }

  private static Size2d size(OnnxNode at, String what, List<Long> extents, int axes) {
    boolean fits = extents.size() == axes;
    for (long extent : extents) {
      fits &= extent >= 1 && extent <= MAX_STEP;
    }
    if (!fits) {
      throw at.malformed("has " + what + " " + extents + " for " + axes + " spatial axes");
    }
    return axes == 1
        ? new Size2d(1, extents.get(0).intValue())
        : new Size2d(extents.get(0).intValue(), extents.get(1).intValue());
  }

  /** Explicit paddings: before each axis, then after each. */
  private static Padding2d explicit(OnnxNode at, List<Long> pads, int axes) {
    if (pads.isEmpty()) {
      return Padding2d.NONE;
    }
    boolean fits = pads.size() == 2 * axes;
    for (long pad : pads) {
      fits &= pad >= 0 && pad <= MAX_STEP;
    }
    if (!fits && pads.stream().anyMatch(pad -> pad < 0)) {
      throw new UnsupportedNode("negative pads " + pads, "pads of at least 0");
    }
    if (!fits) {
      throw at.malformed("has pads " + pads + " for " + axes + " spatial axes");
    }
    int[] each = pads.stream().mapToInt(Long::intValue).toArray();
    return axes == 1
        ? new Padding2d(0, 0, each[0], each[1])
        : new Padding2d(each[0], each[2], each[1], each[3]);
  }

  private static Padding2d same(
      List<Integer> spatial, Size2d kernel, Size2d stride, Size2d dilation, boolean lower) {
    int height = spatial.size() == 1 ? 1 : spatial.get(0);
    Padding2d upper = Padding2d.same(height, spatial.getLast(), kernel, stride, dilation);
    return lower ? new Padding2d(upper.bottom(), upper.top(), upper.right(), upper.left()) : upper;
  }

  /** The window's rows and columns with their gaps. */
  Size2d span() {
    return new Size2d(
        (kernel.height() - 1) * dilation.height() + 1, (kernel.width() - 1) * dilation.width() + 1);
  }
}
