package dev.thimble.importer.pytorch;

import dev.thimble.importer.pytorch.archive.ElementKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Functions of elements and of pairs of elements. */
final class ElementRows {
  private ElementRows() {}

  /** The operand as elements of this type; numbers become constants. */
  private static String operand(AtenCall at, String name, ElementKind kind) {
    return at.isTensor(name)
        ? at.cast(at.x(name), at.kind(name), kind)
        : at.scalar(kind, at.number(name));
  }

  static void unary(AtenCall at, String op) {
    at.emit(op, List.of(operand(at, "self", at.outKind())));
  }

  /** Whether an element is of some kind. */
  static void test(AtenCall at, String op) {
    at.emit(op, List.of(at.x("self")));
  }

  /** A function of two operands in the result's type. */
  static void binary(AtenCall at, String op) {
    ElementKind kind = at.outKind();
    at.emit(op, List.of(operand(at, "self", kind), operand(at, "other", kind)));
  }

  /** Sums and differences; the second operand may be multiplied. */
  static void sum(AtenCall at, String op, boolean reversed) {
    ElementKind kind = at.outKind();
    String self = operand(at, "self", kind);
    String other = operand(at, "other", kind);
    double alpha = at.number("alpha", 1);
    if (alpha != 1) {
      String factor = at.scalar(kind, alpha);
      if (reversed) {
        self = at.step("Mul", List.of(self, factor));
      } else {
        other = at.step("Mul", List.of(other, factor));
      }
    }
    at.emit(op, reversed ? List.of(other, self) : List.of(self, other));
  }

  static void divide(AtenCall at) {
    ElementKind kind = at.outKind();
    String mode = at.text("rounding_mode", "");
    String self = operand(at, "self", kind);
    String other = operand(at, "other", kind);
    boolean truncates = mode.equals("trunc") && !kind.isFloat();
    if (mode.equals("floor") && !kind.isFloat()) {
      floorQuotient(at, self, other);
    } else if (mode.isEmpty() || truncates) {
      at.emit("Div", List.of(self, other));
    } else if (mode.equals("floor") && kind.isFloat()) {
      at.emit("Floor", List.of(at.step("Div", List.of(self, other))));
    } else {
      throw at.unsupported(
          "rounding_mode " + mode + " on " + kind.text(), "floor, and trunc on integers");
    }
  }

  static void remainder(AtenCall at, boolean signOfDividend) {
    ElementKind kind = at.outKind();
    if (kind.isFloat() && !signOfDividend) {
      throw at.unsupported("the remainder of floats", "fmod, or the remainder of integers");
    }
    at.emit(
        "Mod",
        List.of(operand(at, "self", kind), operand(at, "other", kind)),
        Attribute.of("fmod", signOfDividend));
  }

  /** A comparison, in the type that holds both operands. */
  static void compare(AtenCall at, String op, boolean negated) {
    ElementKind a = at.kind("self");
    ElementKind kind =
        at.isTensor("other")
            ? common(a, at.kind("other"))
            : !a.isFloat() && at.number("other") != Math.rint(at.number("other"))
                ? ElementKind.FLOAT32
                : a;
    List<String> operands = List.of(operand(at, "self", kind), operand(at, "other", kind));
    if (negated) {
      at.emit("Not", List.of(at.step(op, operands)));
    } else {
      at.emit(op, operands);
    }
  }

  private static ElementKind common(ElementKind a, ElementKind b) {
    if (a == b || b == ElementKind.BOOL) {
      return a;
    }
    if (a == ElementKind.BOOL || (b.isFloat() && !a.isFloat())) {
      return b;
    }
    if (a.isFloat() && !b.isFloat()) {
      return a;
    }
    boolean sameSize = a.bytes() == b.bytes();
    if (sameSize) {
      return a.isFloat()
          ? ElementKind.FLOAT32
          : a.bytes() == 1 ? ElementKind.INT16 : ElementKind.INT32;
    }
    return a.bytes() > b.bytes() ? a : b;
  }

  static void logical(AtenCall at, String op) {
    at.emit(
        op, List.of(operand(at, "self", ElementKind.BOOL), operand(at, "other", ElementKind.BOOL)));
  }

  static void bitwise(AtenCall at, String op) {
    ElementKind kind = at.outKind();
    String name = kind == ElementKind.BOOL ? op : "Bitwise" + op;
    at.emit(name, List.of(operand(at, "self", kind), operand(at, "other", kind)));
  }

  static void not(AtenCall at, boolean bits) {
    boolean truth = !bits || at.outKind() == ElementKind.BOOL;
    ElementKind kind = truth ? ElementKind.BOOL : at.outKind();
    at.emit(truth ? "Not" : "BitwiseNot", List.of(operand(at, "self", kind)));
  }

