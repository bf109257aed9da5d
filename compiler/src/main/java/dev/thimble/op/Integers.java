package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;

/** Arithmetic on integers that stand for themselves. Results wrap around, as C's casts do. */
final class Integers {
  private Integers() {}

  /** Whether a type is of integers, not booleans, that stand for themselves. */
  static boolean are(TensorType type) {
    return !type.isFloat()
        && type.dtype() != DType.BOOL
        && type.quant() instanceof QuantParams.None;
  }

  /** The number of this type with the same low bits; for booleans whether it is not 0. */
  static long wrapped(DType type, long value) {
    return switch (type) {
      case INT8 -> (byte) value;
      case UINT8 -> value & DType.UINT8.max();
      case INT16 -> (short) value;
      case UINT16 -> value & DType.UINT16.max();
      case INT32 -> (int) value;
      case UINT32 -> value & DType.UINT32.max();
      case INT64 -> value;
      case BOOL -> value != 0 ? 1 : 0;
      case FLOAT32 -> throw new IllegalArgumentException("float32 has no integers");
    };
  }

  /** The tensor of these numbers, each wrapped. */
  static Tensor tensor(TensorType type, long[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = wrapped(type.dtype(), values[i]);
    }
    return Tensor.ofLongs(type, values);
  }

  /** The function of an integer or boolean; {@link Unary#check} names those that there are. */
  static long of(Unary.Function function, long x) {
    return switch (function) {
      case RELU -> Math.max(x, 0);
      case RELU6 -> Math.clamp(x, 0L, 6L);
      case RELU_N1_TO_1 -> Math.clamp(x, -1L, 1L);
      case ABS -> Math.abs(x);
      case NEG -> -x;
      case SIGN -> Long.signum(x);
      case SQUARE -> x * x;
      case BITWISE_NOT -> ~x;
      case NOT -> 1 - x;
      default -> throw new IllegalStateException(function + " is no function of an integer");
    };
  }

  /** The function of two integers or booleans; division by 0 gives 0. */
  static long of(Binary.Function function, long a, long b, DType type) {
    return switch (function) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> b == 0 ? 0 : a / b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case POW -> power(a, b);
      case SQUARED_DIFFERENCE -> (a - b) * (a - b);
      case MOD -> b == 0 ? 0 : Math.floorMod(a, b);
      case FMOD -> b == 0 ? 0 : a % b;
      case FLOOR_DIV -> b == 0 ? 0 : Math.floorDiv(a, b);
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case SHIFT_LEFT -> b >= 8L * type.bytes() ? 0 : a << Math.max(b, 0);
      case SHIFT_RIGHT -> a >> Math.clamp(b, 0L, 63L);
      case PRELU -> throw new IllegalStateException("prelu is no function of integers");
    };
  }

  /**
   * The power, wrapped around; a negative exponent gives the quotient 1 / a^-b cut to an integer.
   */
  private static long power(long base, long exponent) {
    if (exponent < 0) {
      boolean odd = (exponent & 1) == 1;
      return base == 1 ? 1 : base == -1 ? (odd ? -1 : 1) : 0;
    }
    long result = 1;
    long square = base;
    for (long rest = exponent; rest > 0; rest >>= 1) {
      result *= (rest & 1) == 1 ? square : 1;
      square *= square;
    }
    return result;
  }
}
