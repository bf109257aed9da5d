package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.importer.layout.Permutation;
import dev.thimble.op.Binary;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Products of quantised matrices. With a constant second matrix the sums are floats of whole
 * numbers, which are exact up to 2^24; ONNX Runtime makes floats of its sums of 32 bits, too.
 */
final class QuantizedMatrixImport {
  private QuantizedMatrixImport() {}

  /** a, a's scale and zero point, b, b's, the result's. */
  static void qLinearMatMul(OnnxNode at) {
    at.require(8, 8);
    Optional<Tensor> known = at.data(3);
    LaidOut sum =
        known.isPresent() && at.x(3).rank() == 2 && at.data(0).isEmpty() && at.x(0).rank() >= 2
            ? constantProduct(at, at.x(0), matrix(at, 3, 5, false), Optional.empty())
            : CastImport.cast(
                at,
                at.name("real"),
                QuantizationImport.product(at, at.name("sum"), 0, 3, 2, 5),
                DType.FLOAT32);
    LaidOut scales = scales(at, sum, 1, 4);
    LaidOut scaleY = at.graph().reshape(at.name("scale_y"), at.x(6), Shape.SCALAR);
    LaidOut factor =
        ElementwiseImport.pair(at, at.name("factor"), Binary.Function.DIV, List.of(scales, scaleY));
    quantize(at, sum, factor, 7);
  }

  /** The product of two operands' scales, the second perhaps for each column. */
  private static LaidOut scales(OnnxNode at, LaidOut sum, int a, int b) {
    LaidOut first = at.graph().reshape(at.name("scale_a"), at.x(a), Shape.SCALAR);
    LaidOut second = QuantizationImport.perAxis(at, sum, at.x(b), sum.rank() - 1, "scale_b");
    return ElementwiseImport.pair(
        at, at.name("scale_ab"), Binary.Function.MUL, List.of(second, first));
  }

  private static void quantize(OnnxNode at, LaidOut sum, LaidOut factor, int zeroPoint) {
    LaidOut scaled =
        ElementwiseImport.pair(at, at.name("scaled"), Binary.Function.MUL, List.of(sum, factor));
    LaidOut zero = QuantizationImport.perAxis(at, sum, at.x(zeroPoint), 0, "zero_y");
    DType dtype = at.operand(zeroPoint).elements();
    at.set(QuantizationImport.rounded(at, at.name(), scaled, Optional.of(zero), dtype));
  }

  /** A, its scale and zero point, B, its, C as int32, the result's scale and zero point. */
  static void qGemm(OnnxNode at) {
    at.require(6, 9);
    float alpha = at.attributes().real("alpha", 1);
    boolean turnedA = at.attributes().flag("transA", false);
    boolean turnedB = at.attributes().flag("transB", false);
    LaidOut a = turnedA ? at.x(0).transposed(List.of(1, 0)) : at.x(0);
    if (at.x(0).rank() != 2 || at.x(3).rank() != 2) {
      throw at.malformed("multiplies " + at.describe());
    }
    at.constant(3, "second matrix");
    Optional<Tensor> c = at.has(6) ? Optional.of(at.constant(6, "summand")) : Optional.empty();
    LaidOut sum = constantProduct(at, a, matrix(at, 3, 5, turnedB), c);
    LaidOut factor =
        ElementwiseImport.with(
            at, at.name("alpha"), Binary.Function.MUL, scales(at, sum, 1, 4), alpha);
    if (!at.has(7)) {
      at.set(ElementwiseImport.pair(at, at.name(), Binary.Function.MUL, List.of(sum, factor)));
      return;
    }
    LaidOut scaleY = at.graph().reshape(at.name("scale_y"), at.x(7), Shape.SCALAR);
    quantize(
        at,
        sum,
        ElementwiseImport.pair(at, at.name("factor"), Binary.Function.DIV, List.of(factor, scaleY)),
        8);
  }

  /** The constant matrix [K, N] less its zero point, as floats [N, K]. */
  private static Tensor matrix(OnnxNode at, int operand, int zeroPoint, boolean turned) {
    Tensor stored = at.constant(operand, "second matrix");
    Tensor rows = turned ? stored : Permutation.apply(stored, List.of(1, 0));
    long[] zeros = at.has(zeroPoint) ? at.constant(zeroPoint, "zero point").longs() : new long[1];
    long[] weights = rows.longs();
    int depth = rows.shape().dim(1);
    if (zeros.length != 1 && zeros.length != rows.shape().dim(0)) {
      throw at.malformed("has " + zeros.length + " zero points, " + at.describe());
    }
    float[] floats = new float[weights.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = weights[i] - zeros[zeros.length == 1 ? 0 : i / depth];
    }
    return Tensor.ofFloats(TensorType.of(DType.FLOAT32, rows.shape()), floats);
  }

  /** The sums of products of a, less its zero point at operand 2, with a constant matrix. */
  private static LaidOut constantProduct(
      OnnxNode at, LaidOut a, Tensor filter, Optional<Tensor> summand) {
    int outputs = filter.shape().dim(0);
    if (a.shape().dim(-1) != filter.shape().dim(1)) {
      throw at.malformed("multiplies " + at.describe());
    }
    Optional<LaidOut> zero =
        at.has(2)
            ? Optional.of(QuantizationImport.perAxis(at, a, at.x(2), 0, "zero_a"))
            : Optional.empty();
    LaidOut centred = QuantizationImport.centred(at, "centred", a, zero);
    long[] bias = new long[outputs];
    if (summand.isPresent()) {
      long[] stored = summand.get().longs();
      if (stored.length != 1 && stored.length != outputs) {
        throw new UnsupportedNode(
            "a summand " + summand.get().shape(), "one number for each column");
      }
      for (int i = 0; i < outputs; i++) {
        bias[i] = stored[stored.length == 1 ? 0 : i];
      }
    }
    Optional<HalfSums> halves = HalfSums.of(at, filter.floats(), bias);
    if (halves.isEmpty()) {
      return product(at, "sum", centred, filter, HalfSums.floats(bias));
    }
    HalfSums half = halves.get();
    Tensor upper = Tensor.ofFloats(filter.type(), half.upper());
    Tensor lower = Tensor.ofFloats(filter.type(), half.lower());
    return ElementwiseImport.pair(
        at,
        at.name("sum"),
        Binary.Function.ADD,
        List.of(
            product(at, "upper", centred, upper, half.upperBias()),
            product(at, "lower", centred, lower, half.lowerBias())));
  }

  private static LaidOut product(
      OnnxNode at, String suffix, LaidOut centred, Tensor filter, float[] bias) {
    Tensor offsets = Tensor.ofFloats(TensorType.float32(bias.length), bias);
    return MatrixImport.product(at, at.name(suffix), centred, filter, offsets);
  }
}