  static void power(AtenCall at) {
    ElementKind kind = at.outKind();
    String base = operand(at, "self", kind);
    boolean number = !at.isTensor("exponent");
    if (number && at.number("exponent") == 2) {
      at.emit("Mul", List.of(base, base));
    } else if (number && at.number("exponent") == 0.5) {
      at.emit("Sqrt", List.of(base));
    } else {
      at.emit("Pow", List.of(base, operand(at, "exponent", kind)));
    }
  }

  /** Keeps elements between bounds, each of which may be missing. */
  static void clamp(AtenCall at, String low, String high) {
    ElementKind kind = at.outKind();
    String x = operand(at, "self", kind);
    boolean tensors = at.isTensor(low) || at.isTensor(high);
    if (!tensors) {
      List<String> inputs = new ArrayList<>(List.of(x));
      inputs.add(at.has(low) ? operand(at, low, kind) : "");
      if (at.has(high)) {
        inputs.add(operand(at, high, kind));
      }
      at.emit("Clip", inputs);
      return;
    }
    if (at.has(low)) {
      List<String> bounded = List.of(x, operand(at, low, kind));
      x = at.has(high) ? at.step("Max", bounded) : x;
      if (!at.has(high)) {
        at.emit("Max", bounded);
        return;
      }
    }
    at.emit("Min", List.of(x, operand(at, high, kind)));
  }

  /** Clamps to numbers that the operator itself names or has as defaults. */
  static void clip(AtenCall at, double low, double high) {
    double from = at.number("min_val", low);
    double to = at.number("max_val", high);
    at.emit(
        "Clip", List.of(at.x("self"), at.scalar(at.outKind(), from), at.scalar(at.outKind(), to)));
  }

  /** An activation with one number. */
  static void parametric(
      AtenCall at, String op, String parameter, String attribute, double otherwise) {
    at.emit(op, List.of(at.x("self")), Attribute.of(attribute, at.number(parameter, otherwise)));
  }

  /** scale * elu(x), which ONNX calls selu. */
  static void elu(AtenCall at) {
    double scale = at.number("scale", 1);
    if (at.number("input_scale", 1) != 1) {
      throw at.unsupported("elu of a scaled input", "elu, selu and celu");
    }
    if (scale == 1) {
      parametric(at, "Elu", "alpha", "alpha", 1);
      return;
    }
    at.emit(
        "Selu",
        List.of(at.x("self")),
        Attribute.of("alpha", at.number("alpha", 1)),
        Attribute.of("gamma", scale));
  }

  /** exp(x) - 1, without the cancellation near 0. */
  static void expMinusOne(AtenCall at) {
    String x = at.x("self");
    String below = at.step("Elu", List.of(x));
    String mirrored = at.step("Elu", List.of(at.step("Neg", List.of(x))));
    String grown = at.step("Mul", List.of(mirrored, at.step("Exp", List.of(x))));
    String positive = at.step("Greater", List.of(x, at.scalar(at.outKind(), 0)));
    at.emit("Where", List.of(positive, at.step("Neg", List.of(grown)), below));
  }

  /** log(1 + exp(y)); of anything else the sum would lose what is small. */
  static void logOfOnePlus(AtenCall at) {
    Optional<String> exponent = at.translation().exponent(at.value("self"));
    String x =
        exponent.orElseThrow(
            () -> at.unsupported("log1p", "log1p of exp, which is softplus, and log"));
    at.x("self");
    at.emit("Softplus", List.of(at.translation().read(x)));
  }

  static void exp(AtenCall at) {
    unary(at, "Exp");
    if (at.kind("self") == at.outKind()) {
      at.translation().noteExponent(at.out(), at.value("self"));
    }
  }

  static void hardSigmoid(AtenCall at) {
    at.emit(
        "HardSigmoid",
        List.of(at.x("self")),
        Attribute.of("alpha", 1 / 6.0),
        Attribute.of("beta", 0.5));
  }

  static void gelu(AtenCall at) {
    at.emit(
        "Gelu", List.of(at.x("self")), Attribute.of("approximate", at.text("approximate", "none")));
  }

  static void silu(AtenCall at) {
    String x = at.x("self");
    at.emit("Mul", List.of(x, at.step("Sigmoid", List.of(x))));
  }

  static void softplus(AtenCall at) {
    double beta = at.number("beta", 1);
    if (at.number("threshold", 20) < 20) {
      throw at.unsupported("softplus that is linear below 20", "the default threshold");
    }
    String x = at.x("self");
    if (beta == 1) {
      at.emit("Softplus", List.of(x));
      return;
    }
    String factor = at.scalar(ElementKind.FLOAT32, beta);
    String soft = at.step("Softplus", List.of(at.step("Mul", List.of(x, factor))));
    at.emit("Div", List.of(soft, factor));
  }

  static void logSigmoid(AtenCall at) {
    String soft = at.step("Softplus", List.of(at.step("Neg", List.of(at.x("self")))));
    at.emit("Neg", List.of(soft));
  }

