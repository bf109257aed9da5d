package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.op.Binary;
import dev.thimble.op.Op;
import dev.thimble.op.Parametric;
import dev.thimble.op.Unary;
import java.util.List;

/** Functions of one element that numbers shape. */
final class ParametricImport {
  private ParametricImport() {}

  /** A function of one number, which has this default. */
  static void alpha(OnnxNode at, Parametric.Function function, float otherwise) {
    at.require(1, 1);
    at.attributes().ignore("consumed_inputs");
    float alpha = at.attributes().real("alpha", otherwise);
    at.pointwise(new Parametric(function, alpha), at.x(0));
  }

  static void selu(OnnxNode at) {
    at.require(1, 1);
    at.attributes().ignore("consumed_inputs");
    float alpha = at.attributes().real("alpha", 1.67326319217681884765625f);
    float gamma = at.attributes().real("gamma", 1.05070102214813232421875f);
    at.pointwise(new Parametric(Parametric.Function.SELU, alpha, gamma), at.x(0));
  }

  static void hardSigmoid(OnnxNode at) {
    at.require(1, 1);
    at.attributes().ignore("consumed_inputs");
    float alpha = at.attributes().real("alpha", 0.2f);
    float beta = at.attributes().real("beta", 0.5f);
    at.pointwise(new Parametric(Parametric.Function.HARD_SIGMOID, alpha, beta), at.x(0));
  }

  static void shrink(OnnxNode at) {
    at.require(1, 1);
    float bias = at.attributes().real("bias", 0);
    float lambda = at.attributes().real("lambd", 0.5f);
    at.pointwise(new Parametric(Parametric.Function.SHRINK, lambda, bias), at.x(0));
  }

  static void isInf(OnnxNode at) {
    boolean negative = at.attributes().flag("detect_negative", true);
    boolean positive = at.attributes().flag("detect_positive", true);
    Op op = new Parametric(Parametric.Function.IS_INF, negative ? 1 : 0, positive ? 1 : 0);
    ElementwiseImport.test(at, op);
  }

  static void gelu(OnnxNode at) {
    String approximation = at.attributes().text("approximate", "none");
    switch (approximation) {
      case "none" -> ElementwiseImport.unary(at, Unary.Function.GELU);
      case "tanh" -> ElementwiseImport.unary(at, Unary.Function.GELU_TANH);
      default -> throw at.malformed("has approximate " + Source.quoted(approximation));
    }
  }

  /** Bounds are attributes before opset 11, and operands since. */
  static void clip(OnnxNode at) {
    at.require(1, 3);
    at.attributes().ignore("consumed_inputs");
    LaidOut x = at.x(0);
    if (at.opset() < 11) {
      float low = at.attributes().real("min", -Float.MAX_VALUE);
      float high = at.attributes().real("max", Float.MAX_VALUE);
      at.pointwise(clip(low, high), x);
      return;
    }
    boolean known =
        (!at.has(1) || at.data(1).isPresent()) && (!at.has(2) || at.data(2).isPresent());
    if (known && x.dtype().isFloat()) {
      double low = at.has(1) ? at.number(1, "min") : Double.NEGATIVE_INFINITY;
      double high = at.has(2) ? at.number(2, "max") : Double.POSITIVE_INFINITY;
      at.pointwise(clip((float) low, (float) high), x);
      return;
    }
    LaidOut raised = x;
    if (at.has(1)) {
      String name = at.has(2) ? at.name("raised") : at.name();
      raised = ElementwiseImport.pair(at, name, Binary.Function.MAX, List.of(x, at.x(1)));
    }
    at.set(
        at.has(2)
            ? ElementwiseImport.pair(at, at.name(), Binary.Function.MIN, List.of(raised, at.x(2)))
            : raised);
  }

  private static Op clip(float low, float high) {
    if (low == 0 && high == 6) {
      return new Unary(Unary.Function.RELU6);
    }
    boolean unbounded = high == Float.POSITIVE_INFINITY;
    return low == 0 && unbounded
        ? new Unary(Unary.Function.RELU)
        : new Parametric(Parametric.Function.CLIP, low, high);
  }
}
