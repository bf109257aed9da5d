package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Unary;
import org.tensorflow.lite.schema.BuiltinOperator;

/** Which operator is imported as what. */
final class OperatorImport {
  /** The operators of the switch below, for the message about all others. */
  static final String OPERATORS =
      "ADD, AVERAGE_POOL_2D, CONV_2D, DEPTHWISE_CONV_2D, DEQUANTIZE, EXPAND_DIMS,"
          + " FULLY_CONNECTED, LOGISTIC, MAX_POOL_2D, MEAN, PAD, PADV2, QUANTIZE, RELU, RELU6,"
          + " RELU_N1_TO_1, RESHAPE, SOFTMAX, SQUEEZE";

  private OperatorImport() {}

  /**
   * The node that an operator becomes. Throws {@link UnsupportedNode} for one that is not supported
   * and {@link dev.thimble.importer.ModelException} for one that is malformed.
   */
  static Node read(Operands at) {
    return switch (at.builtin()) {
      case BuiltinOperator.ADD -> ElementwiseImport.add(at);
      case BuiltinOperator.AVERAGE_POOL_2D -> PoolImport.pool(at, Pool2d.Kind2d.AVERAGE);
      case BuiltinOperator.CONV_2D -> ConvolutionImport.conv2d(at);
      case BuiltinOperator.DEPTHWISE_CONV_2D -> ConvolutionImport.depthwiseConv2d(at);
      case BuiltinOperator.DEQUANTIZE -> ElementwiseImport.dequantize(at);
      case BuiltinOperator.EXPAND_DIMS, BuiltinOperator.SQUEEZE -> ShapeImport.axesOfOne(at);
      case BuiltinOperator.FULLY_CONNECTED -> ConvolutionImport.fullyConnected(at);
      case BuiltinOperator.LOGISTIC -> ElementwiseImport.unary(at, Unary.Function.SIGMOID);
      case BuiltinOperator.MAX_POOL_2D -> PoolImport.pool(at, Pool2d.Kind2d.MAX);
      case BuiltinOperator.MEAN -> ShapeImport.mean(at);
      case BuiltinOperator.PAD, BuiltinOperator.PADV2 -> ShapeImport.pad(at);
      case BuiltinOperator.QUANTIZE -> ElementwiseImport.quantize(at);
      case BuiltinOperator.RELU -> ElementwiseImport.unary(at, Unary.Function.RELU);
      case BuiltinOperator.RELU6 -> ElementwiseImport.unary(at, Unary.Function.RELU6);
      case BuiltinOperator.RELU_N1_TO_1 -> ElementwiseImport.unary(at, Unary.Function.RELU_N1_TO_1);
      case BuiltinOperator.RESHAPE -> ShapeImport.reshape(at);
      case BuiltinOperator.SOFTMAX -> ElementwiseImport.softmax(at);
      default -> throw new UnsupportedNode(at.describe(), "no form of this operator");
    };
  }
}
