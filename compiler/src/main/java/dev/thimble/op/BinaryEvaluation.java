package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/** Reference evaluation of functions of two inputs: quantization.md, rules Q9 and Q20. */
final class BinaryEvaluation {
  private BinaryEvaluation() {}

  static Tensor evaluate(Binary op, List<Tensor> in, TensorType out, Rounding rounding) {
    return switch (op.function()) {
      case ADD -> add(op.activation(), in.get(0), in.get(1), out, rounding);
    };
  }

  private static Tensor add(
      Activation activation, Tensor first, Tensor second, TensorType out, Rounding rounding) {
    int[] firstAt = offsets(first.shape(), out.shape());
    int[] secondAt = offsets(second.shape(), out.shape());
    if (out.isFloat()) {
      float[] sums = new float[out.elements()];
      for (int i = 0; i < sums.length; i++) {
        sums[i] = activation.clamp(first.floats()[firstAt[i]] + second.floats()[secondAt[i]]);
      }
      return Tensor.ofFloats(out, sums);
    }
    AddQuantization quantization =
        AddQuantization.of(first.type(), second.type(), out, activation, rounding);
    int[] sums = new int[out.elements()];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = quantization.apply(first.ints()[firstAt[i]], second.ints()[secondAt[i]], rounding);
    }
    return Tensor.ofInts(out, sums);
  }

  private static int[] offsets(Shape input, Shape output) {
    return Strides.offsets(output, Broadcast.strides(input, output));
  }
}
