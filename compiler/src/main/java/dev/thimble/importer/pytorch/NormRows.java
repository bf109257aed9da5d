package dev.thimble.importer.pytorch;

import dev.thimble.importer.pytorch.archive.ElementKind;
import java.util.ArrayList;
import java.util.List;

/** Normalisations. */
final class NormRows {
  private NormRows() {}

  private static String orOnes(AtenCall at, String name, int channels, double otherwise) {
    return at.has(name) ? at.x(name) : at.vector(channels, otherwise);
  }

  private static String x(AtenCall at) {
    return at.node().input("input").isPresent() ? "input" : "self";
  }

  private static int channels(AtenCall at) {
    return Math.toIntExact(at.dims(x(at)).get(1));
  }

  static void batch(AtenCall at) {
    if (at.flag("training", false) || !at.has("running_mean")) {
      throw at.unsupported(
          "batch normalisation by the batch's own statistics",
          "recorded statistics: model.eval() before the export");
    }
    at.ignore("momentum", "cudnn_enabled");
    int channels = channels(at);
    at.emit(
        "BatchNormalization",
        List.of(
            at.x(x(at)),
            orOnes(at, "weight", channels, 1),
            orOnes(at, "bias", channels, 0),
            at.x("running_mean"),
            at.x("running_var")),
        Attribute.of("epsilon", at.number("eps", 1e-5)));
  }

  static void layer(AtenCall at) {
    List<Long> shape = at.integers("normalized_shape");
    at.ignore("cudnn_enable");
    float[] ones = new float[Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact))];
    java.util.Arrays.fill(ones, 1);
    List<String> inputs = new ArrayList<>();
    inputs.add(at.x("input"));
    inputs.add(at.has("weight") ? at.x("weight") : at.floats(shape, ones));
    if (at.has("bias")) {
      inputs.add(at.x("bias"));
    }
    at.emit(
        "LayerNormalization",
        inputs,
        Attribute.of("axis", -shape.size()),
        Attribute.of("epsilon", at.number("eps", 1e-5)));
  }

  static void group(AtenCall at) {
    int channels = channels(at);
    at.ignore("cudnn_enabled", "N", "C", "HxW");
    long groups = at.integer(at.has("num_groups") ? "num_groups" : "group");
    at.emit(
        "GroupNormalization",
        List.of(at.x(x(at)), orOnes(at, "weight", channels, 1), orOnes(at, "bias", channels, 0)),
        Attribute.of("num_groups", groups),
        Attribute.of("epsilon", at.number("eps", 1e-5)));
  }

  static void instance(AtenCall at) {
    at.ignore("momentum", "cudnn_enabled");
    if (!at.flag("use_input_stats", true)) {
      batch(at);
      return;
    }
    at.ignore("running_mean", "running_var");
    int channels = channels(at);
    at.emit(
        "InstanceNormalization",
        List.of(at.x("input"), orOnes(at, "weight", channels, 1), orOnes(at, "bias", channels, 0)),
        Attribute.of("epsilon", at.number("eps", 1e-5)));
  }

  /** Statistics of the batch itself, which of a batch of one are those of the sample. */
  static void ownStatistics(AtenCall at) {
    at.ignore("momentum", "training");
    if (at.dims("input").getFirst() != 1) {
      throw at.unsupported("statistics of a batch of several", "a batch of one");
    }
    int channels = channels(at);
    at.emit(
        "InstanceNormalization",
        List.of(at.x("input"), orOnes(at, "weight", channels, 1), orOnes(at, "bias", channels, 0)),
        Attribute.of("epsilon", at.number("eps", 1e-5)));
  }

  /** x / sqrt(mean(x * x) + eps), times a weight. */
  static void rms(AtenCall at) {
    int axes = at.integers("normalized_shape").size();
    int rank = at.rank("input");
    List<Long> last = new ArrayList<>();
    for (int axis = rank - axes; axis < rank; axis++) {
      last.add((long) axis);
    }
    String x = at.x("input");
    String squares = at.step("Mul", List.of(x, x));
    String mean = at.step("ReduceMean", List.of(squares, at.longs(last)));
    double epsilon = at.number("eps", Math.ulp(1f));
    String shifted = at.step("Add", List.of(mean, at.scalar(ElementKind.FLOAT32, epsilon)));
    String root = at.step("Sqrt", List.of(shifted));
    if (at.has("weight")) {
      at.emit("Mul", List.of(at.step("Div", List.of(x, root)), at.x("weight")));
    } else {
      at.emit("Div", List.of(x, root));
    }
  }

  /** g * v / |v|, where the length is taken along all axes but one. */
  static void weight(AtenCall at) {
    int kept = at.axis(at.integer("dim", 0), at.rank("v"));
    List<Long> axes = new ArrayList<>();
    for (long axis = 0; axis < at.rank("v"); axis++) {
      if (axis != kept) {
        axes.add(axis);
      }
    }
    String v = at.x("v");
    String unit = at.step("Div", List.of(v, at.step("ReduceL2", List.of(v, at.longs(axes)))));
    at.emit("Mul", List.of(unit, at.x("g")));
  }

  /** The product of two vectors, each divided by its length. */
  static void cosine(AtenCall at) {
    int rank = at.translation().rank(at.value("x1"));
    String axes = at.longs(List.of((long) at.axis(at.integer("dim", 1), rank)));
    String least = at.scalar(ElementKind.FLOAT32, at.number("eps", 1e-8));
    String a = unit(at, at.x("x1"), axes, least);
    String b = unit(at, at.x("x2"), axes, least);
    at.emit(
        "ReduceSum", List.of(at.step("Mul", List.of(a, b)), axes), Attribute.of("keepdims", false));
  }

  private static String unit(AtenCall at, String x, String axes, String least) {
    String length = at.step("ReduceL2", List.of(x, axes));
    return at.step("Div", List.of(x, at.step("Max", List.of(length, least))));
  }

  static void softmax(AtenCall at, String op) {
    ElementKind to = at.kindArgument("dtype", at.outKind());
    String x = at.cast(at.x("self"), at.kind("self"), to);
    at.ignore("half_to_float");
    at.emit(op, List.of(x), Attribute.of("axis", at.axis(at.integer("dim"), at.rank("self"))));
  }
}
