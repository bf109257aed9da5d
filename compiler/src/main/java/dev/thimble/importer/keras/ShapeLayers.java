package dev.thimble.importer.keras;

import dev.thimble.graph.Value;
import dev.thimble.importer.keras.LayerImport.LayerReader;
import dev.thimble.op.Expand;
import dev.thimble.op.Pad;
import dev.thimble.op.Resize;
import dev.thimble.op.Slice;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Layers that move elements or add zeros. */
final class ShapeLayers {
  private ShapeLayers() {}

  static void list(Map<String, LayerReader> readers) {
    readers.put("Flatten", ShapeLayers::flatten);
    readers.put("Reshape", ShapeLayers::reshape);
    readers.put("ZeroPadding1D", at -> pad(at, 1));
    readers.put("ZeroPadding2D", at -> pad(at, 2));
    readers.put("Cropping1D", at -> crop(at, 1));
    readers.put("Cropping2D", at -> crop(at, 2));
    readers.put("UpSampling1D", at -> enlarge(at, 1));
    readers.put("UpSampling2D", at -> enlarge(at, 2));
    readers.put("Permute", ShapeLayers::permute);
    readers.put("RepeatVector", ShapeLayers::repeat);
  }

  /** Channels that come first are moved last before the axes are joined. */
  private static List<KerasTensor> flatten(Layer at) {
    KerasTensor input = at.input();
    KerasTensor last =
        at.channelsFirst() && input.rank() > 2
            ? at.arranged(input, KerasTensor.channelsLast(input.rank()))
            : at.plain(input);
    int batch = input.shape().dim(0);
    Shape flat = Shape.of(batch, input.shape().elements() / batch);
    return at.result(KerasTensor.of(at.reshaped(last.value(), flat)));
  }

  /** The target leaves the batch out; one extent of it may be -1. */
  private static List<KerasTensor> reshape(Layer at) {
    Value input = at.plain(at.input()).value();
    JsonNode target =
        at.config().get("target_shape").orElseThrow(() -> at.malformed("has no target shape"));
    if (!target.isArray() || target.size() > 8) {
      throw at.config().wrong("target_shape", target);
    }
    Shape from = input.type().shape();
    int[] dims = new int[target.size() + 1];
    dims[0] = from.dim(0);
    int open = 0;
    long known = dims[0];
    for (int axis = 1; axis < dims.length; axis++) {
      JsonNode extent = target.get(axis - 1);
      if (extent.isInt() && extent.asInt() == -1 && open == 0) {
        open = axis;
      } else {
        dims[axis] = at.config().count("target_shape", extent, 1);
        known = Math.multiplyExact(known, (long) dims[axis]);
      }
    }
    if (open > 0) {
      dims[open] = (int) (from.elements() / known);
    }
    if (Arrays.stream(dims).asLongStream().reduce(1, Math::multiplyExact) != from.elements()) {
      throw at.malformed("reshapes " + from + " to " + LayerConfig.shown(target));
    }
    return at.result(KerasTensor.of(at.reshaped(input, Shape.of(dims))));
  }

  private static List<KerasTensor> pad(Layer at, int axes) {
    KerasTensor input = at.input(axes + 2);
    List<List<Integer>> borders = borders(at, axes, "padding");
    List<Integer> before = along(at, input, borders, 0);
    List<Integer> after = along(at, input, borders, 1);
    return at.result(input.with(at.node(() -> new Pad(before, after, 0), input.value())));
  }

