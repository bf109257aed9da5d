package dev.thimble.op;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;

/** Reference evaluation of float32 normalisations along an axis: quantization.md, rule Q21. */
final class LineEvaluation {
  private LineEvaluation() {}

  static Tensor hardMax(HardMax op, Tensor in, TensorType out) {
    float[] input = in.floats();
    float[] results = new float[input.length];
    Lines lines = Lines.along(out.shape(), op.axis());
    lines.forEach(start -> {
      int best = start;
      for (int d = 1; d < lines.depth(); d++) {
        int at = start + d * lines.inner();
        best = input[at] > input[best] ? at : best;
      }
      results[best] = 1;
    });
    return Tensor.ofFloats(out, results);
  }

  /** exp(beta * x) normalised to a sum of 1. */
  static Tensor softmax(Tensor in, TensorType out, int axis, float beta) {
    float[] row = in.floats().clone();
    Lines lines = Lines.along(out.shape(), axis);
    lines.forEach(start -> {
      float max = max(row, start, lines);
      float sum = 0;
      for (int d = 0; d < lines.depth(); d++) {
        int at = start + d * lines.inner();
        row[at] = (float) Math.exp((row[at] - max) * beta);
        sum += row[at];
      }
      for (int d = 0; d < lines.depth(); d++) {
        row[start + d * lines.inner()] /= sum;
      }
    });
    return Tensor.ofFloats(out, row);
  }

  static Tensor logSoftmax(LogSoftmax op, Tensor in, TensorType out) {
    float[] row = in.floats().clone();
    Lines lines = Lines.along(out.shape(), op.axis());
    lines.forEach(start -> {
      float max = max(row, start, lines);
      float sum = 0;
      for (int d = 0; d < lines.depth(); d++) {
        sum += (float) Math.exp(row[start + d * lines.inner()] - max);
      }
      float logarithm = (float) Math.log(sum);
      for (int d = 0; d < lines.depth(); d++) {
        int at = start + d * lines.inner();
        row[at] = row[at] - max - logarithm;
      }
    });
    return Tensor.ofFloats(out, row);
  }

  static Tensor lpNorm(LpNorm op, Tensor in, TensorType out) {
    return divided(in, out, op.axis(), op.p(), 0);
  }

  static Tensor l2Norm(L2Norm op, Tensor in, TensorType out) {
    return divided(in, out, op.axis(), 2, op.epsilon());
  }

  /** Each line divided by its norm, or by epsilon where that is larger; 0 where both are 0. */
  private static Tensor divided(Tensor in, TensorType out, int axis, int p, float epsilon) {
    float[] row = in.floats().clone();
    Lines lines = Lines.along(out.shape(), axis);
    lines.forEach(start -> {
      float length = p == 1 ? magnitudes(row, start, lines) : length(row, start, lines);
      float norm = length < epsilon ? epsilon : length;
      for (int d = 0; d < lines.depth(); d++) {
        int at = start + d * lines.inner();
        row[at] = norm == 0 ? 0 : row[at] / norm;
      }
    });
    return Tensor.ofFloats(out, row);
  }

  private static float magnitudes(float[] row, int start, Lines lines) {
    float sum = 0;
    for (int d = 0; d < lines.depth(); d++) {
      sum += Math.abs(row[start + d * lines.inner()]);
    }
    return sum;
  }

  private static float length(float[] row, int start, Lines lines) {
    int step = lines.inner();
    return (float) Math.sqrt(FloatSums.dot(row, start, step, row, start, step, lines.depth()));
  }

  private static float max(float[] row, int start, Lines lines) {
    float max = Float.NEGATIVE_INFINITY;
    for (int d = 0; d < lines.depth(); d++) {
      max = Math.max(max, row[start + d * lines.inner()]);
    }
    return max;
  }
}
