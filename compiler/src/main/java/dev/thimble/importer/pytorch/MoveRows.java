package dev.thimble.importer.pytorch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Operators that move elements: shapes, joins, cuts and indices. */
final class MoveRows {
  private static final long END = Integer.MAX_VALUE;

  private MoveRows() {}

  /** Whatever only changes the shape; the file says which it becomes. */
  static void reshape(AtenCall at, String... ignored) {
    at.ignore(ignored);
    at.emit("Reshape", List.of(at.x("self"), at.longs(at.outDims())));
  }

  static void permute(AtenCall at) {
    int rank = at.rank("self");
    List<Long> order = new ArrayList<>();
    at.integers("dims").forEach(axis -> order.add((long) at.axis(axis, rank)));
    at.emit("Transpose", List.of(at.x("self")), Attribute.of("perm", order));
  }

  static void transpose(AtenCall at, long first, long second) {
    int rank = at.rank("self");
    List<Long> order = new ArrayList<>();
    for (long axis = 0; axis < rank; axis++) {
      order.add(axis);
    }
    if (rank > 1) {
      Collections.swap(order, at.axis(first, rank), at.axis(second, rank));
    }
    at.emit("Transpose", List.of(at.x("self")), Attribute.of("perm", order));
  }

  /** Axes that move to other places; the others keep their order. */
  static void moveAxes(AtenCall at) {
    int rank = at.rank("self");
    List<Long> from = at.axes("source", rank);
    List<Long> to = at.axes("destination", rank);
    List<Long> rest = new ArrayList<>();
    for (long axis = 0; axis < rank; axis++) {
      if (!from.contains(axis)) {
        rest.add(axis);
      }
    }
    List<Long> order = new ArrayList<>();
    for (long axis = 0; axis < rank; axis++) {
      int moved = to.indexOf(axis);
      order.add(moved >= 0 ? from.get(moved) : rest.removeFirst());
    }
    at.emit("Transpose", List.of(at.x("self")), Attribute.of("perm", order));
  }

  /** Each entry of an axis so many times in a row. */
  static void repeatEach(AtenCall at) {
    at.ignore("output_size");
    List<Long> dims = at.dims("self");
    if (!at.has("dim")) {
      throw at.unsupported("repeat_interleave of the flattened tensor", "an axis");
    }
    int axis = at.axis(at.integer("dim"), dims.size());
    List<Long> wide = new ArrayList<>(dims);
    wide.add(axis + 1, 1L);
    List<Long> repeats = new ArrayList<>(Collections.nCopies(wide.size(), 1L));
    repeats.set(axis + 1, at.integer("repeats"));
    String apart = at.step("Reshape", List.of(at.x("self"), at.longs(wide)));
    String tiled = at.step("Tile", List.of(apart, at.longs(repeats)));
    at.emit("Reshape", List.of(tiled, at.longs(at.outDims())));
  }

  /** The tensor with other entries between two places of an axis. */
  static void sliceScatter(AtenCall at) {
    List<Long> dims = at.dims("self");
    int axis = at.axis(at.integer("dim", 0), dims.size());
    long extent = dims.get(axis);
    long start = at.integer("start", 0);
    long from = Math.clamp(start < 0 ? start + extent : start, 0, extent);
    if (at.integer("step", 1) != 1) {
      throw at.unsupported("slice_scatter with steps", "a step of 1");
    }
    at.ignore("end");
    long to = from + at.dims("src").get(axis);
    List<String> parts = new ArrayList<>();
    addPart(at, parts, axis, 0, from);
    parts.add(at.x("src"));
    addPart(at, parts, axis, to, extent);
    at.emit("Concat", parts, Attribute.of("axis", axis));
  }

  private static void addPart(AtenCall at, List<String> parts, long axis, long from, long to) {
    if (from < to) {
      String x = at.x("self");
      String first = at.longs(List.of(from));
      String end = at.longs(List.of(to));
      parts.add(at.step("Slice", List.of(x, first, end, at.longs(List.of(axis)))));
    }
  }

  /** The second tensor in the shape and type of the first. */
  static void copy(AtenCall at) {
    at.ignore("self", "non_blocking");
    String cast = at.cast(at.x("src"), at.kind("src"), at.outKind());
    at.emit("Expand", List.of(cast, at.longs(at.outDims())));
  }

  static void oneHot(AtenCall at) {
    at.ignore("num_classes");
    String values =
        at.translation().add(Constants.longs(at.translation().fresh(at.out()), List.of(2L), 0, 1));
    String depth = at.longs(List.of(at.outDims().getLast()));
    at.emit("OneHot", List.of(at.x("self"), depth, values), Attribute.of("axis", -1));
  }

