package dev.thimble.quant;

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
import dev.thimble.op.Op;
import dev.thimble.op.Pad;
import dev.thimble.op.Padding2d;
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
import dev.thimble.op.Size2d;
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
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.Optional;

/** What becomes of an op of a float network when the network is quantised to int8. */
public sealed interface NodeRule {
  /** The output has a range of its own, which samples show. */
  record OwnRange() implements NodeRule {}

  /** The float operands and the output are of one type, since stored numbers pass unchanged. */
  record OneType() implements NodeRule {}

  /** The output's type is fixed by the arithmetic. */
  record FixedType(DType dtype, float scale, int zeroPoint) implements NodeRule {
    FixedType(float scale, int zeroPoint) {
      this(DType.INT8, scale, zeroPoint);
    }

    TensorType type(Shape shape) {
      return new TensorType(dtype, shape, new QuantParams.PerTensor(scale, zeroPoint));
    }
  }

  /**
   * A filter, operand 1, with a scale for each index of an axis; a bias, operand 2, as int32; an
   * output with a range of its own.
   */
  record Filtered(int channelAxis) implements NodeRule {}

  /** Stored numbers say the same as real ones; the output is of integers that are no quantities. */
  record Ordered() implements NodeRule {}

  /** The op is what it is: its operands and output keep their types. */
  record AsItIs() implements NodeRule {}

  /** The op is computed in float32, between a dequantisation and a quantisation. */
  record StaysFloat(String reason) implements NodeRule {}

  NodeRule OWN_RANGE = new OwnRange();
  NodeRule ONE_TYPE = new OneType();
  NodeRule ORDERED = new Ordered();
  NodeRule AS_IT_IS = new AsItIs();
  NodeRule NO_INT8 = new StaysFloat("has no int8 arithmetic");

  /** The type that softmax and sigmoid give: 256 steps from 0 to 1. */
  NodeRule PROBABILITY = new FixedType(1f / 256, Byte.MIN_VALUE);

  /** The type that an L2 norm gives: from -1 to 1. */
  NodeRule UNIT = new FixedType(1f / 128, 0);

  /** The type that a logarithm of probabilities gives: from -16 to 0. */
  NodeRule LOG_PROBABILITY = new FixedType(1f / 16, Byte.MAX_VALUE);

  /** The rule of a node; of one that has nothing to do with floats, that it is as it is. */
  static NodeRule of(Node node) {
    boolean gives = node.outputs().stream().anyMatch(value -> value.type().isFloat());
    boolean takes = node.inputs().stream().anyMatch(value -> value.type().isFloat());
    if (!gives && !takes) {
      return AS_IT_IS;
    }
    NodeRule rule = of(node.op());
    // What gives no floats has no type to give; only an order is the same of stored numbers.
    return gives || rule instanceof Ordered ? rule : NO_INT8;
  }

  /** The rule of a node's op, whatever the node's types are. */
  static NodeRule ofOp(Node node) {
    return of(node.op());
  }

