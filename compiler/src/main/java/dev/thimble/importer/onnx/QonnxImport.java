package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.op.Binary;
import dev.thimble.op.Compare;
import dev.thimble.op.Op;
import dev.thimble.op.Parametric;
import dev.thimble.op.Unary;
import dev.thimble.op.Where;
import dev.thimble.tensor.DType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The operators of QONNX, which give floats that lie on the grid of a quantised type of any width.
 * Source: the QONNX specification, general operators, version 1.
 */
final class QonnxImport {
  static final Set<String> DOMAINS =
      Set.of("qonnx.custom_op.general", "onnx.brevitas", "finn.custom_op.general");

  private static final Map<String, Consumer<OnnxNode>> ROWS =
      Map.of(
          "Quant", QonnxImport::quant,
          "BipolarQuant", QonnxImport::bipolar,
          "Trunc", QonnxImport::trunc);

  /** The names of the operators above. */
  static final String OPERATORS = "QONNX: BipolarQuant, Quant, Trunc";

  /** The widest integers that floats hold exactly. */
  private static final int WIDEST = 24;

  private QonnxImport() {}

  /** Imports a node of the domain; false where it has no such operator. */
  static boolean read(OnnxNode at) {
    Consumer<OnnxNode> row = ROWS.get(at.op());
    if (row == null) {
      return false;
    }
    row.accept(at);
    return true;
  }

  /** x, scale, zero point, bit width. */
  private static void quant(OnnxNode at) {
    at.require(4, 4);
    boolean signed = at.attributes().flag("signed", true);
    boolean narrow = at.attributes().flag("narrow", false);
    Unary.Function rounding = rounding(at, "ROUND");
    int bits = bits(at, 3);
    double high = signed ? Math.pow(2, bits - 1) - 1 : Math.pow(2, bits) - (narrow ? 2 : 1);
    double low = signed ? -Math.pow(2, bits - 1) + (narrow ? 1 : 0) : 0;
    LaidOut x = at.x(0);
    LaidOut moved = moved(at, x);
    LaidOut whole = along(at, "whole", new Unary(rounding), moved);
    Parametric clip = new Parametric(Parametric.Function.CLIP, (float) low, (float) high);
    LaidOut clamped = along(at, "clamped", clip, whole);
    at.set(real(at, bytes(at, clamped, low, high)));
  }

  /** x / scale + zero point. */
  private static LaidOut moved(OnnxNode at, LaidOut x) {
    LaidOut quotient =
        ElementwiseImport.pair(at, at.name("quotient"), Binary.Function.DIV, List.of(x, at.x(1)));
    return isZero(at, 2)
        ? quotient
        : ElementwiseImport.pair(
            at, at.name("moved"), Binary.Function.ADD, List.of(quotient, at.x(2)));
  }

  /** (x - zero point) * scale. */
  private static LaidOut real(OnnxNode at, LaidOut x) {
    LaidOut centred =
        isZero(at, 2)
            ? x
            : ElementwiseImport.pair(
                at, at.name("centred"), Binary.Function.SUB, List.of(x, at.x(2)));
    return ElementwiseImport.pair(at, at.name(), Binary.Function.MUL, List.of(centred, at.x(1)));
  }

  private static boolean isZero(OnnxNode at, int operand) {
    Optional<dev.thimble.tensor.Tensor> data =
        at.data(operand).filter(each -> each.type().isFloat());
    if (data.isEmpty()) {
      return false;
    }
    for (float value : data.get().floats()) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whole floats that fit a byte, by way of bytes: that they do is what makes integers of them. */
  private static LaidOut bytes(OnnxNode at, LaidOut x, double low, double high) {
    for (DType dtype : List.of(DType.INT8, DType.UINT8)) {
      if (low >= dtype.min() && high <= dtype.max()) {
        LaidOut stored = CastImport.cast(at, at.name("stored"), x, dtype);
        return CastImport.cast(at, at.name("of_stored"), stored, DType.FLOAT32);
      }
    }
    return x;
  }

  private static int bits(OnnxNode at, int operand) {
    double bits = at.number(operand, "bit width");
    if (bits != Math.rint(bits) || bits < 1 || bits > WIDEST) {
      throw new UnsupportedNode("a bit width of " + bits, "whole bit widths from 1 to " + WIDEST);
    }
    return (int) bits;
  }

  private static Unary.Function rounding(OnnxNode at, String usual) {
    String mode = at.attributes().text("rounding_mode", usual);
    return switch (mode.toUpperCase(Locale.ROOT)) {
      case "ROUND", "HALF_EVEN" -> Unary.Function.ROUND;
      case "CEIL" -> Unary.Function.CEIL;
      case "FLOOR" -> Unary.Function.FLOOR;
      default ->
          throw new UnsupportedNode(
              "rounding_mode " + Source.quoted(mode), "ROUND, HALF_EVEN, CEIL and FLOOR");
    };
  }

  /** x and a scale, which is given with the sign of x. */
  private static void bipolar(OnnxNode at) {
    at.require(2, 2);
    LaidOut x = at.x(0);
    LaidOut zero = ElementwiseImport.number(at, at.name("zero"), DType.FLOAT32, 0);
    LaidOut positive =
        at.graph()
            .elementwise(
                at.name("positive"),
                new Compare(Compare.Function.GREATER_EQUAL),
                DType.BOOL,
                List.of(x, zero));
    LaidOut negative = along(at, "negative", new Unary(Unary.Function.NEG), at.x(1));
    at.set(
        at.graph()
            .elementwise(
                at.name(), new Where(), DType.FLOAT32, List.of(positive, at.x(1), negative)));
  }

  /** x, scale, zero point, the bit widths before and after. */
  private static void trunc(OnnxNode at) {
    at.require(5, 5);
    Unary.Function rounding = rounding(at, "FLOOR");
    int dropped = bits(at, 3) - bits(at, 4);
    if (dropped < 0) {
      throw at.malformed("gains " + -dropped + " bits");
    }
    LaidOut whole = along(at, "whole", new Unary(Unary.Function.ROUND), moved(at, at.x(0)));
    LaidOut shifted =
        ElementwiseImport.with(
            at, at.name("shifted"), Binary.Function.DIV, whole, Math.pow(2, dropped));
    at.set(real(at, along(at, "truncated", new Unary(rounding), shifted)));
  }

  private static LaidOut along(OnnxNode at, String suffix, Op op, LaidOut x) {
    return at.graph().node(at.name(suffix), op, x.dtype(), x.order(), List.of(x.value()));
  }
}
