package dev.thimble.op;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;

/** Reference evaluation of elementwise functions: quantization.md, rules Q11, Q14, Q20 and Q21. */
final class UnaryEvaluation {
  private UnaryEvaluation() {}

  static Tensor evaluate(Unary op, Tensor in, TensorType out, Rounding rounding) {
    return switch (op.function()) {
      case RELU, RELU6, RELU_N1_TO_1 -> clamp(op.asActivation(), in, out, rounding);
      case SIGMOID -> sigmoid(in, out, rounding);
    };
  }

  private static Tensor clamp(Activation activation, Tensor in, TensorType out, Rounding rounding) {
    if (out.isFloat()) {
      float[] results = in.floats().clone();
      for (int i = 0; i < results.length; i++) {
        results[i] = activation.clamp(results[i]);
      }
      return Tensor.ofFloats(out, results);
    }
    Requantization quantization = Requantization.ofActivation(in.type(), out, activation, rounding);
    int[] results = in.ints().clone();
    for (int i = 0; i < results.length; i++) {
      results[i] = quantization.apply(results[i], rounding);
    }
    return Tensor.ofInts(out, results);
  }

  private static Tensor sigmoid(Tensor in, TensorType out, Rounding rounding) {
    if (out.isFloat()) {
      float[] results = in.floats().clone();
      for (int i = 0; i < results.length; i++) {
        results[i] = 1 / (1 + (float) Math.exp(-results[i]));
      }
      return Tensor.ofFloats(out, results);
    }
    int[] table = SigmoidQuantization.of(in.type()).table(rounding);
    int[] results = in.ints().clone();
    for (int i = 0; i < results.length; i++) {
      results[i] = table[results[i] + 128];
    }
    return Tensor.ofInts(out, results);
  }
}
