package dev.thimble.importer.pytorch;

import dev.thimble.importer.pytorch.archive.ElementKind;
import java.util.List;

/** Reductions, orders and constants. */
final class ReduceRows {
  private ReduceRows() {}

  private static void reduce(
      AtenCall at, String out, String op, String x, List<Long> axes, boolean keep) {
    at.emit(
        op,
        List.of(out),
        axes.isEmpty() ? List.of(x) : List.of(x, at.longs(axes)),
        Attribute.of("keepdims", keep));
  }

  private static String reduced(AtenCall at, String op, String x, List<Long> axes, boolean keep) {
    String name = at.translation().fresh(at.out());
    reduce(at, name, op, x, axes, keep);
    return name;
  }

  /** A reduction in the result's element type. */
  static void reduce(AtenCall at, String op) {
    at.ignore("dtype");
    List<Long> axes = at.axes("dim", at.rank("self"));
    String x = at.cast(at.x("self"), at.kind("self"), at.outKind());
    reduce(at, at.out(), op, x, axes, at.flag("keepdim", false));
  }

  /** Whether any or all elements are other than 0: the greatest or least of 0 and 1. */
  static void truth(AtenCall at, String op) {
    List<Long> axes = at.axes("dim", at.rank("self"));
    String truths = at.cast(at.x("self"), at.kind("self"), ElementKind.BOOL);
    String numbers = at.cast(truths, ElementKind.BOOL, ElementKind.INT32);
    String found = reduced(at, op, numbers, axes, at.flag("keepdim", false));
    at.emit("Cast", List.of(found), Attribute.of("to", Constants.code(ElementKind.BOOL)));
  }

  /** Maxima and minima: of all, of pairs, or along an axis with their positions. */
  static void extreme(AtenCall at, String name) {
    if (at.has("other")) {
      ElementRows.binary(at, name);
      return;
    }
    List<Long> axes = at.axes("dim", at.rank("self"));
    boolean keep = at.flag("keepdim", false);
    String x = at.x("self");
    reduce(at, at.out(), "Reduce" + name, x, axes, keep);
    if (at.outputs().size() > 1) {
      at.emit(
          "Arg" + name,
          at.outputs().subList(1, 2),
          List.of(x),
          Attribute.of("axis", axes.getFirst()),
          Attribute.of("keepdims", keep));
    }
  }

  static void position(AtenCall at, String op) {
    boolean keep = at.flag("keepdim", false);
    if (at.has("dim")) {
      int axis = at.axis(at.integer("dim"), at.rank("self"));
      at.emit(
          op, List.of(at.x("self")), Attribute.of("axis", axis), Attribute.of("keepdims", keep));
      return;
    }
    String flat = at.step("Reshape", List.of(at.x("self"), at.longs(List.of(-1L))));
    String found = at.step(op, List.of(flat), Attribute.of("axis", 0), Attribute.of("keepdims", 0));
    at.emit("Reshape", List.of(found, at.longs(at.outDims())));
  }

  /** The mean squared distance from the mean; the divisor is lessened by the correction. */
  static void variance(AtenCall at, boolean root, boolean withMean) {
    List<Long> dims = at.dims("self");
    List<Long> axes = at.axes("dim", dims.size());
    boolean keep = at.flag("keepdim", false);
    double correction = at.number("correction", at.flag("unbiased", true) ? 1 : 0);
    double count =
        axes.stream().mapToDouble(axis -> dims.get(axis.intValue())).reduce(1, (a, b) -> a * b);
    String x = at.x("self");
    String mean = reduced(at, "ReduceMean", x, axes, true);
    String apart = at.step("Sub", List.of(x, mean));
    String squares = reduced(at, "ReduceSumSquare", apart, axes, keep);
    List<String> quotient = List.of(squares, at.scalar(ElementKind.FLOAT32, count - correction));
    if (root) {
      at.emit("Sqrt", List.of(at.step("Div", quotient)));
    } else {
      at.emit("Div", quotient);
    }
    if (withMean) {
      reduce(at, at.outputs().get(1), "ReduceMean", x, axes, keep);
    }
  }

  static void norm(AtenCall at, String power) {
    at.ignore("dtype");
    double p = at.number(power, 2);
    List<Long> axes = at.axes("dim", at.rank("self"));
    if (p == Double.POSITIVE_INFINITY) {
      String sizes = at.step("Abs", List.of(at.x("self")));
      reduce(at, at.out(), "ReduceMax", sizes, axes, at.flag("keepdim", false));
      return;
    }
    if (p != 1 && p != 2) {
      throw at.unsupported("the norm of order " + p, "orders 1, 2 and infinity");
    }
    reduce(
        at,
        at.out(),
        p == 1 ? "ReduceL1" : "ReduceL2",
        at.x("self"),
        axes,
        at.flag("keepdim", false));
  }

  static void cumulative(AtenCall at) {
    at.ignore("dtype");
    int axis = at.axis(at.integer("dim"), at.rank("self"));
    String x = at.cast(at.x("self"), at.kind("self"), at.outKind());
    at.emit("CumSum", List.of(x, at.scalar(ElementKind.INT64, axis)));
  }

  static void topK(AtenCall at) {
    int axis = at.axis(at.integer("dim", -1), at.rank("self"));
    at.emit(
        "TopK",
        at.outputs(),
        List.of(at.x("self"), at.longs(List.of(at.integer("k")))),
        Attribute.of("axis", axis),
        Attribute.of("largest", at.flag("largest", true)),
        Attribute.of("sorted", at.flag("sorted", true)));
  }

  /** A tensor of one number, whatever it is made like. */
  static void filled(AtenCall at, double otherwise) {
    at.ignore("self", "size", "dtype", "layout", "device", "pin_memory", "memory_format");
    at.ignore("names");
    double value =
        at.has("fill_value") ? at.number("fill_value") : at.has("s") ? at.number("s") : otherwise;
    at.translation().add(Constants.filled(at.out(), at.outKind(), at.outDims(), value));
    if (value == 0) {
      at.translation().noteZero(at.out());
    }
  }

  static void range(AtenCall at) {
    at.ignore("dtype", "layout", "device", "pin_memory");
    double start = at.number("start", 0);
    double step = at.number("step", 1);
    at.number("end");
    int count = Math.toIntExact(at.outDims().getFirst());
    if (!at.outKind().isFloat()) {
      long[] numbers = new long[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = (long) start + i * (long) step;
      }
      List<Long> dims = List.of((long) count);
      String range =
          at.translation().add(Constants.longs(at.translation().fresh(at.out()), dims, numbers));
      at.emit("Identity", List.of(at.cast(range, ElementKind.INT64, at.outKind())));
      return;
    }
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (start + i * step);
    }
    at.translation().add(Constants.floats(at.out(), List.of((long) count), numbers));
  }
}
