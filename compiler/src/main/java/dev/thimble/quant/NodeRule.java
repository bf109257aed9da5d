package dev.thimble.quant;

import dev.thimble.graph.Node;
import dev.thimble.op.ArgMax;
import dev.thimble.op.ArgReduce;
import dev.thimble.op.AtLeast;
import dev.thimble.op.Binary;
import dev.thimble.op.Concat;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Dequantize;
import dev.thimble.op.DifferenceAtLeast;
import dev.thimble.op.Expand;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Gather;
import dev.thimble.op.GroupNorm;
import dev.thimble.op.HardMax;
import dev.thimble.op.InstanceNorm;
import dev.thimble.op.L2Norm;
import dev.thimble.op.LayerNorm;
import dev.thimble.op.LocalResponseNorm;
import dev.thimble.op.LogSoftmax;
import dev.thimble.op.LpNorm;
import dev.thimble.op.MatMul;
import dev.thimble.op.Op;
import dev.thimble.op.Pad;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Quantize;
import dev.thimble.op.Reduce;
import dev.thimble.op.Reshape;
import dev.thimble.op.Slice;
import dev.thimble.op.Softmax;
import dev.thimble.op.Tile;
import dev.thimble.op.Transpose;
import dev.thimble.op.TransposedConv2d;
import dev.thimble.op.Unary;
import dev.thimble.op.WindowPool2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.stream.Stream;

/** What becomes of an op of a float network when the network is quantised to int8. */
sealed interface NodeRule {
  /** The output has a range of its own, which samples show. */
  record OwnRange() implements NodeRule {}

  /** The float operands and the output are of one type, since stored numbers pass unchanged. */
  record OneType() implements NodeRule {}

  /** The output's type is fixed by the arithmetic. */
  record FixedType(float scale, int zeroPoint) implements NodeRule {
    TensorType type(Shape shape) {
      return new TensorType(DType.INT8, shape, new QuantParams.PerTensor(scale, zeroPoint));
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
    boolean floats =
        Stream.concat(node.inputs().stream(), node.outputs().stream())
            .anyMatch(value -> value.type().isFloat());
    return floats ? of(node.op()) : AS_IT_IS;
  }

  /** The rule of an op; whether int8 types fit its attributes is for the op's check to say. */
  private static NodeRule of(Op op) {
    return switch (op) {
      case ArgMax a -> ORDERED;
      case ArgReduce a -> ORDERED;
      case AtLeast a -> decision();
      case Binary b -> OWN_RANGE;
      case Concat c -> ONE_TYPE;
      case Conv2d c -> new Filtered(0);
      case DepthwiseConv2d d -> new Filtered(3);
      case Dequantize d -> AS_IT_IS;
      case DifferenceAtLeast d -> decision();
      case Expand e -> ONE_TYPE;
      case FullyConnected f -> new Filtered(0);
      case Gather g -> ONE_TYPE;
      case GroupNorm g -> NO_INT8;
      case HardMax h -> NO_INT8;
      case InstanceNorm i -> NO_INT8;
      case L2Norm l -> UNIT;
      case LayerNorm l -> NO_INT8;
      case LocalResponseNorm l -> NO_INT8;
      case LogSoftmax l -> LOG_PROBABILITY;
      case LpNorm l -> NO_INT8;
      case MatMul m -> OWN_RANGE;
      case Pad p -> ONE_TYPE;
      case Pool2d p -> ONE_TYPE;
      case Quantize q -> AS_IT_IS;
      case Reduce r -> of(r.function());
      case Reshape r -> ONE_TYPE;
      case Slice s -> ONE_TYPE;
      case Softmax s -> PROBABILITY;
      case Tile t -> ONE_TYPE;
      case Transpose t -> ONE_TYPE;
      case TransposedConv2d t -> new Filtered(0);
      case Unary u -> of(u.function());
      case WindowPool2d w -> of(w.function());
    };
  }

  private static NodeRule of(Unary.Function function) {
    return switch (function) {
      case RELU, RELU6, RELU_N1_TO_1 -> OWN_RANGE;
      case SIGMOID -> PROBABILITY;
    };
  }

  private static NodeRule of(Reduce.Function function) {
    return switch (function) {
      case MEAN -> OWN_RANGE;
      case MAX, MIN -> ONE_TYPE;
      case SUM, PROD, L1, L2, SUM_SQUARE, LOG_SUM, LOG_SUM_EXP -> NO_INT8;
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

  /** The op with attributes that are stored numbers, of a float network, as those of this type. */
  static Op stored(Op op, TensorType type) {
    return op instanceof Pad pad
        ? new Pad(
            pad.before(), pad.after(), StoredNumbers.of((float) pad.value(), type), pad.mode())
        : op;
  }
}
