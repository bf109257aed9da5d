package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.function.IntBinaryOperator;

/** Reference evaluation of functions of two inputs: quantization.md, rules Q9, Q20 and Q22. */
final class BinaryEvaluation {
  private BinaryEvaluation() {}

  static Tensor evaluate(Binary op, List<Tensor> in, TensorType out, Rounding rounding) {
    Tensor first = in.get(0);
    Tensor second = in.get(1);
    int[] firstAt = offsets(first.shape(), out.shape());
    int[] secondAt = offsets(second.shape(), out.shape());
    if (out.isFloat()) {
      float[] results = new float[out.elements()];
      for (int i = 0; i < results.length; i++) {
        float result = of(op.function(), first.floats()[firstAt[i]], second.floats()[secondAt[i]]);
        results[i] = op.activation().clamp(result);
      }
      return Tensor.ofFloats(out, results);
    }
    IntBinaryOperator stored = stored(op, first.type(), second.type(), out, rounding);
    int[] results = new int[out.elements()];
    for (int i = 0; i < results.length; i++) {
      results[i] = stored.applyAsInt(first.ints()[firstAt[i]], second.ints()[secondAt[i]]);
    }
    return Tensor.ofInts(out, results);
  }

  private static float of(Binary.Function function, float a, float b) {
    return switch (function) {
      case ADD -> a + b;
      case MUL -> a * b;
    };
  }

  /**
   * The stored result of two stored elements. Throws {@link IllegalArgumentException} where the
   * function is not defined for these scales.
   */
  static IntBinaryOperator stored(
      Binary op, TensorType first, TensorType second, TensorType out, Rounding rounding) {
    return switch (op.function()) {
      case ADD -> {
        AddQuantization q = AddQuantization.of(first, second, out, op.activation(), rounding);
        yield (a, b) -> q.apply(a, b, rounding);
      }
      case MUL -> {
        MulQuantization q = MulQuantization.of(first, second, out, op.activation(), rounding);
        yield (a, b) -> q.apply(a, b, rounding);
      }
    };
  }

  private static int[] offsets(Shape input, Shape output) {
    return Strides.offsets(output, Broadcast.strides(input, output));
  }
}
