package dev.thimble.quant;

import dev.thimble.op.ArgMax;
import dev.thimble.op.AtLeast;
import dev.thimble.op.Binary;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Dequantize;
import dev.thimble.op.DifferenceAtLeast;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Op;
import dev.thimble.op.Pad;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Quantize;
import dev.thimble.op.Reduce;
import dev.thimble.op.Reshape;
import dev.thimble.op.Softmax;
import dev.thimble.op.Unary;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;

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

  /** The type that softmax and sigmoid give: 256 steps from 0 to 1. */
  NodeRule PROBABILITY = new FixedType(1f / 256, Byte.MIN_VALUE);

  /** The rule of an op; whether int8 types fit its attributes is for the op's check to say. */
  static NodeRule of(Op op) {
    return switch (op) {
      case ArgMax a -> ORDERED;
      case AtLeast a -> decision();
      case Binary b -> OWN_RANGE;
      case Conv2d c -> new Filtered(0);
      case DepthwiseConv2d d -> new Filtered(3);
      case Dequantize d -> AS_IT_IS;
      case DifferenceAtLeast d -> decision();
      case FullyConnected f -> new Filtered(0);
      case Pad p -> ONE_TYPE;
      case Pool2d p -> ONE_TYPE;
      case Quantize q -> AS_IT_IS;
      case Reduce r -> OWN_RANGE;
      case Reshape r -> ONE_TYPE;
      case Softmax s -> PROBABILITY;
      case Unary u -> of(u.function());
    };
  }

  private static NodeRule of(Unary.Function function) {
    return switch (function) {
      case RELU, RELU6, RELU_N1_TO_1 -> OWN_RANGE;
      case SIGMOID -> PROBABILITY;
    };
  }

  private static NodeRule decision() {
    return new StaysFloat("compares real numbers with a threshold");
  }

  /** The op with attributes that are stored numbers, of a float network, as those of this type. */
  static Op stored(Op op, TensorType type) {
    return op instanceof Pad pad
        ? new Pad(pad.before(), pad.after(), StoredNumbers.of((float) pad.value(), type))
        : op;
  }
}
