package dev.thimble.importer.pytorch;

import dev.thimble.importer.pytorch.archive.ElementKind;
import dev.thimble.importer.pytorch.archive.ExportedTensor;
import java.util.List;

/** The operators between which quantised networks compute in floats. */
final class QuantRows {
  private QuantRows() {}

  static void perTensor(AtenCall at, boolean quantizes) {
    ElementKind kind = at.kindArgument("dtype", ElementKind.INT8);
    requireRange(at, kind, quantizes);
    at.ignore("out_dtype", "eps");
    String scale =
        at.isTensor("scale") ? at.x("scale") : at.scalar(ElementKind.FLOAT32, at.number("scale"));
    String zeroPoint =
        at.isTensor("zero_point")
            ? at.cast(at.x("zero_point"), at.kind("zero_point"), kind)
            : at.scalar(kind, at.number("zero_point"));
    at.emit(
        quantizes ? "QuantizeLinear" : "DequantizeLinear",
        List.of(at.x("input"), scale, zeroPoint));
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
