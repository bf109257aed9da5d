package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.op.Resize;
import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Resampling: Resize, and Upsample before it. */
final class ResizeImport {
  private static final double MAX_EXTENT = 1 << 28;

  private ResizeImport() {}

  static void upsample(OnnxNode at) {
    at.require(1, 2);
    LaidOut x = at.x(0);
    Optional<List<Float>> stored = at.attributes().reals("scales");
    List<Double> scales =
        stored.isPresent()
            ? stored.get().stream().map(Float::doubleValue).toList()
            : reals(at, 1, "scales");
    Resize.Mode mode = mode(at, at.attributes().text("mode", "nearest"));
    resample(
        at,
        x,
        mode,
        Resize.Coordinates.ASYMMETRIC,
        Resize.Nearest.FLOOR,
        scaled(at, x, scales),
        List.of());
  }

  static void resize(OnnxNode at) {
    at.require(at.opset() < 11 ? 2 : 1, 4);
    Attributes attributes = at.attributes();
    LaidOut x = at.x(0);
    Resize.Mode mode = mode(at, attributes.text("mode", "nearest"));
    if (at.opset() < 11) {
      resample(
          at,
          x,
          mode,
          Resize.Coordinates.ASYMMETRIC,
          Resize.Nearest.FLOOR,
          scaled(at, x, reals(at, 1, "scales")),
          List.of());
      return;
    }
    Resize.Coordinates coordinates =
        coordinates(at, attributes.text("coordinate_transformation_mode", "half_pixel"));
    Resize.Nearest nearest = nearest(at, attributes.text("nearest_mode", "round_prefer_floor"));
    if (attributes.flag("antialias", false)) {
      throw new UnsupportedNode("antialias", "resizing without it");
    }
    List<Integer> axes =
        attributes
            .integers("axes")
            .map(stored -> at.axes(stored, x.rank()))
            .orElseGet(() -> IntStream.range(0, x.rank()).boxed().toList());
    boolean cropped = coordinates == Resize.Coordinates.TF_CROP_AND_RESIZE;
    List<Double> regions = cropped ? regions(at, x, axes) : List.of();
    resample(at, x, mode, coordinates, nearest, target(at, x, axes), regions);
  }

  /** The extents and the scales of all axes of the source. */
  private record Target(List<Integer> extents, List<Double> scales) {}

  private static Target target(OnnxNode at, LaidOut x, List<Integer> axes) {
    boolean sizes = at.has(3) && !(at.operand(3) instanceof Operand.Empty);
    String policy = at.attributes().text("keep_aspect_ratio_policy", "stretch");
    List<Double> scales = new ArrayList<>(Collections.nCopies(x.rank(), 1.0));
    if (!sizes) {
      put(at, scales, axes, reals(at, 2, "scales"));
      return scaled(at, x, scales);
    }
    List<Double> wanted = new ArrayList<>();
    IntStream.of(x.shape().dims()).forEach(extent -> wanted.add((double) extent));
    put(at, wanted, axes, at.integers(3, "sizes").stream().map(Long::doubleValue).toList());
    if (wanted.stream().anyMatch(extent -> extent < 1 || extent > MAX_EXTENT)) {
      throw at.malformed("has sizes " + wanted);
    }
    if (!policy.equals("stretch")) {
      throw new UnsupportedNode("keep_aspect_ratio_policy " + policy, "'stretch'");
    }
    for (int axis = 0; axis < x.rank(); axis++) {
      scales.set(axis, wanted.get(axis) / x.shape().dim(axis));
    }
    return new Target(wanted.stream().map(Double::intValue).toList(), scales);
  }

  private static void put(OnnxNode at, List<Double> all, List<Integer> axes, List<Double> numbers) {
    if (numbers.size() != axes.size()) {
      throw at.malformed("has " + numbers + " for " + axes.size() + " axes");
    }
    for (int i = 0; i < axes.size(); i++) {
      all.set(axes.get(i), numbers.get(i));
    }
  }

  private static Target scaled(OnnxNode at, LaidOut x, List<Double> scales) {
    List<Integer> extents = new ArrayList<>();
    for (int axis = 0; axis < x.rank(); axis++) {
      double extent =
          scales.size() == x.rank() ? Math.floor(x.shape().dim(axis) * scales.get(axis)) : 0;
      if (!(extent >= 1 && extent <= MAX_EXTENT)) {
        throw at.malformed("scales " + x.shape() + " by " + scales);
      }
      extents.add((int) extent);
    }
    return new Target(extents, scales);
  }

  private static List<Double> reals(OnnxNode at, int operand, String what) {
    if (!at.has(operand) || at.operand(operand) instanceof Operand.Empty) {
      return List.of();
    }
    Tensor data = at.constant(operand, what);
    if (!data.type().isFloat()) {
      throw at.malformed("has " + what + " of " + data.type());
    }
    List<Double> reals = new ArrayList<>();
    for (float number : data.floats()) {
      reals.add((double) number);
    }
    return reals;
  }

  /** The start of each axis's region, then the end of each. */
  private static List<Double> regions(OnnxNode at, LaidOut x, List<Integer> axes) {
    List<Double> stored = reals(at, 1, "regions");
    if (stored.size() != 2 * axes.size()) {
      throw at.malformed("has regions " + stored + " for " + axes.size() + " axes");
    }
    List<Double> starts = new ArrayList<>(Collections.nCopies(x.rank(), 0.0));
    List<Double> ends = new ArrayList<>(Collections.nCopies(x.rank(), 1.0));
    put(at, starts, axes, stored.subList(0, axes.size()));
    put(at, ends, axes, stored.subList(axes.size(), stored.size()));
    starts.addAll(ends);
    return starts;
  }

  private static void resample(
      OnnxNode at,
      LaidOut x,
      Resize.Mode mode,
      Resize.Coordinates coordinates,
      Resize.Nearest nearest,
      Target target,
      List<Double> regions) {
    List<Integer> axes = x.order().axes();
    List<Double> laidOut = new ArrayList<>();
    for (int half = 0; half < regions.size(); half += x.rank()) {
      int from = half;
      axes.forEach(axis -> laidOut.add(regions.get(from + axis)));
    }
    at.along(
        new Resize(
            mode,
            coordinates,
            nearest,
            axes.stream().map(target.extents()::get).toList(),
            axes.stream().map(target.scales()::get).toList(),
            at.attributes().real("cubic_coeff_a", -0.75f),
            at.attributes().flag("exclude_outside", false),
            laidOut,
            at.attributes().real("extrapolation_value", 0)),
        x);
  }

  private static Resize.Mode mode(OnnxNode at, String name) {
    return switch (name) {
      case "nearest" -> Resize.Mode.NEAREST;
      case "linear", "bilinear" -> Resize.Mode.LINEAR;
      case "cubic" -> Resize.Mode.CUBIC;
      default -> throw at.malformed("has mode " + Source.quoted(name));
    };
  }

  private static Resize.Coordinates coordinates(OnnxNode at, String name) {
    return Arrays.stream(Resize.Coordinates.values())
        .filter(one -> !one.isLite() && one.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () -> at.malformed("has coordinate_transformation_mode " + Source.quoted(name)));
  }

  private static Resize.Nearest nearest(OnnxNode at, String name) {
    return Arrays.stream(Resize.Nearest.values())
        .filter(one -> one.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() -> at.malformed("has nearest_mode " + Source.quoted(name)));
  }
}