  static void shrink(AtenCall at, boolean soft) {
    double lambda = at.number("lambd", 0.5);
    at.emit(
        "Shrink",
        List.of(at.x("self")),
        Attribute.of("lambd", lambda),
        Attribute.of("bias", soft ? lambda : 0));
  }

  static void threshold(AtenCall at) {
    String x = at.x("self");
    String above = at.step("Greater", List.of(x, at.scalar(at.outKind(), at.number("threshold"))));
    at.emit("Where", List.of(above, x, at.scalar(at.outKind(), at.number("value"))));
  }

  /** The slope of each channel, which is axis 1. */
  static void prelu(AtenCall at) {
    String slope = at.x("weight");
    int rank = at.rank("self");
    long slopes = at.dims("weight").stream().reduce(1L, Math::multiplyExact);
    if (rank > 2 && slopes > 1) {
      List<Long> shape = new ArrayList<>(java.util.Collections.nCopies(rank - 1, 1L));
      shape.set(0, slopes);
      slope = at.step("Reshape", List.of(slope, at.longs(shape)));
    }
    at.emit("PRelu", List.of(at.x("self"), slope));
  }

  static void glu(AtenCall at) {
    int axis = at.axis(at.integer("dim", -1), at.rank("self"));
    long half = at.dims("self").get(axis) / 2;
    String a = at.translation().fresh(at.out());
    String b = at.translation().fresh(at.out());
    at.emit(
        "Split",
        List.of(a, b),
        List.of(at.x("self"), at.longs(List.of(half, half))),
        Attribute.of("axis", axis));
    at.emit("Mul", List.of(a, at.step("Sigmoid", List.of(b))));
  }

  static void where(AtenCall at) {
    ElementKind kind = at.outKind();
    at.emit(
        "Where", List.of(at.x("condition"), operand(at, "self", kind), operand(at, "other", kind)));
  }

  static void maskedFill(AtenCall at) {
    ElementKind kind = at.outKind();
    at.emit("Where", List.of(at.x("mask"), operand(at, "value", kind), operand(at, "self", kind)));
  }

  /** self + value * a (op) b. */
  static void addCombined(AtenCall at, String op) {
    ElementKind kind = at.outKind();
    String combined =
        at.step(op, List.of(operand(at, "tensor1", kind), operand(at, "tensor2", kind)));
    double value = at.number("value", 1);
    String scaled =
        value == 1 ? combined : at.step("Mul", List.of(combined, at.scalar(kind, value)));
    at.emit("Add", List.of(operand(at, "self", kind), scaled));
  }

  /** self + weight * (end - self). */
  static void lerp(AtenCall at) {
    ElementKind kind = at.outKind();
    String self = operand(at, "self", kind);
    String way = at.step("Sub", List.of(operand(at, "end", kind), self));
    at.emit("Add", List.of(self, at.step("Mul", List.of(way, operand(at, "weight", kind)))));
  }

  /** The whole part of a number, towards zero; or what is behind it. */
  static void truncate(AtenCall at, boolean fraction) {
    String x = at.x("self");
    String size = at.step("Floor", List.of(at.step("Abs", List.of(x))));
    List<String> whole = List.of(at.step("Sign", List.of(x)), size);
    if (fraction) {
      at.emit("Sub", List.of(x, at.step("Mul", whole)));
    } else {
      at.emit("Mul", whole);
    }
  }

  /** The whole quotient, rounded down. */
  static void floorDivide(AtenCall at) {
    ElementKind kind = at.outKind();
    String self = operand(at, "self", kind);
    String other = operand(at, "other", kind);
    if (kind.isFloat()) {
      at.emit("Floor", List.of(at.step("Div", List.of(self, other))));
      return;
    }
    floorQuotient(at, self, other);
  }

  /** What is left of integers has the divisor's sign; without it the quotient is whole. */
  private static void floorQuotient(AtenCall at, String self, String other) {
    String left = at.step("Mod", List.of(self, other));
    at.emit("Div", List.of(at.step("Sub", List.of(self, left)), other));
  }

  /** A logarithm to another base. */
  static void log(AtenCall at, double base) {
    String x = operand(at, "self", at.outKind());
    String log = at.step("Log", List.of(x));
    at.emit("Div", List.of(log, at.scalar(ElementKind.FLOAT32, Math.log(base))));
  }

  /** Another element type, or the same under another name. */
  static void to(AtenCall at) {
    at.ignore("dtype", "layout", "device", "pin_memory", "non_blocking", "copy", "other");
    at.ignore("memory_format");
    String x = at.x("self");
    ElementKind kind = at.outKind();
    if (kind == at.kind("self")) {
      at.emit("Identity", List.of(x));
    } else {
      at.emit("Cast", List.of(x), Attribute.of("to", Constants.code(kind)));
    }
  }
}
