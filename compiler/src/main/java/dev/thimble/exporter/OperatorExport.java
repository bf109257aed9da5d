package dev.thimble.exporter;

import dev.thimble.graph.Node;
import dev.thimble.op.ArgMax;
import dev.thimble.op.ArgReduce;
import dev.thimble.op.AtLeast;
import dev.thimble.op.BatchToSpace;
import dev.thimble.op.Binary;
import dev.thimble.op.Cast;
import dev.thimble.op.Compare;
import dev.thimble.op.Concat;
import dev.thimble.op.Conv2d;
import dev.thimble.op.CumulativeSum;
import dev.thimble.op.DepthToSpace;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Dequantize;
import dev.thimble.op.DifferenceAtLeast;
import dev.thimble.op.Expand;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Gather;
import dev.thimble.op.GatherElements;
import dev.thimble.op.GatherNd;
import dev.thimble.op.GroupNorm;
import dev.thimble.op.Gru;
import dev.thimble.op.HardMax;
import dev.thimble.op.InstanceNorm;
import dev.thimble.op.L2Norm;
import dev.thimble.op.LayerNorm;
import dev.thimble.op.LocalResponseNorm;
import dev.thimble.op.LogSoftmax;
import dev.thimble.op.LpNorm;
import dev.thimble.op.Lstm;
import dev.thimble.op.MatMul;
import dev.thimble.op.MixedConv2d;
import dev.thimble.op.OneHot;
import dev.thimble.op.Pad;
import dev.thimble.op.Parametric;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Quantize;
import dev.thimble.op.Reduce;
import dev.thimble.op.Requantize;
import dev.thimble.op.Reshape;
import dev.thimble.op.Resize;
import dev.thimble.op.Reverse;
import dev.thimble.op.ReverseSequence;
import dev.thimble.op.Rnn;
import dev.thimble.op.ScatterElements;
import dev.thimble.op.ScatterNd;
import dev.thimble.op.Slice;
import dev.thimble.op.Softmax;
import dev.thimble.op.SpaceToBatch;
import dev.thimble.op.SpaceToDepth;
import dev.thimble.op.SvdfMemory;
import dev.thimble.op.SvdfOutput;
import dev.thimble.op.Tile;
import dev.thimble.op.TopK;
import dev.thimble.op.Transpose;
import dev.thimble.op.TransposedConv2d;
import dev.thimble.op.Triangle;
import dev.thimble.op.Unary;
import dev.thimble.op.Where;
import dev.thimble.op.WindowPool2d;

/** Which operator stands for which op. Each op is here, so that a new one has to decide. */
final class OperatorExport {
  private static final String NO_OPERATOR = "nothing that export writes does this";

  private OperatorExport() {}

  /** Adds what stands for a node; throws {@link UnsupportedExport} where nothing does. */
  static void write(Node node, TfliteExporter to) {
    Operator at = new Operator(node, to);
    switch (node.op()) {
      case ArgReduce a -> MoveExport.arg(at, a);
      case Binary b -> ArithmeticExport.binary(at, b);
      case Compare c -> ArithmeticExport.compare(at, c);
      case Concat c -> MoveExport.concat(at, c);
      case Conv2d c -> FilterExport.conv2d(at, c);
      case DepthwiseConv2d d -> FilterExport.depthwise(at, d);
      case Dequantize d -> ArithmeticExport.dequantize(at);
      case Expand e -> MoveExport.expand(at, e);
      case FullyConnected f -> FilterExport.fullyConnected(at, f);
      case L2Norm l -> ArithmeticExport.l2Norm(at, l);
      case LogSoftmax l -> ArithmeticExport.logSoftmax(at, l);
      case MatMul m -> ArithmeticExport.matMul(at, m);
      case MixedConv2d m -> FilterExport.mixed(at, m);
      case Pad p -> MoveExport.pad(at, p);
      case Parametric p -> ArithmeticExport.parametric(at, p);
      case Pool2d p -> FilterExport.pool(at, p);
      case Quantize q -> ArithmeticExport.quantize(at);
      case Reduce r -> ArithmeticExport.reduce(at, r);
      case Requantize r -> ArithmeticExport.quantize(at);
      case Reshape r -> MoveExport.reshape(at, r);
      case Resize r -> MoveExport.resize(at, r);
      case Slice s -> MoveExport.slice(at, s);
      case Softmax s -> ArithmeticExport.softmax(at, s);
      case Tile t -> MoveExport.tile(at, t);
      case Transpose t -> MoveExport.transpose(at, t);
      case Unary u -> ArithmeticExport.unary(at, u);
      case WindowPool2d w -> FilterExport.windowPool(at, w);
      case ArgMax a -> throw new UnsupportedExport(NO_OPERATOR);
      case AtLeast a -> throw new UnsupportedExport(NO_OPERATOR);
      case BatchToSpace b -> BlockExport.batchToSpace(at, b);
      case Cast c -> ArithmeticExport.cast(at);
      case CumulativeSum c -> IndexExport.cumulativeSum(at, c);
      case DepthToSpace d -> BlockExport.depthToSpace(at, d);
      case DifferenceAtLeast d -> throw new UnsupportedExport(NO_OPERATOR);
      case Gather g -> IndexExport.gather(at, g);
      case GatherElements g -> throw new UnsupportedExport(NO_OPERATOR);
      case GatherNd g -> throw new UnsupportedExport(NO_OPERATOR);
      case GroupNorm g -> throw new UnsupportedExport(NO_OPERATOR);
      case Gru g -> throw new UnsupportedExport(NO_OPERATOR);
      case HardMax h -> throw new UnsupportedExport(NO_OPERATOR);
      case InstanceNorm i -> throw new UnsupportedExport(NO_OPERATOR);
      case LayerNorm l -> throw new UnsupportedExport(NO_OPERATOR);
      case LocalResponseNorm l -> throw new UnsupportedExport(NO_OPERATOR);
      case LpNorm l -> throw new UnsupportedExport(NO_OPERATOR);
      case Lstm l -> throw new UnsupportedExport(NO_OPERATOR);
      case OneHot o -> IndexExport.oneHot(at, o);
      case Reverse r -> IndexExport.reverse(at, r);
      case ReverseSequence r -> throw new UnsupportedExport(NO_OPERATOR);
      case Rnn r -> throw new UnsupportedExport(NO_OPERATOR);
      case ScatterElements s -> throw new UnsupportedExport(NO_OPERATOR);
      case ScatterNd s -> throw new UnsupportedExport(NO_OPERATOR);
      case SpaceToBatch s -> BlockExport.spaceToBatch(at, s);
      case SpaceToDepth s -> BlockExport.spaceToDepth(at, s);
      case SvdfMemory s -> throw new UnsupportedExport(NO_OPERATOR);
      case SvdfOutput s -> throw new UnsupportedExport(NO_OPERATOR);
      case TopK t -> IndexExport.topK(at, t);
      case TransposedConv2d t -> TransposedExport.write(at, t);
      case Triangle t -> throw new UnsupportedExport(NO_OPERATOR);
      case Where w -> throw new UnsupportedExport(NO_OPERATOR);
    }
  }
}
