package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.importer.layout.Order;
import dev.thimble.op.Binary;
import dev.thimble.op.MatMul;
import dev.thimble.op.Parametric;
import dev.thimble.op.Reduce;
import dev.thimble.op.Unary;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Operators of quantised networks, as ONNX defines them: with float32 arithmetic, ties rounded to
 * the even neighbour. What they store are integers that stand for themselves.
 */
final class QuantizationImport {
  private QuantizationImport() {}

  static void quantize(OnnxNode at) {
    at.require(2, 3);
    at.attributes().ignore("saturate");
    LaidOut x = at.x(0);
    int axis = at.attributes().integer("axis", 1);
    requirePlain(at);
    int code = at.attributes().integer("output_dtype", 0);
    DType dtype = at.has(2) ? at.operand(2).elements() : DType.UINT8;
    if (code != 0 && ElementTypes.of(code).filter(dtype::equals).isEmpty()) {
      throw new UnsupportedNode(
          "output_dtype " + ElementTypes.name(code), "that of the zero point");
    }
    LaidOut scale = perAxis(at, x, at.x(1), axis, "scale");
    Optional<LaidOut> zero =
        at.has(2) ? Optional.of(perAxis(at, x, at.x(2), axis, "zero")) : Optional.empty();
    at.set(stored(at, at.name(), x, scale, zero, dtype));
  }

  static void dequantize(OnnxNode at) {
    at.require(2, 3);
    requirePlain(at);
    LaidOut x = at.x(0);
    int axis = at.attributes().integer("axis", 1);
    LaidOut scale = perAxis(at, x, at.x(1), axis, "scale");
    Optional<LaidOut> zero =
        at.has(2) ? Optional.of(perAxis(at, x, at.x(2), axis, "zero")) : Optional.empty();
    LaidOut centred = centred(at, "centred", x, zero);
    at.set(ElementwiseImport.pair(at, at.name(), Binary.Function.MUL, List.of(centred, scale)));
  }

  private static void requirePlain(OnnxNode at) {
    if (at.attributes().integer("block_size", 0) != 0) {
      throw new UnsupportedNode("block_size", "scales per tensor or per axis");
    }
  }

  /** Numbers for each entry of an axis, as a tensor that broadcasts along it. */
  static LaidOut perAxis(OnnxNode at, LaidOut x, LaidOut numbers, int axis, String what) {
    if (numbers.type().elements() == 1) {
      return at.graph().reshape(at.name(what), numbers, Shape.SCALAR);
    }
    int counted = at.axis(axis, x.rank());
    int[] dims = new int[x.rank()];
    Arrays.fill(dims, 1);
    dims[counted] = x.shape().dim(counted);
    if (numbers.rank() != 1 || numbers.shape().dim(0) != dims[counted]) {
      throw at.malformed("has " + what + " of shape " + numbers.shape() + " for " + x.shape());
    }
    return at.graph().reshape(at.name(what), numbers, Shape.of(dims));
  }

  /** The integers less the zero point, as floats. */
  static LaidOut centred(OnnxNode at, String suffix, LaidOut x, Optional<LaidOut> zero) {
    LaidOut real = CastImport.cast(at, at.name(suffix + "_real"), x, DType.FLOAT32);
    if (zero.isEmpty()) {
      return real;
    }
    LaidOut from = CastImport.cast(at, at.name(suffix + "_zero"), zero.get(), DType.FLOAT32);
    return ElementwiseImport.pair(at, at.name(suffix), Binary.Function.SUB, List.of(real, from));
  }

  /** Floats as integers: divided by the scale, rounded, moved by the zero point and clamped. */
  static LaidOut stored(
      OnnxNode at, String name, LaidOut x, LaidOut scale, Optional<LaidOut> zero, DType dtype) {
    if (dtype.isFloat() || dtype.bytes() > 2) {
      throw new UnsupportedNode("quantisation to " + dtype.reportName(), "8 and 16 bits");
    }
    LaidOut real = CastImport.cast(at, at.name("real"), x, DType.FLOAT32);
    LaidOut quotient =
        ElementwiseImport.pair(at, at.name("quotient"), Binary.Function.DIV, List.of(real, scale));
    return rounded(at, name, quotient, zero, dtype);
  }

