package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Reference evaluation of elementwise functions: quantization.md, rules Q11, Q14, Q20, Q21 and Q23.
 */
final class UnaryEvaluation {
  private UnaryEvaluation() {}

  static Tensor evaluate(Unary op, Tensor in, TensorType out, Rounding rounding) {
    if (in.type().isFloat()) {
      return op.function() == Unary.Function.IS_NAN
          ? isNan(in, out)
          : ofFloats(op.function(), in, out);
    }
    return in.type().isQuantized()
        ? quantized(op, in, out, rounding)
        : ofIntegers(op.function(), in, out);
  }

  private static Tensor isNan(Tensor in, TensorType out) {
    int[] results = new int[out.elements()];
    for (int i = 0; i < results.length; i++) {
      results[i] = Float.isNaN(in.floats()[i]) ? 1 : 0;
    }
    return Tensor.ofInts(out, results);
  }

  private static Tensor ofFloats(Unary.Function function, Tensor in, TensorType out) {
    float[] results = in.floats().clone();
    for (int i = 0; i < results.length; i++) {
      results[i] = RealFunctions.of(function, results[i]);
    }
    return Tensor.ofFloats(out, results);
  }

  private static Tensor ofIntegers(Unary.Function function, Tensor in, TensorType out) {
    long[] results = in.longs().clone();
    for (int i = 0; i < results.length; i++) {
      results[i] = Integers.of(function, results[i]);
    }
    return Integers.tensor(out, results);
  }

  private static Tensor quantized(Unary op, Tensor in, TensorType out, Rounding rounding) {
    IntUnaryOperator stored = stored(op, in.type(), out, rounding);
    return Tensor.ofInts(out, Arrays.stream(in.ints()).map(stored).toArray());
  }

  /**
   * The stored result of a stored element. Throws {@link IllegalArgumentException} where the
   * function is not defined for these types.
   */
  static IntUnaryOperator stored(Unary op, TensorType in, TensorType out, Rounding rounding) {
    return out.dtype() == DType.INT16
        ? ofInt16(op, in, out, rounding)
        : ofInt8(op, in, out, rounding);
  }

  private static IntUnaryOperator ofInt8(
      Unary op, TensorType in, TensorType out, Rounding rounding) {
    return switch (op.function()) {
      case RELU, RELU6, RELU_N1_TO_1 -> {
        Requantization q = Requantization.ofActivation(in, out, op.asActivation(), rounding);
        yield x -> q.apply(x, rounding);
      }
      case SIGMOID -> {
        Checks.probabilities(out);
        SigmoidQuantization q = SigmoidQuantization.of(in);
        yield x -> q.apply(x, rounding);
      }
      case TANH -> {
        Checks.require(
            out.scale() == 1f / 128 && out.zeroPoint() == 0,
            "output must have scale 1/128 and zero point 0, is " + out);
        SigmoidQuantization q = SigmoidQuantization.of(in);
        yield x -> q.tanh(x, rounding);
      }
      case HARD_SWISH -> HardSwishQuantization.of(in, out, rounding)::apply;
      case RSQRT -> {
        RsqrtQuantization q = RsqrtQuantization.of(in, out, rounding);
        yield x -> q.apply(x, rounding);
      }
      case ABS -> {
        PiecewiseQuantization q = PiecewiseQuantization.ofAbs(in, out, rounding);
        yield x -> q.apply(x, rounding);
      }
      default -> QuantizedFunctions.table(in, out, real -> RealFunctions.of(op.function(), real));
    };
  }

  private static IntUnaryOperator ofInt16(
      Unary op, TensorType in, TensorType out, Rounding rounding) {
    return switch (op.function()) {
      case SIGMOID -> {
        CurveQuantization q = CurveQuantization.ofSigmoid(in, out);
        int[] table = CurveQuantization.table();
        yield x -> q.sigmoid(x, table);
      }
      case TANH -> {
        CurveQuantization q = CurveQuantization.ofTanh(in, out);
        int[] table = CurveQuantization.table();
        yield x -> q.tanh(x, table);
      }
      default -> {
        PiecewiseQuantization q = piecewise(op, in, out, rounding);
        yield x -> q.apply(x, rounding);
      }
    };
  }

  private static PiecewiseQuantization piecewise(
      Unary op, TensorType in, TensorType out, Rounding rounding) {
    return op.pieces(in, out, rounding)
        .orElseThrow(() ->
            new IllegalArgumentException(op.kind() + " of quantised int16 elements has no rule"));
  }
}
