package dev.thimble.importer.tflite;

import static java.util.Map.entry;

import dev.thimble.graph.Node;
import dev.thimble.op.ArgReduce;
import dev.thimble.op.Binary;
import dev.thimble.op.Compare;
import dev.thimble.op.Reduce;
import dev.thimble.op.Unary;
import dev.thimble.op.WindowPool2d;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tensorflow.lite.schema.BuiltinOperator;

/** Which operator is imported as what. */
final class OperatorImport {
  private static final Map<Integer, Function<Operands, Node>> ROWS =
      Map.ofEntries(
          entry(BuiltinOperator.ABS, unary(Unary.Function.ABS)),
          entry(BuiltinOperator.ADD, ArithmeticImport::add),
          entry(BuiltinOperator.ADD_N, ArithmeticImport::addN),
          entry(BuiltinOperator.ARG_MAX, at -> OrderImport.arg(at, ArgReduce.Function.MAX)),
          entry(BuiltinOperator.ARG_MIN, at -> OrderImport.arg(at, ArgReduce.Function.MIN)),
          entry(
              BuiltinOperator.AVERAGE_POOL_2D,
              at -> PoolImport.pool(at, WindowPool2d.Function.AVERAGE)),
          entry(BuiltinOperator.BATCH_MATMUL, ProductImport::batchMatMul),
          entry(BuiltinOperator.BATCH_TO_SPACE_ND, BlockImport::batchToSpace),
          entry(BuiltinOperator.BIDIRECTIONAL_SEQUENCE_LSTM, LstmImport::bidirectional),
          entry(BuiltinOperator.BITWISE_XOR, binary(Binary.Function.XOR)),
          entry(BuiltinOperator.BROADCAST_TO, MoveImport::broadcastTo),
          entry(BuiltinOperator.CAST, ArithmeticImport::cast),
          entry(BuiltinOperator.CEIL, unary(Unary.Function.CEIL)),
          entry(BuiltinOperator.CONCATENATION, MoveImport::concatenation),
          entry(BuiltinOperator.CONV_2D, ConvolutionImport::conv2d),
          entry(BuiltinOperator.COS, unary(Unary.Function.COS)),
          entry(BuiltinOperator.CUMSUM, OrderImport::cumsum),
          entry(BuiltinOperator.DEPTHWISE_CONV_2D, ConvolutionImport::depthwiseConv2d),
          entry(BuiltinOperator.DEPTH_TO_SPACE, BlockImport::depthToSpace),
          entry(BuiltinOperator.DEQUANTIZE, ElementwiseImport::dequantize),
          entry(BuiltinOperator.DIV, ArithmeticImport::div),
          entry(BuiltinOperator.ELU, ArithmeticImport::elu),
          entry(BuiltinOperator.EMBEDDING_LOOKUP, IndexImport::embeddingLookup),
          entry(BuiltinOperator.EQUAL, compare(Compare.Function.EQUAL)),
          entry(BuiltinOperator.EXP, unary(Unary.Function.EXP)),
          entry(BuiltinOperator.EXPAND_DIMS, ShapeImport::axesOfOne),
          entry(BuiltinOperator.FILL, MoveImport::fill),
          entry(BuiltinOperator.FLOOR, unary(Unary.Function.FLOOR)),
          entry(BuiltinOperator.FLOOR_DIV, binary(Binary.Function.FLOOR_DIV)),
          entry(BuiltinOperator.FLOOR_MOD, binary(Binary.Function.MOD)),
          entry(BuiltinOperator.FULLY_CONNECTED, ConvolutionImport::fullyConnected),
          entry(BuiltinOperator.GATHER, IndexImport::gather),
          entry(BuiltinOperator.GATHER_ND, IndexImport::gatherNd),
          entry(BuiltinOperator.GELU, ArithmeticImport::gelu),
          entry(BuiltinOperator.GREATER, compare(Compare.Function.GREATER)),
          entry(BuiltinOperator.GREATER_EQUAL, compare(Compare.Function.GREATER_EQUAL)),
          entry(BuiltinOperator.HARD_SWISH, unary(Unary.Function.HARD_SWISH)),
          entry(BuiltinOperator.L2_NORMALIZATION, ProductImport::l2Normalization),
          entry(
              BuiltinOperator.L2_POOL_2D,
              at -> PoolImport.pool(at, WindowPool2d.Function.ROOT_MEAN_SQUARE)),
          entry(BuiltinOperator.LEAKY_RELU, ArithmeticImport::leakyRelu),
          entry(BuiltinOperator.LESS, compare(Compare.Function.LESS)),
          entry(BuiltinOperator.LESS_EQUAL, compare(Compare.Function.LESS_EQUAL)),
          entry(
              BuiltinOperator.LOCAL_RESPONSE_NORMALIZATION,
              ProductImport::localResponseNormalization),
          entry(BuiltinOperator.LOG, unary(Unary.Function.LOG)),
          entry(BuiltinOperator.LOGICAL_AND, binary(Binary.Function.AND)),
          entry(BuiltinOperator.LOGICAL_NOT, unary(Unary.Function.NOT)),
          entry(BuiltinOperator.LOGICAL_OR, binary(Binary.Function.OR)),
          entry(BuiltinOperator.LOGISTIC, unary(Unary.Function.SIGMOID)),
          entry(BuiltinOperator.LOG_SOFTMAX, ProductImport::logSoftmax),
          entry(BuiltinOperator.MAXIMUM, binary(Binary.Function.MAX)),
          entry(BuiltinOperator.MAX_POOL_2D, at -> PoolImport.pool(at, WindowPool2d.Function.MAX)),
          entry(BuiltinOperator.MEAN, reduce(Reduce.Function.MEAN)),
          entry(BuiltinOperator.MINIMUM, binary(Binary.Function.MIN)),
          entry(BuiltinOperator.MIRROR_PAD, ShapeImport::pad),
          entry(BuiltinOperator.MUL, ArithmeticImport::mul),
          entry(BuiltinOperator.NEG, unary(Unary.Function.NEG)),
          entry(BuiltinOperator.NOT_EQUAL, compare(Compare.Function.NOT_EQUAL)),
          entry(BuiltinOperator.ONE_HOT, IndexImport::oneHot),
          entry(BuiltinOperator.PACK, SplitImport::pack),
          entry(BuiltinOperator.PAD, ShapeImport::pad),
          entry(BuiltinOperator.PADV2, ShapeImport::pad),
          entry(BuiltinOperator.POW, binary(Binary.Function.POW)),
          entry(BuiltinOperator.PRELU, binary(Binary.Function.PRELU)),
          entry(BuiltinOperator.QUANTIZE, ElementwiseImport::quantize),
          entry(BuiltinOperator.RANGE, MoveImport::range),
          entry(BuiltinOperator.REDUCE_ALL, reduce(Reduce.Function.ALL)),
          entry(BuiltinOperator.REDUCE_ANY, reduce(Reduce.Function.ANY)),
          entry(BuiltinOperator.REDUCE_MAX, reduce(Reduce.Function.MAX)),
          entry(BuiltinOperator.REDUCE_MIN, reduce(Reduce.Function.MIN)),
          entry(BuiltinOperator.REDUCE_PROD, reduce(Reduce.Function.PROD)),
          entry(BuiltinOperator.RELU, unary(Unary.Function.RELU)),
          entry(BuiltinOperator.RELU6, unary(Unary.Function.RELU6)),
          entry(BuiltinOperator.RELU_0_TO_1, ArithmeticImport::relu0To1),
          entry(BuiltinOperator.RELU_N1_TO_1, unary(Unary.Function.RELU_N1_TO_1)),
          entry(BuiltinOperator.RESHAPE, ShapeImport::reshape),
          entry(BuiltinOperator.RESIZE_BILINEAR, BlockImport::resizeBilinear),
          entry(BuiltinOperator.RESIZE_NEAREST_NEIGHBOR, BlockImport::resizeNearest),
          entry(BuiltinOperator.REVERSE_SEQUENCE, OrderImport::reverseSequence),
          entry(BuiltinOperator.REVERSE_V2, OrderImport::reverse),
          entry(BuiltinOperator.RIGHT_SHIFT, binary(Binary.Function.SHIFT_RIGHT)),
          entry(BuiltinOperator.RNN, RecurrentImport::rnn),
          entry(BuiltinOperator.ROUND, unary(Unary.Function.ROUND)),
          entry(BuiltinOperator.RSQRT, unary(Unary.Function.RSQRT)),
          entry(BuiltinOperator.SCATTER_ND, IndexImport::scatterNd),
          entry(BuiltinOperator.SELECT, ArithmeticImport::selectOfOneShape),
          entry(BuiltinOperator.SELECT_V2, ArithmeticImport::select),
          entry(BuiltinOperator.SHAPE, MoveImport::shape),
          entry(BuiltinOperator.SIGN, unary(Unary.Function.SIGN)),
          entry(BuiltinOperator.SIN, unary(Unary.Function.SIN)),
          entry(BuiltinOperator.SLICE, SliceImport::slice),
          entry(BuiltinOperator.SOFTMAX, ElementwiseImport::softmax),
          entry(BuiltinOperator.SPACE_TO_BATCH_ND, BlockImport::spaceToBatch),
          entry(BuiltinOperator.SPACE_TO_DEPTH, BlockImport::spaceToDepth),
          entry(BuiltinOperator.SPLIT, SplitImport::split),
          entry(BuiltinOperator.SPLIT_V, SplitImport::splitV),
          entry(BuiltinOperator.SQRT, unary(Unary.Function.SQRT)),
          entry(BuiltinOperator.SQUARE, unary(Unary.Function.SQUARE)),
          entry(BuiltinOperator.SQUARED_DIFFERENCE, binary(Binary.Function.SQUARED_DIFFERENCE)),
          entry(BuiltinOperator.SQUEEZE, ShapeImport::axesOfOne),
          entry(BuiltinOperator.STRIDED_SLICE, SliceImport::stridedSlice),
          entry(BuiltinOperator.SUB, ArithmeticImport::sub),
          entry(BuiltinOperator.SUM, reduce(Reduce.Function.SUM)),
          entry(BuiltinOperator.SVDF, SvdfImport::svdf),
          entry(BuiltinOperator.TANH, unary(Unary.Function.TANH)),
          entry(BuiltinOperator.TILE, MoveImport::tile),
          entry(BuiltinOperator.TOPK_V2, OrderImport::topK),
          entry(BuiltinOperator.TRANSPOSE, MoveImport::transpose),
          entry(BuiltinOperator.TRANSPOSE_CONV, ProductImport::transposeConv),
          entry(BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_LSTM, LstmImport::unidirectional),
          entry(BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_RNN, RecurrentImport::sequenceRnn),
          entry(BuiltinOperator.UNPACK, SplitImport::unpack),
          entry(BuiltinOperator.ZEROS_LIKE, MoveImport::zerosLike));