  static void expand(AtenCall at) {
    at.ignore("size", "implicit", "other");
    at.emit("Expand", List.of(at.x("self"), at.longs(at.outDims())));
  }

  static void repeat(AtenCall at, String argument) {
    List<Long> repeats = new ArrayList<>(at.integers(argument));
    List<Long> dims = new ArrayList<>(at.dims("self"));
    String x = at.x("self");
    while (repeats.size() < dims.size()) {
      repeats.addFirst(1L);
    }
    if (repeats.size() > dims.size()) {
      while (dims.size() < repeats.size()) {
        dims.addFirst(1L);
      }
      x = at.step("Reshape", List.of(x, at.longs(dims)));
    }
    at.emit("Tile", List.of(x, at.longs(repeats)));
  }

  static void concat(AtenCall at) {
    List<String> parts = new ArrayList<>();
    for (String value : at.values("tensors")) {
      // Tensors of the shape [0] are passed over, whatever the other axes are.
      if (!at.translation().dims(value).equals(List.of(0L))) {
        String part = at.translation().read(value);
        parts.add(at.cast(part, at.translation().kind(value), at.outKind()));
      }
    }
    int axis = at.axis(at.integer("dim", 0), at.translation().rank(at.out()));
    at.emit("Concat", parts, Attribute.of("axis", axis));
  }

  static void stack(AtenCall at) {
    int axis = at.axis(at.integer("dim", 0), at.translation().rank(at.out()));
    List<String> parts = new ArrayList<>();
    for (String value : at.values("tensors")) {
      String part = at.translation().read(value);
      parts.add(at.step("Unsqueeze", List.of(part, at.longs(List.of((long) axis)))));
    }
    at.emit("Concat", parts, Attribute.of("axis", axis));
  }

  /** Split, chunk and their kin: the file says how long each part is. */
  static void split(AtenCall at) {
    at.ignore("split_size", "split_sizes", "chunks", "sections", "indices", "indices_or_sections");
    int axis = at.axis(at.integer("dim", 0), at.rank("self"));
    List<Long> sizes = new ArrayList<>();
    at.outputs().forEach(output -> sizes.add(at.translation().dims(output).get(axis)));
    at.emit(
        "Split", at.outputs(), List.of(at.x("self"), at.longs(sizes)), Attribute.of("axis", axis));
  }

  static void unbind(AtenCall at) {
    int axis = at.axis(at.integer("dim", 0), at.rank("self"));
    String x = at.x("self");
    for (int i = 0; i < at.outputs().size(); i++) {
      entry(at, x, at.outputs().get(i), axis, i);
    }
  }

  static void select(AtenCall at) {
    int axis = at.axis(at.integer("dim"), at.rank("self"));
    long index = at.integer("index");
    long extent = at.dims("self").get(axis);
    entry(at, at.x("self"), at.out(), axis, index < 0 ? index + extent : index);
  }

  /** One entry of an axis, without the axis. */
  private static void entry(AtenCall at, String x, String out, long axis, long index) {
    String part =
        at.step(
            "Slice",
            List.of(
                x,
                at.longs(List.of(index)),
                at.longs(List.of(index + 1)),
                at.longs(List.of(axis))));
    at.emit("Squeeze", List.of(out), List.of(part, at.longs(List.of(axis))));
  }

  static void slice(AtenCall at) {
    long axis = at.axis(at.integer("dim", 0), at.rank("self"));
    long start = at.integer("start", 0);
    long end = Math.min(at.integer("end", END), END);
    cut(at, axis, start, end, at.integer("step", 1));
  }

  static void narrow(AtenCall at) {
    int axis = at.axis(at.integer("dim"), at.rank("self"));
    long start = at.integer("start");
    long first = start < 0 ? start + at.dims("self").get(axis) : start;
    cut(at, axis, first, first + at.integer("length"), 1);
  }

  private static void cut(AtenCall at, long axis, long start, long end, long step) {
    at.emit(
        "Slice",
        List.of(
            at.x("self"),
            at.longs(List.of(start)),
            at.longs(List.of(end)),
            at.longs(List.of(axis)),
            at.longs(List.of(step))));
  }

  static void flip(AtenCall at) {
    List<Long> axes = at.axes("dims", at.rank("self"));
    at.emit(
        "Slice",
        List.of(
            at.x("self"),
            at.longs(Collections.nCopies(axes.size(), -1L)),
            at.longs(Collections.nCopies(axes.size(), -END)),
            at.longs(axes),
            at.longs(Collections.nCopies(axes.size(), -1L))));
  }

