package dev.thimble.importer.pytorch;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;

/** Operators on maps: convolutions, pools, and changes of size. */
final class MapRows {
  private MapRows() {}

  /** Gives a map its batch where PyTorch was given a single one, and takes it off the result. */
  private static void batched(
      AtenCall at, String name, int spatial, BiConsumer<String, List<String>> emit) {
    int rank = at.rank(name);
    if (rank == spatial + 2) {
      emit.accept(at.x(name), at.outputs().subList(0, 1));
      return;
    }
    if (rank != spatial + 1) {
      throw at.malformed("has an input of " + rank + " axes for " + spatial + " spatial axes");
    }
    String x = at.step("Unsqueeze", List.of(at.x(name), at.longs(List.of(0L))));
    String result = at.translation().fresh(at.out());
    emit.accept(x, List.of(result));
    at.emit("Squeeze", List.of(result, at.longs(List.of(0L))));
  }

  private static List<Long> twice(List<Long> pads) {
    List<Long> both = new ArrayList<>(pads);
    both.addAll(pads);
    return both;
  }

  /** conv1d, conv2d, conv_transpose1d, conv_transpose2d and the core operator for all of them. */
  static void convolution(AtenCall at, boolean transposedByName) {
    int spatial = at.rank("weight") - 2;
    boolean transposed = at.flag("transposed", transposedByName);
    List<Long> stride = at.perAxis("stride", spatial, List.of(1L));
    List<Long> dilation = at.perAxis("dilation", spatial, List.of(1L));
    List<Long> extra = at.perAxis("output_padding", spatial, List.of(0L));
    long groups = at.integer("groups", 1);
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(Attribute.of("strides", stride));
    attributes.add(Attribute.of("dilations", dilation));
    attributes.add(Attribute.of("group", groups));
    attributes.add(Attribute.of("pads", pads(at, spatial, stride, dilation)));
    if (transposed) {
      attributes.add(Attribute.of("output_padding", extra));
    }
    String weight = at.x("weight");
    String bias = at.xOrNone("bias");
    batched(
        at,
        at.node().input("input").isPresent() ? "input" : "self",
        spatial,
        (x, out) ->
            at.emit(
                transposed ? "ConvTranspose" : "Conv",
                out,
                bias.isEmpty() ? List.of(x, weight) : List.of(x, weight, bias),
                attributes.toArray(new AttributeProto[0])));
  }

  /** Padding on both sides, or by a name; of "same" the odd one comes behind. */
  private static List<Long> pads(AtenCall at, int spatial, List<Long> stride, List<Long> dilation) {
    if (!at.isText("padding")) {
      return twice(at.perAxis("padding", spatial, List.of(0L)));
    }
    List<Long> pads = new ArrayList<>(Collections.nCopies(2 * spatial, 0L));
    String name = at.text("padding", "valid");
    if (name.equals("same")) {
      for (int axis = 0; axis < spatial; axis++) {
        long total = dilation.get(axis) * (at.dims("weight").get(axis + 2) - 1);
        pads.set(axis, total / 2);
        pads.set(axis + spatial, total - total / 2);
      }
    }
    boolean known = name.equals("valid") || stride.stream().allMatch(step -> step == 1);
    if (!known || !List.of("valid", "same").contains(name)) {
      throw at.malformed("has padding " + name + " and stride " + stride);
    }
    return pads;
  }

  static void maxPool(AtenCall at, int spatial) {
    List<Long> kernel = at.perAxis("kernel_size", spatial, List.of(1L));
    List<Long> stride = at.perAxis("stride", spatial, kernel);
    List<Long> pads = twice(at.perAxis("padding", spatial, List.of(0L)));
    List<Long> dilation = at.perAxis("dilation", spatial, List.of(1L));
    boolean ceil = at.flag("ceil_mode", false);
    batched(
        at,
        "self",
        spatial,
        (x, out) ->
            at.emit(
                "MaxPool",
                out,
                List.of(x),
                Attribute.of("kernel_shape", kernel),
                Attribute.of("strides", stride),
                Attribute.of("pads", pads),
                Attribute.of("dilations", dilation),
                Attribute.of("ceil_mode", ceil)));
  }

  static void averagePool(AtenCall at, int spatial) {
    List<Long> kernel = at.perAxis("kernel_size", spatial, List.of(1L));
    List<Long> stride = at.perAxis("stride", spatial, kernel);
    List<Long> pads = twice(at.perAxis("padding", spatial, List.of(0L)));
    boolean ceil = at.flag("ceil_mode", false);
    boolean counted = at.flag("count_include_pad", true);
    if (at.has("divisor_override")) {
      throw at.unsupported("divisor_override", "the number of elements as the divisor");
    }
    averages(at, spatial, kernel, stride, pads, ceil, counted);
  }