  /** The operators that do to uint8 what they do to int8 of 128 less, averages apart. */
  private static final Set<Integer> UNSIGNED =
      Set.of(
          BuiltinOperator.ADD,
          BuiltinOperator.AVERAGE_POOL_2D,
          BuiltinOperator.BATCH_TO_SPACE_ND,
          BuiltinOperator.CONCATENATION,
          BuiltinOperator.CONV_2D,
          BuiltinOperator.DEPTHWISE_CONV_2D,
          BuiltinOperator.DEPTH_TO_SPACE,
          BuiltinOperator.DEQUANTIZE,
          BuiltinOperator.EQUAL,
          BuiltinOperator.EXPAND_DIMS,
          BuiltinOperator.FULLY_CONNECTED,
          BuiltinOperator.GATHER,
          BuiltinOperator.GATHER_ND,
          BuiltinOperator.GREATER,
          BuiltinOperator.GREATER_EQUAL,
          BuiltinOperator.HARD_SWISH,
          BuiltinOperator.LEAKY_RELU,
          BuiltinOperator.LESS,
          BuiltinOperator.LESS_EQUAL,
          BuiltinOperator.LOGISTIC,
          BuiltinOperator.MAXIMUM,
          BuiltinOperator.MAX_POOL_2D,
          BuiltinOperator.MEAN,
          BuiltinOperator.MINIMUM,
          BuiltinOperator.MIRROR_PAD,
          BuiltinOperator.MUL,
          BuiltinOperator.NOT_EQUAL,
          BuiltinOperator.PACK,
          BuiltinOperator.PAD,
          BuiltinOperator.PADV2,
          BuiltinOperator.PRELU,
          BuiltinOperator.QUANTIZE,
          BuiltinOperator.REDUCE_MAX,
          BuiltinOperator.REDUCE_MIN,
          BuiltinOperator.RELU,
          BuiltinOperator.RELU6,
          BuiltinOperator.RELU_N1_TO_1,
          BuiltinOperator.RESHAPE,
          BuiltinOperator.RESIZE_NEAREST_NEIGHBOR,
          BuiltinOperator.SELECT_V2,
          BuiltinOperator.SLICE,
          BuiltinOperator.SOFTMAX,
          BuiltinOperator.SPACE_TO_BATCH_ND,
          BuiltinOperator.SPACE_TO_DEPTH,
          BuiltinOperator.SPLIT,
          BuiltinOperator.SQUEEZE,
          BuiltinOperator.STRIDED_SLICE,
          BuiltinOperator.SUB,
          BuiltinOperator.SUM,
          BuiltinOperator.TANH,
          BuiltinOperator.TILE,
          BuiltinOperator.TOPK_V2,
          BuiltinOperator.TRANSPOSE,
          BuiltinOperator.UNPACK);

  /** The names of the operators above, for the message about all others. */
  static final String OPERATORS =
      Stream.concat(ROWS.keySet().stream(), Variables.OPERATORS.stream())
          .map(BuiltinOperator::name)
          .sorted()
          .collect(Collectors.joining(", "));

  private OperatorImport() {}

  private static Function<Operands, Node> reduce(Reduce.Function function) {
    return at -> ShapeImport.reduce(at, function);
  }

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
    if (at.hasRecoded() && !UNSIGNED.contains(at.builtin())) {
      throw new UnsupportedNode(
          "quantised uint8, " + at.describe(), "float32 or int8 of this operator");
    }
    return row.apply(at);
  }
}
