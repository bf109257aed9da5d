package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.op.L2Norm;
import dev.thimble.op.LocalResponseNorm;
import dev.thimble.op.LogSoftmax;
import dev.thimble.op.MatMul;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.op.TransposedConv2d;
import dev.thimble.tensor.Shape;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BatchMatMulOptions;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.L2NormOptions;
import org.tensorflow.lite.schema.LocalResponseNormalizationOptions;
import org.tensorflow.lite.schema.Padding;
import org.tensorflow.lite.schema.TransposeConvOptions;

/** TRANSPOSE_CONV, BATCH_MATMUL, and normalisations along the last axis. */
final class ProductImport {
  private static final float L2_EPSILON = 1e-6f;

  private ProductImport() {}

  /** The output's shape is the declared one; the operand that repeats it need not be constant. */
  static Node transposeConv(Operands at) {
    at.require(3, 4);
    TransposeConvOptions options =
        at.requiredOptions(BuiltinOptions.TransposeConvOptions, new TransposeConvOptions());
    FilterOperands operands = FilterOperands.read(at, FilterOperands.Places.TRANSPOSED);
    Shape output = at.output().type().shape();
    Shape input = operands.input().type().shape();
    if (input.rank() != 4 || output.rank() != 4) {
      throw at.malformed("has maps of shape " + input + " and " + output + ", not 4 axes");
    }
    Shape filter = operands.filter().type().shape();
    Size2d stride = at.read(() -> Windows.size(at, "stride", options.strideH(), options.strideW()));
    boolean same = at.read(options::padding) == Padding.SAME;
    int rows = cut(output.dim(1), filter.dim(1), stride.height(), same);
    int columns = cut(output.dim(2), filter.dim(2), stride.width(), same);
    int bottom = (input.dim(1) - 1) * stride.height() + filter.dim(1) - rows - output.dim(1);
    int right = (input.dim(2) - 1) * stride.width() + filter.dim(2) - columns - output.dim(2);
    Padding2d padding = new Padding2d(rows, Math.max(0, bottom), columns, Math.max(0, right));
    byte activation = at.read(options::fusedActivationFunction);
    return at.node(
        () ->
            new TransposedConv2d(
                stride,
                Size2d.ONE,
                padding,
                Math.max(0, -bottom),
                Math.max(0, -right),
                1,
                at.activation(activation)),
        FilterOperands.SUPPORTED,
        operands.input(),
        operands.filter(),
        operands.bias());
  }

  /** The rows cut off at the top: those that the forward convolution would pad there. */
  private static int cut(int extent, int kernel, int stride, boolean same) {
    int outputs =
        same ? Math.ceilDiv(extent, stride) : Math.max(0, extent + stride - kernel) / stride;
    return Math.max(0, (outputs - 1) * stride + kernel - extent) / 2;
  }

  static Node batchMatMul(Operands at) {
    at.require(2, 2);
    BatchMatMulOptions table = new BatchMatMulOptions();
    boolean stored = at.options(BuiltinOptions.BatchMatMulOptions, table).isPresent();
    boolean first = stored && at.read(table::adjX);
    boolean second = stored && at.read(table::adjY);
    return at.node(
        () -> new MatMul(first, second),
        "float32 throughout, or int8 per tensor throughout",
        at.input(0),
        at.input(1));
  }

  static Node logSoftmax(Operands at) {
    at.require(1, 1);
    return at.node(() -> new LogSoftmax(-1), "float32", at.input(0));
  }

  static Node l2Normalization(Operands at) {
    at.require(1, 1);
    L2NormOptions table = new L2NormOptions();
    boolean stored = at.options(BuiltinOptions.L2NormOptions, table).isPresent();
    byte activation = stored ? at.read(table::fusedActivationFunction) : 0;
    if (activation != ActivationFunctionType.NONE) {
      throw new UnsupportedNode("a fused activation", "no fused activation");
    }
    return at.node(
        () -> new L2Norm(-1, L2_EPSILON),
        "float32, or int8 with an output of scale 1/128 and zero point 0",
        at.input(0));
  }

  static Node localResponseNormalization(Operands at) {
    at.require(1, 1);
    LocalResponseNormalizationOptions options =
        at.requiredOptions(
            BuiltinOptions.LocalResponseNormalizationOptions,
            new LocalResponseNormalizationOptions());
    int radius = at.read(options::radius);
    float bias = at.read(options::bias);
    float alpha = at.read(options::alpha);
    float beta = at.read(options::beta);
    return at.node(
        () -> new LocalResponseNorm(radius, radius, bias, alpha, beta), "float32", at.input(0));
  }
}
