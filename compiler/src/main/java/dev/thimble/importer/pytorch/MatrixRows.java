package dev.thimble.importer.pytorch;

import dev.thimble.importer.pytorch.archive.ElementKind;
import java.util.ArrayList;
import java.util.List;

/** Products of matrices, and attention. */
final class MatrixRows {
  private MatrixRows() {}

  static void linear(AtenCall at) {
    String x = at.x("input");
    String weight = at.x("weight");
    String bias = at.xOrNone("bias");
    if (at.rank("input") == 2 && at.translation().isConstant(weight)) {
      at.emit(
          "Gemm",
          bias.isEmpty() ? List.of(x, weight) : List.of(x, weight, bias),
          Attribute.of("transB", 1));
      return;
    }
    String turned = at.step("Transpose", List.of(weight), Attribute.of("perm", List.of(1L, 0L)));
    if (bias.isEmpty()) {
      at.emit("MatMul", List.of(x, turned));
    } else {
      at.emit("Add", List.of(at.step("MatMul", List.of(x, turned)), bias));
    }
  }

  /** beta * self + alpha * mat1 @ mat2. */
  static void addmm(AtenCall at) {
    String a = at.x("mat1");
    String b = at.x("mat2");
    double alpha = at.number("alpha", 1);
    double beta = at.number("beta", 1);
    String c = at.x("self");
    if (at.translation().isConstant(b) && at.translation().isConstant(c)) {
      at.emit("Gemm", List.of(a, b, c), Attribute.of("alpha", alpha), Attribute.of("beta", beta));
      return;
    }
    at.emit(
        "Add", List.of(scaled(at, at.step("MatMul", List.of(a, b)), alpha), scaled(at, c, beta)));
  }

  static void baddbmm(AtenCall at) {
    String product = at.step("MatMul", List.of(at.x("batch1"), at.x("batch2")));
    double alpha = at.number("alpha", 1);
    double beta = at.number("beta", 1);
    at.emit("Add", List.of(scaled(at, product, alpha), scaled(at, at.x("self"), beta)));
  }

  private static String scaled(AtenCall at, String x, double factor) {
    return factor == 1 ? x : at.step("Mul", List.of(x, at.scalar(ElementKind.FLOAT32, factor)));
  }

  static void product(AtenCall at, String a, String b) {
    at.emit("MatMul", List.of(at.x(a), at.x(b)));
  }

  /** Each element of one vector times each of another, or the sum of the products of pairs. */
  static void vectors(AtenCall at, String a, String b, boolean outer) {
    String x = at.x(a);
    if (outer) {
      x = at.step("Unsqueeze", List.of(x, at.longs(List.of(1L))));
    }
    at.emit(outer ? "Mul" : "MatMul", List.of(x, at.x(b)));
  }

  /** softmax(scale * query @ key' + mask) @ value. */
  static void attention(AtenCall at) {
    if (at.number("dropout_p", 0) != 0 || at.flag("enable_gqa", false)) {
      throw at.unsupported("dropout or grouped queries", "attention at inference");
    }
    List<Long> query = at.dims("query");
    List<Long> key = at.dims("key");
    int rank = query.size();
    double scale = at.number("scale", 1 / Math.sqrt(query.getLast()));
    List<Long> order = new ArrayList<>();
    for (long axis = 0; axis < rank; axis++) {
      order.add(axis < rank - 2 ? axis : 2L * rank - 3 - axis);
    }
    String keys = at.step("Transpose", List.of(at.x("key")), Attribute.of("perm", order));
    String scores = at.step("MatMul", List.of(scaled(at, at.x("query"), scale), keys));
    if (at.flag("is_causal", false)) {
      scores = at.step("Add", List.of(scores, causal(at, query.get(rank - 2), key.get(rank - 2))));
    }
    if (at.has("attn_mask")) {
      String mask = at.x("attn_mask");
      boolean chosen = at.kind("attn_mask") == ElementKind.BOOL;
      scores =
          chosen
              ? at.step(
                  "Where",
                  List.of(mask, scores, at.scalar(ElementKind.FLOAT32, Double.NEGATIVE_INFINITY)))
              : at.step("Add", List.of(scores, mask));
    }
    String weights = at.step("Softmax", List.of(scores), Attribute.of("axis", -1));
    at.emit("MatMul", List.of(weights, at.x("value")));
  }

  private static String causal(AtenCall at, long rows, long columns) {
    float[] mask = new float[Math.toIntExact(Math.multiplyExact(rows, columns))];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = i % columns > i / columns ? Float.NEGATIVE_INFINITY : 0;
    }
    return at.floats(List.of(rows, columns), mask);
  }
}
