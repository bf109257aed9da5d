package dev.thimble.op;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;

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
    return switch (op.function()) {
      case RELU, RELU6, RELU_N1_TO_1 -> clamp(op.asActivation(), in, out, rounding);
      case SIGMOID -> sigmoid(in, out, rounding);
      default ->
          QuantizedFunctions.evaluate(in, out, real -> RealFunctions.of(op.function(), real));
    };
  }

  private static Tensor clamp(Activation activation, Tensor in, TensorType out, Rounding rounding) {
    Requantization quantization = Requantization.ofActivation(in.type(), out, activation, rounding);
    int[] results = in.ints().clone();
    for (int i = 0; i < results.length; i++) {
      results[i] = quantization.apply(results[i], rounding);
    }
    return Tensor.ofInts(out, results);
  }

  private static Tensor sigmoid(Tensor in, TensorType out, Rounding rounding) {
    int[] table = SigmoidQuantization.of(in.type()).table(rounding);
    int[] results = in.ints().clone();
    for (int i = 0; i < results.length; i++) {
      results[i] = table[results[i] + 128];
    }
    return Tensor.ofInts(out, results);
  }
}
