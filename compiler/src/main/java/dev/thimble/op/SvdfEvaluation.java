package dev.thimble.op;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/** Reference evaluation of both halves of SVDF: quantization.md, rules Q20 and Q40. */
final class SvdfEvaluation {
  private SvdfEvaluation() {}

  static Tensor memory(List<Tensor> in, TensorType out, Rounding rounding) {
    int filters = in.get(2).shape().dim(0);
    int frames = out.elements() / (out.shape().dim(0) * filters);
    if (out.isFloat()) {
      float[] memory = in.get(0).floats().clone();
      System.arraycopy(memory, 1, memory, 0, memory.length - 1);
      for (int at = 0; at < memory.length; at += frames) {
        memory[at + frames - 1] = product(in.get(1), in.get(2), at / frames);
      }
      return Tensor.ofFloats(out, memory);
    }
    Multiplier multiplier = SvdfMemory.multiplier(in.stream().map(Tensor::type).toList(), rounding);
    int[] memory = in.get(0).ints().clone();
    System.arraycopy(memory, 1, memory, 0, memory.length - 1);
    for (int at = 0; at < memory.length; at += frames) {
      int sum = sum(in.get(1), in.get(2), at / frames);
      memory[at + frames - 1] =
          Math.clamp(
              FixedPoint.requantize(sum, multiplier, rounding),
              out.dtype().minValue(),
              out.dtype().maxValue());
    }
    return Tensor.ofInts(out, memory);
  }

  /** The product of a frame and a filter; {@code row} counts the filters of all frames. */
  private static float product(Tensor frames, Tensor filters, int row) {
    int depth = filters.shape().dim(1);
    int x = row / filters.shape().dim(0) * depth;
    int w = row % filters.shape().dim(0) * depth;
    return FloatSums.dot(filters.floats(), w, frames.floats(), x, depth);
  }

  private static int sum(Tensor frames, Tensor filters, int row) {
    int depth = filters.shape().dim(1);
    int x = row / filters.shape().dim(0) * depth;
    int w = row % filters.shape().dim(0) * depth;
    int sum = 0;
    for (int i = 0; i < depth; i++) {
      sum += filters.ints()[w + i] * (frames.ints()[x + i] - frames.type().zeroPoint());
    }
    return sum;
  }

  static Tensor output(SvdfOutput op, List<Tensor> in, TensorType out, Rounding rounding) {
    int frames = in.get(1).shape().dim(1);
    int filters = in.get(1).shape().dim(0);
    if (out.isFloat()) {
      return Tensor.ofFloats(out, floats(op, in, out.elements(), filters, frames));
    }
    Multiplier multiplier =
        SvdfOutput.multiplier(in.stream().map(Tensor::type).toList(), out, rounding);
    int[] memory = in.get(0).ints();
    int[] filter = in.get(1).ints();
    int[] bias = in.get(2).ints();
    int[] result = new int[out.elements()];
    for (int o = 0; o < result.length; o++) {
      int sum = bias[o % bias.length];
      int m = o * op.rank() * frames;
      for (int i = m; i < m + op.rank() * frames; i++) {
        sum += filter[i % (filters * frames)] * memory[i];
      }
      result[o] =
          Math.clamp(
              (long) FixedPoint.requantize(sum, multiplier, rounding) + out.zeroPoint(),
              out.dtype().minValue(),
              out.dtype().maxValue());
    }
    return Tensor.ofInts(out, result);
  }

  /** Each filter's products are summed by themselves before they are added to the bias. */
  private static float[] floats(
      SvdfOutput op, List<Tensor> in, int outputs, int filters, int frames) {
    float[] memory = in.get(0).floats();
    float[] filter = in.get(1).floats();
    float[] bias = in.get(2).floats();
    float[] result = new float[outputs];
    for (int o = 0; o < outputs; o++) {
      float sum = bias[o % bias.length];
      for (int r = o * op.rank(); r < (o + 1) * op.rank(); r++) {
        float products = 0;
        for (int i = r * frames; i < (r + 1) * frames; i++) {
          products += filter[i % (filters * frames)] * memory[i];
        }
        sum += products;
      }
      result[o] = op.activation().clamp(sum);
    }
    return result;
  }
}
