package dev.thimble.importer.tflite;

import static java.util.Map.entry;

import dev.thimble.graph.Node;
import dev.thimble.op.ArgReduce;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Reduce;
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
          entry(BuiltinOperator.MEAN, reduce(Reduce.Function.MEAN)),
          entry(BuiltinOperator.MIRROR_PAD, ShapeImport::pad),
          entry(BuiltinOperator.SUM, reduce(Reduce.Function.SUM)),
          entry(BuiltinOperator.REDUCE_MAX, reduce(Reduce.Function.MAX)),
          entry(BuiltinOperator.REDUCE_MIN, reduce(Reduce.Function.MIN)),
          entry(BuiltinOperator.REDUCE_PROD, reduce(Reduce.Function.PROD)),
          entry(BuiltinOperator.REDUCE_ANY, reduce(Reduce.Function.ANY)),
          entry(BuiltinOperator.REDUCE_ALL, reduce(Reduce.Function.ALL)),
          entry(BuiltinOperator.ARG_MAX, at -> OrderImport.arg(at, ArgReduce.Function.MAX)),
          entry(BuiltinOperator.ARG_MIN, at -> OrderImport.arg(at, ArgReduce.Function.MIN)),
          entry(BuiltinOperator.BATCH_TO_SPACE_ND, BlockImport::batchToSpace),
          entry(BuiltinOperator.BROADCAST_TO, MoveImport::broadcastTo),
          entry(BuiltinOperator.CONCATENATION, MoveImport::concatenation),
          entry(BuiltinOperator.CUMSUM, OrderImport::cumsum),
          entry(BuiltinOperator.DEPTH_TO_SPACE, BlockImport::depthToSpace),
          entry(BuiltinOperator.EMBEDDING_LOOKUP, IndexImport::embeddingLookup),
          entry(BuiltinOperator.FILL, MoveImport::fill),
          entry(BuiltinOperator.GATHER, IndexImport::gather),
          entry(BuiltinOperator.GATHER_ND, IndexImport::gatherNd),
          entry(BuiltinOperator.ONE_HOT, IndexImport::oneHot),
          entry(BuiltinOperator.PACK, SplitImport::pack),
          entry(BuiltinOperator.RANGE, MoveImport::range),
          entry(BuiltinOperator.RESIZE_BILINEAR, BlockImport::resizeBilinear),
          entry(BuiltinOperator.RESIZE_NEAREST_NEIGHBOR, BlockImport::resizeNearest),
          entry(BuiltinOperator.REVERSE_SEQUENCE, OrderImport::reverseSequence),
          entry(BuiltinOperator.REVERSE_V2, OrderImport::reverse),
          entry(BuiltinOperator.SCATTER_ND, IndexImport::scatterNd),
          entry(BuiltinOperator.SHAPE, MoveImport::shape),
          entry(BuiltinOperator.SLICE, SliceImport::slice),
          entry(BuiltinOperator.SPACE_TO_BATCH_ND, BlockImport::spaceToBatch),
          entry(BuiltinOperator.SPACE_TO_DEPTH, BlockImport::spaceToDepth),
          entry(BuiltinOperator.SPLIT, SplitImport::split),
          entry(BuiltinOperator.SPLIT_V, SplitImport::splitV),
          entry(BuiltinOperator.STRIDED_SLICE, SliceImport::stridedSlice),
          entry(BuiltinOperator.TILE, MoveImport::tile),
          entry(BuiltinOperator.TOPK_V2, OrderImport::topK),
          entry(BuiltinOperator.TRANSPOSE, MoveImport::transpose),
          entry(BuiltinOperator.UNPACK, SplitImport::unpack),
          entry(BuiltinOperator.ZEROS_LIKE, MoveImport::zerosLike),
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

  private static Function<Operands, Node> reduce(Reduce.Function function) {
    return at -> ShapeImport.reduce(at, function);
  }

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