  /** The rule of an op; whether int8 types fit its attributes is for the op's check to say. */
  private static NodeRule of(Op op) {
    return switch (op) {
      case ArgMax a -> ORDERED;
      case ArgReduce a -> ORDERED;
      case AtLeast a -> decision();
      case BatchToSpace b -> ONE_TYPE;
      case Binary b -> OWN_RANGE;
      case Cast c -> NO_INT8;
      case Compare c -> ORDERED;
      case Concat c -> ONE_TYPE;
      case Conv2d c -> new Filtered(0);
      case CumulativeSum c -> OWN_RANGE;
      case DepthToSpace d -> ONE_TYPE;
      case DepthwiseConv2d d -> new Filtered(3);
      case Dequantize d -> AS_IT_IS;
      case DifferenceAtLeast d -> decision();
      case Expand e -> ONE_TYPE;
      case FullyConnected f -> new Filtered(0);
      case Gather g -> ONE_TYPE;
      case GatherElements g -> ONE_TYPE;
      case GatherNd g -> ONE_TYPE;
      case GroupNorm g -> NO_INT8;
      case Gru g -> NO_INT8;
      case HardMax h -> NO_INT8;
      case InstanceNorm i -> NO_INT8;
      case L2Norm l -> UNIT;
      case LayerNorm l -> NO_INT8;
      case LocalResponseNorm l -> NO_INT8;
      case LogSoftmax l -> LOG_PROBABILITY;
      case LpNorm l -> NO_INT8;
      case Lstm l -> NO_INT8;
      case MatMul m -> OWN_RANGE;
      case MixedConv2d m -> NO_INT8;
      case OneHot o -> ONE_TYPE;
      case Pad p -> ONE_TYPE;
      case Parametric p -> OWN_RANGE;
      case Pool2d p -> ONE_TYPE;
      case Quantize q -> AS_IT_IS;
      case Reduce r -> of(r.function());
      case Requantize r -> AS_IT_IS;
      case Reshape r -> ONE_TYPE;
      case Resize r -> r.regions().isEmpty() ? ONE_TYPE : NO_INT8;
      case Reverse r -> ONE_TYPE;
      case ReverseSequence r -> ONE_TYPE;
      case Rnn r -> NO_INT8;
      case ScatterElements s -> ONE_TYPE;
      case ScatterNd s -> ONE_TYPE;
      case Slice s -> ONE_TYPE;
      case Softmax s -> PROBABILITY;
      case SpaceToBatch s -> ONE_TYPE;
      case SpaceToDepth s -> ONE_TYPE;
      case SvdfMemory s -> NO_INT8;
      case SvdfOutput s -> NO_INT8;
      case Tile t -> ONE_TYPE;
      case TopK t -> t.result() == TopK.Result.INDICES ? ORDERED : ONE_TYPE;
      case Transpose t -> ONE_TYPE;
      case TransposedConv2d t -> new Filtered(0);
      case Triangle t -> ONE_TYPE;
      case Unary u -> of(u.function());
      case Where w -> ONE_TYPE;
      case WindowPool2d w -> of(w.function());
    };
  }

  private static NodeRule of(Unary.Function function) {
    return switch (function) {
      case RELU, RELU6, RELU_N1_TO_1, ABS, NEG, SQUARE, HARD_SWISH, GELU, GELU_TANH, SILU, MISH ->
          OWN_RANGE;
      case SOFTPLUS, SOFTSIGN, EXP, LOG, SQRT, RSQRT, RECIPROCAL, SIGN, FLOOR, CEIL, ROUND ->
          OWN_RANGE;
      case SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, ASINH, ACOSH, ATANH, ERF -> OWN_RANGE;
      case SIGMOID -> PROBABILITY;
      case TANH -> UNIT;
      case NOT, BITWISE_NOT, IS_NAN -> NO_INT8;
    };
  }

  private static NodeRule of(Reduce.Function function) {
    return switch (function) {
      case MEAN, SUM -> OWN_RANGE;
      case MAX, MIN -> ONE_TYPE;
      case PROD, L1, L2, SUM_SQUARE, LOG_SUM, LOG_SUM_EXP -> NO_INT8;
      case ANY, ALL -> AS_IT_IS;
    };
  }

  private static NodeRule of(WindowPool2d.Function function) {
    return switch (function) {
      case MAX, AVERAGE -> ONE_TYPE;
      case LP, ROOT_MEAN_SQUARE -> NO_INT8;
    };
  }

  private static NodeRule decision() {
    return new StaysFloat("compares real numbers with a threshold");
  }

  /** The types that softmax, sigmoid and tanh give of int16; nothing for other ops. */
  static Optional<FixedType> wide(Node node) {
    boolean curve =
        node.op() instanceof Unary unary
            && (unary.function() == Unary.Function.SIGMOID
                || unary.function() == Unary.Function.TANH);
    return curve || node.op() instanceof Softmax
        ? Optional.of(new FixedType(DType.INT16, 1f / 32768, 0))
        : Optional.empty();
  }

  /**
   * The op of a float network as it is for this type: with attributes that are stored numbers, and
   * poolings of int16 as those that take that.
   */
  static Op stored(Op op, TensorType type) {
    if (op instanceof Pool2d pool && type.dtype() == DType.INT16) {
      boolean max = pool.pooling() == Pool2d.Kind2d.MAX;
      return new WindowPool2d(
          max ? WindowPool2d.Function.MAX : WindowPool2d.Function.AVERAGE,
          1,
          pool.kernel(),
          pool.stride(),
          Size2d.ONE,
          pool.padding(),
          Padding2d.NONE,
          pool.activation());
    }
    return op instanceof Pad pad
        ? new Pad(
            pad.before(), pad.after(), StoredNumbers.of((float) pad.value(), type), pad.mode())
        : op;
  }
}
