package dev.thimble.importer.onnx;

import dev.thimble.graph.Value;
import dev.thimble.importer.layout.LaidOut;
import dev.thimble.op.Binary;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Convolutions of integers, computed with floats. That is exact as long as no sum of products
 * reaches 2^24. Where the sums are the result, a node is refused in which one could. Where they are
 * scaled, ONNX Runtime makes floats of them, too, but rounds once: larger sums are computed in two
 * halves, by the upper and the lower bits of the filter, if floats are to be those of the file.
 */
final class IntegerConvolutionImport {
  private IntegerConvolutionImport() {}

  /** x and w with their zero points, to int32. */
  static void convInteger(OnnxNode at) {
    at.require(2, 4);
    Optional<LaidOut> zero = at.has(2) ? Optional.of(at.x(2)) : Optional.empty();
    LaidOut sum = sum(at, at.name("sum"), zero, 1, at.has(3) ? 3 : -1, -1, true);
    at.set(CastImport.cast(at, at.name(), sum, DType.INT32));
  }

  /** x, its scale and zero point, w, w's, the result's, and a bias. */
  static void qLinearConv(OnnxNode at) {
    at.require(8, 9);
    LaidOut sum = sum(at, at.name("sum"), Optional.of(at.x(2)), 3, 5, at.has(8) ? 8 : -1, false);
    float scaleX = (float) at.number(1, "scale");
    float scaleY = (float) at.number(6, "scale");
    float[] scales = at.constant(4, "scale").floats();
    float[] factors = new float[scales.length];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = scaleX * scales[i] / scaleY;
    }
    Tensor data = Tensor.ofFloats(TensorType.float32(factors.length), factors);
    LaidOut constant = at.graph().constant(at.name("factors"), data);
    LaidOut factor = QuantizationImport.perAxis(at, sum, constant, 1, "factor");
    LaidOut scaled =
        ElementwiseImport.pair(at, at.name("scaled"), Binary.Function.MUL, List.of(sum, factor));
    LaidOut zero = QuantizationImport.perAxis(at, sum, at.x(7), 1, "zero_y");
    at.set(
        QuantizationImport.rounded(
            at, at.name(), scaled, Optional.of(zero), at.operand(7).elements()));
  }

  /** The sums of products, as floats; operands that are left out are -1. */
  private static LaidOut sum(
      OnnxNode at,
      String name,
      Optional<LaidOut> zero,
      int filter,
      int filterZero,
      int bias,
      boolean exact) {
    LaidOut x = at.x(0);
    Tensor stored = ConvolutionImport.filter(at, filter, x.rank());
    if (x.dtype().isFloat() || x.dtype().bytes() != 1 || stored.type().isFloat()) {
      throw at.malformed("convolves " + at.describe());
    }
    int outputs = stored.shape().dim(0);
    long[] zeros = filterZero < 0 ? new long[1] : at.constant(filterZero, "zero point").longs();
    long[] biases = bias < 0 ? new long[outputs] : at.constant(bias, "bias").longs();
    if ((zeros.length != 1 && zeros.length != outputs) || biases.length != outputs) {
      throw at.malformed("has zero points or biases for other channels, " + at.describe());
    }
    float[] reals = lessZeros(stored.longs(), zeros, outputs);
    Optional<LaidOut> scalar =
        zero.map(point -> QuantizationImport.perAxis(at, x, point, 1, "zero_x"));
    LaidOut centred = QuantizationImport.centred(at, "centred", x, scalar);
    if (exact && !HalfSums.fits(reals, biases)) {
      throw new UnsupportedNode("sums of more than 24 bits", "sums that float32 holds exactly");
    }
    Optional<HalfSums> halves = HalfSums.of(at, reals, biases);
    if (halves.isEmpty()) {
      float[] offsets = HalfSums.floats(biases);
      return convolved(at, name, centred, stored.shape(), reals, offsets);
    }
    HalfSums half = halves.get();
    LaidOut upper =
        convolved(at, at.name("upper"), centred, stored.shape(), half.upper(), half.upperBias());
    LaidOut lower =
        convolved(at, at.name("lower"), centred, stored.shape(), half.lower(), half.lowerBias());
    return ElementwiseImport.pair(at, name, Binary.Function.ADD, List.of(upper, lower));
  }

  /** The weights, [outputs][…], less the zero points, of which there is one or one each. */
  private static float[] lessZeros(long[] weights, long[] zeros, int outputs) {
    int each = weights.length / outputs;
    float[] reals = new float[weights.length];
    for (int i = 0; i < weights.length; i++) {
      reals[i] = weights[i] - zeros[zeros.length == 1 ? 0 : i / each];
    }
    return reals;
  }

  private static LaidOut convolved(
      OnnxNode at, String name, LaidOut centred, Shape shape, float[] filter, float[] bias) {
    Tensor real = Tensor.ofFloats(TensorType.of(DType.FLOAT32, shape), filter);
    Tensor constant = Tensor.ofFloats(TensorType.float32(bias.length), bias);
    Value offset = at.graph().constant(at.name("bias"), constant).value();
    return ConvolutionImport.convolved(at, name, centred, real, offset);
  }
}