  /** Along each axis the last entries come first. */
  static void roll(AtenCall at) {
    List<Long> shifts = at.integers("shifts");
    List<Long> axes = at.integers("dims", List.of());
    List<Long> dims = at.dims("self");
    String x = at.x("self");
    boolean flat = axes.isEmpty();
    if (flat) {
      // Without axes the elements are rolled in row-major order.
      axes = List.of(0L);
      dims = List.of(dims.stream().reduce(1L, Math::multiplyExact));
      x = at.step("Reshape", List.of(x, at.longs(dims)));
    }
    if (axes.size() != shifts.size()) {
      throw at.malformed("rolls " + axes.size() + " axes by " + shifts);
    }
    for (int i = 0; i < axes.size(); i++) {
      int axis = at.axis(axes.get(i), dims.size());
      long extent = dims.get(axis);
      long cut = extent - Math.floorMod(shifts.get(i), extent);
      String axisList = at.longs(List.of((long) axis));
      String middle = at.longs(List.of(cut));
      String back = at.step("Slice", List.of(x, middle, at.longs(List.of(extent)), axisList));
      String front = at.step("Slice", List.of(x, at.longs(List.of(0L)), middle, axisList));
      x = cut == extent ? x : at.step("Concat", List.of(back, front), Attribute.of("axis", axis));
    }
    at.emit("Reshape", List.of(x, at.longs(at.dims("self"))));
  }

  static void gather(AtenCall at, String data, String index, String axis, boolean elements) {
    at.ignore("sparse_grad", "padding_idx", "scale_grad_by_freq", "sparse");
    int along = axis.isEmpty() ? 0 : at.axis(at.integer(axis), at.rank(data));
    at.emit(
        elements ? "GatherElements" : "Gather",
        List.of(at.x(data), at.x(index)),
        Attribute.of("axis", along));
  }

  /** Indexing by one list of positions along one axis. */
  static void index(AtenCall at) {
    List<java.util.Optional<String>> lists = at.optionalValues("indices");
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < lists.size(); i++) {
      if (lists.get(i).isPresent()) {
        axes.add(i);
      }
    }
    boolean single = axes.size() == 1;
    String list = single ? lists.get(axes.getFirst()).orElseThrow() : at.out();
    if (!single
        || at.translation().kind(list) == dev.thimble.importer.pytorch.archive.ElementKind.BOOL) {
      throw at.unsupported("indexing by several tensors or by a mask", "one tensor of positions");
    }
    at.emit(
        "Gather",
        List.of(at.x("self"), at.translation().read(list)),
        Attribute.of("axis", axes.getFirst()));
  }

  /** Padding, which PyTorch counts from the last axis. */
  static void pad(AtenCall at, String argument, String mode) {
    List<Long> given = at.integers(argument);
    int rank = at.rank("self");
    List<Long> pads = new ArrayList<>(Collections.nCopies(2 * rank, 0L));
    if (given.size() % 2 != 0 || given.size() > 2 * rank) {
      throw at.malformed("pads " + rank + " axes by " + given);
    }
    for (int i = 0; i < given.size() / 2; i++) {
      pads.set(rank - 1 - i, given.get(2 * i));
      pads.set(2 * rank - 1 - i, given.get(2 * i + 1));
    }
    String name =
        switch (at.text("mode", mode)) {
          case "constant" -> "constant";
          case "reflect" -> "reflect";
          case "replicate" -> "edge";
          case "circular" -> "wrap";
          case String other -> throw at.malformed("has the mode " + other);
        };
    double value = at.number("value", 0);
    String x = cropped(at, pads);
    List<String> inputs = new ArrayList<>(List.of(x, at.longs(pads)));
    if (name.equals("constant")) {
      inputs.add(at.scalar(at.outKind(), value));
    }
    at.emit("Pad", inputs, Attribute.of("mode", name));
  }

  /** Negative pads cut entries off; what is left of the pads is not negative. */
  private static String cropped(AtenCall at, List<Long> pads) {
    List<Long> dims = at.dims("self");
    String x = at.x("self");
    for (int axis = 0; axis < dims.size(); axis++) {
      long front = Math.max(0, -pads.get(axis));
      long back = Math.max(0, -pads.get(axis + dims.size()));
      if (front + back > 0) {
        x =
            at.step(
                "Slice",
                List.of(
                    x,
                    at.longs(List.of(front)),
                    at.longs(List.of(dims.get(axis) - back)),
                    at.longs(List.of((long) axis))));
      }
    }
    pads.replaceAll(pad -> Math.max(0, pad));
    return x;
  }

  static void triangle(AtenCall at, boolean upper) {
    String k =
        at.translation()
            .add(
                Constants.longs(
                    at.translation().fresh(at.out()), List.of(), at.integer("diagonal", 0)));
    at.emit("Trilu", List.of(at.x("self"), k), Attribute.of("upper", upper));
  }
}
