package dev.thimble.importer.tflite;

import static java.util.Map.entry;

import dev.thimble.graph.Node;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Unary;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tensorflow.lite.schema.BuiltinOperator;

/** Which operator is imported as what. */
final class OperatorImport {
  private static final Map<Integer, Function<Operands, Node>> ROWS =
      Map.ofEntries(
          entry(BuiltinOperator.ADD, ElementwiseImport::add),
          entry(BuiltinOperator.AVERAGE_POOL_2D, at -> PoolImport.pool(at, Pool2d.Kind2d.AVERAGE)),
          entry(BuiltinOperator.CONV_2D, ConvolutionImport::conv2d),
          entry(BuiltinOperator.DEPTHWISE_CONV_2D, ConvolutionImport::depthwiseConv2d),
          entry(BuiltinOperator.DEQUANTIZE, ElementwiseImport::dequantize),
          entry(BuiltinOperator.EXPAND_DIMS, ShapeImport::axesOfOne),
          entry(BuiltinOperator.FULLY_CONNECTED, ConvolutionImport::fullyConnected),
          entry(BuiltinOperator.LOGISTIC, unary(Unary.Function.SIGMOID)),
          entry(BuiltinOperator.MAX_POOL_2D, at -> PoolImport.pool(at, Pool2d.Kind2d.MAX)),
          entry(BuiltinOperator.MEAN, ShapeImport::mean),
          entry(BuiltinOperator.MUL, ElementwiseImport::mul),
          entry(BuiltinOperator.PAD, ShapeImport::pad),
          entry(BuiltinOperator.PADV2, ShapeImport::pad),
          entry(BuiltinOperator.QUANTIZE, ElementwiseImport::quantize),
          entry(BuiltinOperator.RELU, unary(Unary.Function.RELU)),
          entry(BuiltinOperator.RELU6, unary(Unary.Function.RELU6)),
          entry(BuiltinOperator.RELU_N1_TO_1, unary(Unary.Function.RELU_N1_TO_1)),
          entry(BuiltinOperator.RESHAPE, ShapeImport::reshape),
          entry(BuiltinOperator.SOFTMAX, ElementwiseImport::softmax),
          entry(BuiltinOperator.SQUEEZE, ShapeImport::axesOfOne),
          entry(BuiltinOperator.SVDF, SvdfImport::svdf));

  /** The names of the operators above, for the message about all others. */
  static final String OPERATORS =
      ROWS.keySet().stream().map(BuiltinOperator::name).sorted().collect(Collectors.joining(", "));

  private OperatorImport() {}

  private static Function<Operands, Node> unary(Unary.Function function) {
    return at -> ElementwiseImport.unary(at, function);
  }

  /**
   * The node that an operator becomes. Throws {@link UnsupportedNode} for one that is not supported
   * and {@link dev.thimble.importer.ModelException} for one that is malformed.
   */
  static Node read(Operands at) {
    @Nullable Function<Operands, Node> row = ROWS.get(at.builtin());
    if (row == null) {
      throw new UnsupportedNode(at.describe(), "no form of this operator");
    }
    return row.apply(at);
  }
}
