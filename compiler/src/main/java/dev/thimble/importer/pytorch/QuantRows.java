package dev.thimble.importer.pytorch;

import dev.thimble.importer.pytorch.archive.ElementKind;
import dev.thimble.importer.pytorch.archive.ExportedTensor;
import java.util.List;

/** The operators between which quantised networks compute in floats. */
final class QuantRows {
  private QuantRows() {}

  static void perTensor(AtenCall at, boolean quantizes) {
    ElementKind kind = at.kindArgument("dtype", ElementKind.INT8);
    at.ignore("out_dtype", "eps");
    String x = quantizes ? clamped(at, "input", kind) : at.x("input");
    if (!quantizes) {
      at.ignore("quant_min", "quant_max");
    }
    at.emit(
        quantizes ? "QuantizeLinear" : "DequantizeLinear",
        List.of(x, scale(at), zeroPoint(at, kind)));
  }

  private static String scale(AtenCall at) {
    return at.isTensor("scale")
        ? at.x("scale")
        : at.scalar(ElementKind.FLOAT32, at.number("scale"));
  }

  private static String zeroPoint(AtenCall at, ElementKind kind) {
    return at.isTensor("zero_point")
        ? at.cast(at.x("zero_point"), at.kind("zero_point"), kind)
        : at.scalar(kind, at.number("zero_point"));
  }

  static void perChannel(AtenCall at, boolean quantizes) {
    ElementKind kind = at.kindArgument("dtype", ElementKind.INT8);
    requireRange(at, kind, quantizes);
    at.ignore("out_dtype");
    long axis = at.axis(at.integer("axis"), at.rank("input"));
    String zeroPoints = at.has("zero_points") ? zeroPoints(at, kind) : "";
    List<String> operands = List.of(at.x("input"), at.x("scales"), zeroPoints);
    at.emit(
        quantizes ? "QuantizeLinear" : "DequantizeLinear",
        zeroPoints.isEmpty() ? operands.subList(0, 2) : operands,
        Attribute.of("axis", axis));
  }

  /** What training leaves behind: a quantisation and its dequantisation in one. */
  static void fakePerTensor(AtenCall at) {
    ElementKind kind = kind(at);
    List<String> quantity = List.of(scale(at), zeroPoint(at, kind));
    String stored =
        at.step(
            "QuantizeLinear", List.of(clamped(at, "self", kind), quantity.get(0), quantity.get(1)));
    at.emit("DequantizeLinear", List.of(stored, quantity.get(0), quantity.get(1)));
  }

  /** As {@link #fakePerTensor}, with a scale for each channel, over a whole type. */
  static void fakePerChannel(AtenCall at) {
    ElementKind kind = kind(at);
    long axis = at.axis(at.integer("axis"), at.rank("self"));
    String zeroPoints = at.cast(at.x("zero_point"), at.kind("zero_point"), kind);
    List<String> quantity = List.of(at.x("scale"), zeroPoints);
    String stored =
        at.step(
            "QuantizeLinear",
            List.of(at.x("self"), quantity.get(0), quantity.get(1)),
            Attribute.of("axis", axis));
    if (!isWhole(at, kind)) {
      stored =
          at.step(
              "Clip",
              List.of(
                  stored,
                  at.scalar(kind, at.integer("quant_min")),
                  at.scalar(kind, at.integer("quant_max"))));
    }
    at.emit(
        "DequantizeLinear",
        List.of(stored, quantity.get(0), quantity.get(1)),
        Attribute.of("axis", axis));
  }

  /** The bytes that hold a range of quantised values. */
  private static ElementKind kind(AtenCall at) {
    for (ElementKind kind : List.of(ElementKind.INT8, ElementKind.UINT8)) {
      if (lowest(kind) <= at.integer("quant_min") && at.integer("quant_max") <= highest(kind)) {
        return kind;
      }
    }
    throw at.unsupported(
        "integers from " + at.integer("quant_min") + " to " + at.integer("quant_max"),
        "ranges within int8 or uint8");
  }

  private static long lowest(ElementKind kind) {
    return kind == ElementKind.INT8 ? Byte.MIN_VALUE : 0;
  }

  private static long highest(ElementKind kind) {
    return kind == ElementKind.INT8 ? Byte.MAX_VALUE : 0xFF;
  }

  private static boolean isWhole(AtenCall at, ElementKind kind) {
    return at.integer("quant_min") == lowest(kind) && at.integer("quant_max") == highest(kind);
  }

  /**
   * The floats that are quantised. Where the integers do not fill their type's range, nothing else
   * saturates as they do, and the floats are clamped to what the range stands for.
   */
  private static String clamped(AtenCall at, String operand, ElementKind kind) {
    boolean bytes = kind == ElementKind.INT8 || kind == ElementKind.UINT8;
    boolean within =
        bytes
            && at.integer("quant_min") >= lowest(kind)
            && at.integer("quant_max") <= highest(kind);
    if (!within || isWhole(at, kind) || at.isTensor("scale") || at.isTensor("zero_point")) {
      requireRange(at, kind, true);
      return at.x(operand);
    }
    double scale = at.number("scale");
    double zeroPoint = at.number("zero_point");
    return at.step(
        "Clip",
        List.of(
            at.x(operand),
            at.scalar(ElementKind.FLOAT32, (at.integer("quant_min") - zeroPoint) * scale),
            at.scalar(ElementKind.FLOAT32, (at.integer("quant_max") - zeroPoint) * scale)));
  }

  /** The constant zero points, which the file has as 64-bit integers or as floats. */
  private static String zeroPoints(AtenCall at, ElementKind kind) {
    ExportedTensor data =
        at.translation()
            .data(at.value("zero_points"))
            .orElseThrow(() -> at.unsupported("computed zero points", "constant zero points"));
    String zeroPoints = at.x("zero_points");
    return at.cast(zeroPoints, data.kind(), kind);
  }

  /** Quantised values fill their type's range: nothing else saturates as the integers do. */
  private static void requireRange(AtenCall at, ElementKind kind, boolean quantizes) {
    long low = at.integer("quant_min");
    long high = at.integer("quant_max");
    boolean full =
        switch (kind) {
          case INT8 -> low == Byte.MIN_VALUE && high == Byte.MAX_VALUE;
          case UINT8 -> low == 0 && high == 0xFF;
          case INT16 -> low == Short.MIN_VALUE && high == Short.MAX_VALUE;
          case INT32 -> low >= Integer.MIN_VALUE && high == Integer.MAX_VALUE;
          default -> false;
        };
    if (quantizes && !full) {
      throw at.unsupported(
          kind.text() + " from " + low + " to " + high, "the whole range of int8, uint8 or int16");
    }
  }
}
