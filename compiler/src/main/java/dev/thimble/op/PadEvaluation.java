package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;

/** Reference evaluation of padding: quantization.md, rule Q18. */
final class PadEvaluation {
  private PadEvaluation() {}

  static Tensor evaluate(Pad op, Tensor in, TensorType out) {
    int[] targets = targets(op, in.shape(), out.shape());
    if (out.isFloat()) {
      float[] results = new float[out.elements()];
      Arrays.fill(results, (float) op.value());
      for (int i = 0; i < targets.length; i++) {
        results[targets[i]] = in.floats()[i];
      }
      return Tensor.ofFloats(out, results);
    }
    int[] results = new int[out.elements()];
    Arrays.fill(results, (int) op.value());
    for (int i = 0; i < targets.length; i++) {
      results[targets[i]] = in.ints()[i];
    }
    return Tensor.ofInts(out, results);
  }

  /** For each input element its place in the output. */
  private static int[] targets(Pad op, Shape input, Shape output) {
    int[] strides = Strides.rowMajor(output);
    int[] targets = Strides.offsets(input, strides);
    int base = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      base += op.before().get(axis) * strides[axis];
    }
    for (int i = 0; i < targets.length; i++) {
      targets[i] += base;
    }
    return targets;
  }
}