  private static List<KerasTensor> crop(Layer at, int axes) {
    KerasTensor input = at.input(axes + 2);
    List<List<Integer>> borders = borders(at, axes, "cropping");
    List<Integer> before = along(at, input, borders, 0);
    List<Integer> after = along(at, input, borders, 1);
    Shape shape = input.value().type().shape();
    List<Integer> extents = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      extents.add(shape.dim(axis) - before.get(axis) - after.get(axis));
    }
    List<Integer> steps = Collections.nCopies(shape.rank(), 1);
    return at.result(input.with(at.node(() -> new Slice(before, extents, steps), input.value())));
  }

  /** Each entry of a spatial axis becomes as many as the layer's size says, or a ramp of them. */
  private static List<KerasTensor> enlarge(Layer at, int axes) {
    String mode = at.config().text("nearest", "interpolation");
    boolean ramps = mode.equals("bilinear") && at.config().file().resizesByCenters();
    if (!ramps && !mode.equals("nearest")) {
      throw new UnsupportedLayer(
          mode + " interpolation", "nearest, and bilinear in files of Keras 2.4 and later");
    }
    KerasTensor input = at.input(axes + 2);
    List<Integer> size = at.config().counts(axes, 2, "size", "length");
    int first = at.channelsFirst() ? 2 : 1;
    Shape shape = input.value().type().shape();
    List<Integer> extents = new ArrayList<>();
    List<Double> scales = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      int spatial = input.order().get(axis) - first;
      int times = spatial >= 0 && spatial < axes ? size.get(spatial) : 1;
      extents.add(Math.multiplyExact(shape.dim(axis), times));
      scales.add((double) times);
    }
    return at.result(input.with(at.node(() -> resize(ramps, extents, scales), input.value())));
  }

  private static Resize resize(boolean ramps, List<Integer> extents, List<Double> scales) {
    return new Resize(
        ramps ? Resize.Mode.LINEAR : Resize.Mode.NEAREST,
        ramps ? Resize.Coordinates.HALF_PIXEL : Resize.Coordinates.ASYMMETRIC,
        Resize.Nearest.FLOOR,
        extents,
        scales,
        -0.75,
        false,
        List.of(),
        0);
  }

  /** The attribute counts axes from 1 and leaves the batch out. */
  private static List<KerasTensor> permute(Layer at) {
    KerasTensor input = at.input();
    JsonNode dims = at.config().get("dims").orElseThrow(() -> at.malformed("has no dims"));
    List<Integer> order = new ArrayList<>(List.of(0));
    order.addAll(at.config().counts("dims", dims, input.rank() - 1, 1));
    if (!order.stream().sorted().toList().equals(KerasTensor.identity(input.rank()))) {
      throw at.config().wrong("dims", dims);
    }
    List<Integer> moved = input.order().stream().map(order::indexOf).toList();
    KerasTensor permuted = new KerasTensor(input.value(), moved);
    return at.result(at.plain(permuted));
  }

  private static List<KerasTensor> repeat(Layer at) {
    Value input = at.input(2).value();
    Shape shape = input.type().shape();
    int times = at.config().count(1, "n");
    Value steps = at.reshaped(input, Shape.of(shape.dim(0), 1, shape.dim(1)));
    Shape repeated = Shape.of(shape.dim(0), times, shape.dim(1));
    return at.result(KerasTensor.of(at.node(() -> new Expand(repeated), steps)));
  }

  /**
   * What is added or taken before and after each spatial axis: a number for all, a number for each
   * axis, or a pair for each.
   */
  static List<List<Integer>> borders(Layer at, int axes, String name) {
    JsonNode json = at.config().get(name).orElseThrow(() -> at.malformed("has no " + name));
    boolean sole = axes == 1 && json.isArray() && !json.path(0).isArray() && json.size() == 2;
    if (sole) {
      return List.of(at.config().counts(name, json, 2, 0));
    }
    List<List<Integer>> borders = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      JsonNode entry = json.isArray() ? json.path(axis) : json;
      borders.add(at.config().counts(name, entry, 2, 0));
    }
    if (json.isArray() && json.size() != axes) {
      throw at.config().wrong(name, json);
    }
    return borders;
  }

  /** One side of the borders, for each axis of the value. */
  static List<Integer> along(Layer at, KerasTensor input, List<List<Integer>> borders, int side) {
    List<Integer> along = new ArrayList<>(Collections.nCopies(input.rank(), 0));
    int first = at.channelsFirst() ? 2 : 1;
    for (int axis = 0; axis < borders.size(); axis++) {
      along.set(input.valueAxis(first + axis), borders.get(axis).get(side));
    }
    return along;
  }
}