  /** Floats in units of an integer, as such integers. */
  static LaidOut rounded(OnnxNode at, String name, LaidOut x, Optional<LaidOut> zero, DType dtype) {
    LaidOut whole = along(at, "whole", new Unary(Unary.Function.ROUND), x);
    if (zero.isPresent()) {
      LaidOut offset = CastImport.cast(at, at.name("offset"), zero.get(), DType.FLOAT32);
      whole =
          ElementwiseImport.pair(at, at.name("moved"), Binary.Function.ADD, List.of(whole, offset));
    }
    Parametric clip = new Parametric(Parametric.Function.CLIP, dtype.min(), dtype.max());
    return CastImport.cast(at, name, along(at, "clamped", clip, whole), dtype);
  }

  private static LaidOut along(OnnxNode at, String suffix, dev.thimble.op.Op op, LaidOut x) {
    return at.graph().node(at.name(suffix), op, x.dtype(), x.order(), List.of(x.value()));
  }

  /** The scale of what is given, its zero point, and the integers that they make of it. */
  static void dynamic(OnnxNode at) {
    at.require(1, 1);
    LaidOut x = at.x(0);
    List<Integer> axes = IntStream.range(0, x.rank()).boxed().toList();
    LaidOut highest = extreme(at, "highest", Reduce.Function.MAX, Binary.Function.MAX, x, axes);
    LaidOut lowest = extreme(at, "lowest", Reduce.Function.MIN, Binary.Function.MIN, x, axes);
    LaidOut span =
        ElementwiseImport.pair(at, at.name("span"), Binary.Function.SUB, List.of(highest, lowest));
    String scaleName = at.wants(1) ? at.name(1) : at.name("scale");
    LaidOut scale = ElementwiseImport.with(at, scaleName, Binary.Function.DIV, span, 255);
    LaidOut negative = along(at, "negative", new Unary(Unary.Function.NEG), lowest);
    LaidOut position =
        ElementwiseImport.pair(
            at, at.name("position"), Binary.Function.DIV, List.of(negative, scale));
    Parametric clip = new Parametric(Parametric.Function.CLIP, 0, 255);
    LaidOut clamped = along(at, "zero_clamped", clip, position);
    LaidOut whole = along(at, "zero_whole", new Unary(Unary.Function.ROUND), clamped);
    String zeroName = at.wants(2) ? at.name(2) : at.name("zero_point");
    LaidOut zero = CastImport.cast(at, zeroName, whole, DType.UINT8);
    at.set(0, stored(at, at.name(), x, scale, Optional.of(zero), DType.UINT8));
    at.set(1, scale);
    at.set(2, zero);
  }

  private static LaidOut extreme(
      OnnxNode at,
      String suffix,
      Reduce.Function reduce,
      Binary.Function pair,
      LaidOut x,
      List<Integer> axes) {
    LaidOut all =
        axes.isEmpty()
            ? x
            : ReduceImport.reduced(at, at.name(suffix + "_element"), reduce, x, axes, false);
    return ElementwiseImport.with(at, at.name(suffix), pair, all, 0);
  }

  static void matMulInteger(OnnxNode at) {
    at.require(2, 4);
    at.set(product(at, at.name(), 0, 1, 2, 3));
  }

  /** The int32 product of two operands with these zero points. */
  static LaidOut product(OnnxNode at, String name, int a, int b, int zeroA, int zeroB) {
    LaidOut first = at.graph().plain(at.x(a));
    LaidOut second = at.graph().plain(at.x(b));
    if (first.rank() < 2 || second.rank() < 2) {
      throw new UnsupportedNode(at.describe(), "operands of at least 2 axes");
    }
    LaidOut zeroFirst = zero(at, zeroA, first.dtype(), "zero_a");
    LaidOut zeroSecond = zero(at, zeroB, second.dtype(), "zero_b");
    int rank = Math.max(first.rank(), second.rank());
    return at.graph()
        .node(
            name,
            new MatMul(false, false),
            DType.INT32,
            Order.source(rank),
            List.of(first.value(), second.value(), zeroFirst.value(), zeroSecond.value()));
  }

  private static LaidOut zero(OnnxNode at, int operand, DType dtype, String what) {
    LaidOut stored =
        at.has(operand) ? at.x(operand) : ElementwiseImport.number(at, at.name(what), dtype, 0);
    return at.graph().reshape(at.name(what), stored, Shape.of(stored.type().elements()));
  }
}
