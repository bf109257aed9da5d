package dev.thimble.importer.tflite;

import static java.util.Map.entry;

import dev.thimble.graph.Node;
import dev.thimble.op.Binary;
import dev.thimble.op.Compare;
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
          entry(BuiltinOperator.ABS, unary(Unary.Function.ABS)),
          entry(BuiltinOperator.ADD, ArithmeticImport::add),
          entry(BuiltinOperator.ADD_N, ArithmeticImport::addN),
          entry(BuiltinOperator.AVERAGE_POOL_2D, at -> PoolImport.pool(at, Pool2d.Kind2d.AVERAGE)),
          entry(BuiltinOperator.BITWISE_XOR, binary(Binary.Function.XOR)),
          entry(BuiltinOperator.CAST, ArithmeticImport::cast),
          entry(BuiltinOperator.CEIL, unary(Unary.Function.CEIL)),
          entry(BuiltinOperator.CONV_2D, ConvolutionImport::conv2d),
          entry(BuiltinOperator.COS, unary(Unary.Function.COS)),
          entry(BuiltinOperator.DEPTHWISE_CONV_2D, ConvolutionImport::depthwiseConv2d),
          entry(BuiltinOperator.DEQUANTIZE, ElementwiseImport::dequantize),
          entry(BuiltinOperator.DIV, ArithmeticImport::div),
          entry(BuiltinOperator.ELU, ArithmeticImport::elu),
          entry(BuiltinOperator.EQUAL, compare(Compare.Function.EQUAL)),
          entry(BuiltinOperator.EXP, unary(Unary.Function.EXP)),
          entry(BuiltinOperator.EXPAND_DIMS, ShapeImport::axesOfOne),
          entry(BuiltinOperator.FLOOR, unary(Unary.Function.FLOOR)),
          entry(BuiltinOperator.FLOOR_DIV, binary(Binary.Function.FLOOR_DIV)),
          entry(BuiltinOperator.FLOOR_MOD, binary(Binary.Function.MOD)),
          entry(BuiltinOperator.FULLY_CONNECTED, ConvolutionImport::fullyConnected),
          entry(BuiltinOperator.GELU, ArithmeticImport::gelu),
          entry(BuiltinOperator.GREATER, compare(Compare.Function.GREATER)),
          entry(BuiltinOperator.GREATER_EQUAL, compare(Compare.Function.GREATER_EQUAL)),
          entry(BuiltinOperator.HARD_SWISH, unary(Unary.Function.HARD_SWISH)),
          entry(BuiltinOperator.LEAKY_RELU, ArithmeticImport::leakyRelu),
          entry(BuiltinOperator.LESS, compare(Compare.Function.LESS)),
          entry(BuiltinOperator.LESS_EQUAL, compare(Compare.Function.LESS_EQUAL)),
          entry(BuiltinOperator.LOG, unary(Unary.Function.LOG)),
          entry(BuiltinOperator.LOGICAL_AND, binary(Binary.Function.AND)),
          entry(BuiltinOperator.LOGICAL_NOT, unary(Unary.Function.NOT)),
          entry(BuiltinOperator.LOGICAL_OR, binary(Binary.Function.OR)),
          entry(BuiltinOperator.LOGISTIC, unary(Unary.Function.SIGMOID)),
          entry(BuiltinOperator.MAXIMUM, binary(Binary.Function.MAX)),
          entry(BuiltinOperator.MAX_POOL_2D, at -> PoolImport.pool(at, Pool2d.Kind2d.MAX)),
          entry(BuiltinOperator.MEAN, ShapeImport::mean),
          entry(BuiltinOperator.MINIMUM, binary(Binary.Function.MIN)),
          entry(BuiltinOperator.MUL, ArithmeticImport::mul),
          entry(BuiltinOperator.NEG, unary(Unary.Function.NEG)),
          entry(BuiltinOperator.NOT_EQUAL, compare(Compare.Function.NOT_EQUAL)),
          entry(BuiltinOperator.PAD, ShapeImport::pad),
          entry(BuiltinOperator.PADV2, ShapeImport::pad),
          entry(BuiltinOperator.POW, binary(Binary.Function.POW)),
          entry(BuiltinOperator.PRELU, binary(Binary.Function.PRELU)),
          entry(BuiltinOperator.QUANTIZE, ElementwiseImport::quantize),
          entry(BuiltinOperator.RELU, unary(Unary.Function.RELU)),
          entry(BuiltinOperator.RELU6, unary(Unary.Function.RELU6)),
          entry(BuiltinOperator.RELU_0_TO_1, ArithmeticImport::relu0To1),
          entry(BuiltinOperator.RELU_N1_TO_1, unary(Unary.Function.RELU_N1_TO_1)),
          entry(BuiltinOperator.RESHAPE, ShapeImport::reshape),
          entry(BuiltinOperator.RIGHT_SHIFT, binary(Binary.Function.SHIFT_RIGHT)),
          entry(BuiltinOperator.ROUND, unary(Unary.Function.ROUND)),
          entry(BuiltinOperator.RSQRT, unary(Unary.Function.RSQRT)),
          entry(BuiltinOperator.SELECT, ArithmeticImport::selectOfOneShape),
          entry(BuiltinOperator.SELECT_V2, ArithmeticImport::select),
          entry(BuiltinOperator.SIGN, unary(Unary.Function.SIGN)),
          entry(BuiltinOperator.SIN, unary(Unary.Function.SIN)),
          entry(BuiltinOperator.SOFTMAX, ElementwiseImport::softmax),
          entry(BuiltinOperator.SQRT, unary(Unary.Function.SQRT)),
          entry(BuiltinOperator.SQUARE, unary(Unary.Function.SQUARE)),
          entry(BuiltinOperator.SQUARED_DIFFERENCE, binary(Binary.Function.SQUARED_DIFFERENCE)),
          entry(BuiltinOperator.SQUEEZE, ShapeImport::axesOfOne),
          entry(BuiltinOperator.SUB, ArithmeticImport::sub),
          entry(BuiltinOperator.TANH, unary(Unary.Function.TANH)));

  /** The names of the operators above, for the message about all others. */
  static final String OPERATORS =
      ROWS.keySet().stream().map(BuiltinOperator::name).sorted().collect(Collectors.joining(", "));

  private OperatorImport() {}

  private static Function<Operands, Node> binary(Binary.Function function) {
    return at -> ArithmeticImport.binary(at, function);
  }

  private static Function<Operands, Node> compare(Compare.Function function) {
    return at -> ArithmeticImport.compare(at, function);
  }

  private static Function<Operands, Node> unary(Unary.Function function) {
    return at -> ArithmeticImport.unary(at, function);
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