  private static void averages(
      AtenCall at,
      int spatial,
      List<Long> kernel,
      List<Long> stride,
      List<Long> pads,
      boolean ceil,
      boolean counted) {
    batched(
        at,
        "self",
        spatial,
        (x, out) ->
            at.emit(
                "AveragePool",
                out,
                List.of(x),
                Attribute.of("kernel_shape", kernel),
                Attribute.of("strides", stride),
                Attribute.of("pads", pads),
                Attribute.of("ceil_mode", ceil),
                Attribute.of("count_include_pad", counted && pads.stream().anyMatch(p -> p > 0))));
  }

  /** An adaptive pool is an ordinary one where the extents divide. */
  static void adaptive(AtenCall at, int spatial, boolean max) {
    List<Long> dims = at.dims("self");
    List<Long> from = dims.subList(dims.size() - spatial, dims.size());
    List<Long> to = at.perAxis("output_size", spatial, List.of(1L));
    List<Long> kernel = new ArrayList<>();
    for (int axis = 0; axis < spatial; axis++) {
      if (to.get(axis) < 1 || from.get(axis) % to.get(axis) != 0) {
        throw at.unsupported(
            "an adaptive pool from " + from + " to " + to, "extents that divide each other");
      }
      kernel.add(from.get(axis) / to.get(axis));
    }
    boolean whole = to.stream().allMatch(extent -> extent == 1);
    if (whole) {
      batched(
          at,
          "self",
          spatial,
          (x, out) -> at.emit(max ? "GlobalMaxPool" : "GlobalAveragePool", out, List.of(x)));
    } else if (max) {
      batched(
          at,
          "self",
          spatial,
          (x, out) ->
              at.emit(
                  "MaxPool",
                  out,
                  List.of(x),
                  Attribute.of("kernel_shape", kernel),
                  Attribute.of("strides", kernel)));
    } else {
      List<Long> none = Collections.nCopies(2 * spatial, 0L);
      averages(at, spatial, kernel, kernel, none, false, false);
    }
  }

  /** Resizes the axes behind the channels. */
  static void upsample(AtenCall at, String mode, String coordinates) {
    List<Long> from = at.dims(at.node().input("input").isPresent() ? "input" : "self");
    List<Long> to = at.outDims();
    String x = at.x(at.node().input("input").isPresent() ? "input" : "self");
    boolean corners = at.flag("align_corners", false);
    at.ignore("output_size");
    for (String name : List.of("scale_factors", "scales", "scales_h", "scales_w")) {
      List<Double> factors = at.reals(name);
      int first = name.equals("scales_w") ? from.size() - 1 : 2;
      for (int i = 0; i < factors.size(); i++) {
        if (from.get(first + i) * factors.get(i) != to.get(first + i)) {
          throw at.unsupported(
              "a factor of " + factors + " from " + from + " to " + to,
              "factors by which the extents are whole numbers");
        }
      }
    }
    at.emit(
        "Resize",
        List.of(x, "", "", at.longs(to)),
        Attribute.of("mode", mode),
        Attribute.of("coordinate_transformation_mode", corners ? "align_corners" : coordinates),
        Attribute.of(
            "nearest_mode", coordinates.equals("asymmetric") ? "floor" : "round_prefer_ceil"),
        Attribute.of("cubic_coeff_a", -0.75));
  }

  static void pixelShuffle(AtenCall at) {
    at.emit(
        "DepthToSpace",
        List.of(at.x("self")),
        Attribute.of("blocksize", at.integer("upscale_factor")),
        Attribute.of("mode", "CRD"));
  }

  /** Blocks of pixels become channels, each channel's own ones together. */
  static void pixelUnshuffle(AtenCall at) {
    List<Long> d = at.dims("self");
    long block = at.integer("downscale_factor");
    List<Long> split =
        List.of(d.get(0), d.get(1), d.get(2) / block, block, d.get(3) / block, block);
    String parts = at.step("Reshape", List.of(at.x("self"), at.longs(split)));
    String moved =
        at.step("Transpose", List.of(parts), Attribute.of("perm", List.of(0L, 1L, 3L, 5L, 2L, 4L)));
    at.emit("Reshape", List.of(moved, at.longs(at.outDims())));
  }

  static void channelShuffle(AtenCall at) {
    List<Long> dims = at.dims("self");
    long groups = at.integer("groups");
    List<Long> split = new ArrayList<>(dims);
    split.set(1, groups);
    split.add(2, dims.get(1) / groups);
    List<Long> order = new ArrayList<>(List.of(0L, 2L, 1L));
    for (long axis = 3; axis < split.size(); axis++) {
      order.add(axis);
    }
    String parts = at.step("Reshape", List.of(at.x("self"), at.longs(split)));
    String moved = at.step("Transpose", List.of(parts), Attribute.of("perm", order));
    at.emit("Reshape", List.of(moved, at.longs(dims)));
  }
}
