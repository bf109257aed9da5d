package dev.thimble.op;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;

/** Reference evaluation of arg-max and thresholds: quantization.md, rule Q19. */
final class ComparisonEvaluation {
  private ComparisonEvaluation() {}

  static Tensor argMax(Tensor in, TensorType out) {
    int depth = in.shape().dim(-1);
    int[] results = new int[out.elements()];
    for (int row = 0; row < results.length; row++) {
      int best = 0;
      for (int i = 1; i < depth; i++) {
        if (greater(in, row * depth + i, row * depth + best)) {
          best = i;
        }
      }
      results[row] = best;
    }
    return Tensor.ofInts(out, results);
  }

  private static boolean greater(Tensor tensor, int a, int b) {
    return tensor.type().isFloat()
        ? tensor.floats()[a] > tensor.floats()[b]
        : tensor.ints()[a] > tensor.ints()[b];
  }

  static Tensor atLeast(AtLeast op, Tensor in, TensorType out) {
    int[] results = new int[out.elements()];
    for (int i = 0; i < results.length; i++) {
      double value = in.type().isFloat() ? in.floats()[i] : in.ints()[i];
      results[i] = value >= op.threshold() ? 1 : 0;
    }
    return Tensor.ofInts(out, results);
  }

  static Tensor differenceAtLeast(DifferenceAtLeast op, Tensor in, TensorType out) {
    int[] results = new int[out.elements()];
    for (int i = 0; i < results.length; i += 2) {
      results[i] = difference(in, i, i + 1) >= op.first() ? 1 : 0;
      results[i + 1] = difference(in, i + 1, i) >= op.second() ? 1 : 0;
    }
    return Tensor.ofInts(out, results);
  }

  /** A difference of floats is a float32, as a kernel computes it. */
  private static double difference(Tensor tensor, int a, int b) {
    return tensor.type().isFloat()
        ? tensor.floats()[a] - tensor.floats()[b]
        : tensor.ints()[a] - tensor.ints()[b];
  }
}
