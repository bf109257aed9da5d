package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.stream.IntStream;

/** Reference evaluation of resizing. */
final class ResizeEvaluation {
  private ResizeEvaluation() {}

  static Tensor evaluate(Resize op, Tensor in, TensorType out, Rounding rounding) {
    if (op.mode() != Resize.Mode.NEAREST) {
      return out.isFloat() ? weighted(op, in, out) : bilinear(op, in, out, rounding);
    }
    List<ResizeTaps> taps = taps(op, in.shape());
    int[] strides = Strides.rowMajor(in.shape());
    int[] outer = Strides.rowMajor(out.shape());
    int[] sources = new int[out.elements()];
    for (int i = 0; i < sources.length; i++) {
      for (int axis = 0; axis < strides.length && sources[i] >= 0; axis++) {
        int index = taps.get(axis).indices()[i / outer[axis] % out.shape().dim(axis)];
        sources[i] =
            index == ResizeTaps.OUTSIDE ? Relocation.NOWHERE : sources[i] + index * strides[axis];
      }
    }
    return Relocation.gather(in, out, sources, op.extrapolation());
  }

  private static List<ResizeTaps> taps(Resize op, Shape input) {
    return IntStream.range(0, input.rank())
        .mapToObj(axis -> ResizeTaps.of(op, input, axis))
        .toList();
  }

  /** Weights are float32; their products and the sums are computed in double precision. */
  private static Tensor weighted(Resize op, Tensor in, TensorType out) {
    List<ResizeTaps> taps = taps(op, in.shape());
    int[] strides = Strides.rowMajor(in.shape());
    int[] outer = Strides.rowMajor(out.shape());
    float[] results = new float[out.elements()];
    for (int i = 0; i < results.length; i++) {
      int[] entries = new int[strides.length];
      boolean outside = false;
      for (int axis = 0; axis < strides.length; axis++) {
        entries[axis] = i / outer[axis] % out.shape().dim(axis) * taps.get(axis).taps();
        outside |= taps.get(axis).indices()[entries[axis]] == ResizeTaps.OUTSIDE;
      }
      results[i] =
          outside
              ? (float) op.extrapolation()
              : (float) sum(in.floats(), taps, strides, entries, 0, 0);
    }
    return Tensor.ofFloats(out, results);
  }

  /** The weighted sum over the taps of this axis and those behind it. */
  private static double sum(
      float[] in, List<ResizeTaps> taps, int[] strides, int[] entries, int axis, int at) {
    if (axis == strides.length) {
      return in[at];
    }
    ResizeTaps own = taps.get(axis);
    double sum = 0;
    for (int k = 0; k < own.taps(); k++) {
      int entry = entries[axis] + k;
      if (own.weights()[entry] != 0) {
        int next = at + own.indices()[entry] * strides[axis];
        sum += own.weights()[entry] * sum(in, taps, strides, entries, axis + 1, next);
      }
    }
    return sum;
  }

  private static Tensor bilinear(Resize op, Tensor in, TensorType out, Rounding rounding) {
    ResizeFractions rows = ResizeFractions.of(op, in.shape(), 1);
    ResizeFractions columns = ResizeFractions.of(op, in.shape(), 2);
    int depth = out.shape().dim(3);
    int[] results = new int[out.elements()];
    for (int i = 0; i < results.length; i++) {
      int x = i / depth % out.shape().dim(2);
      int row = i / depth / out.shape().dim(2);
      int y = row % out.shape().dim(1);
      int n = row / out.shape().dim(1);
      int upper = (n * in.shape().dim(1) + rows.lower()[y]) * in.shape().dim(2);
      int lower = (n * in.shape().dim(1) + rows.upper()[y]) * in.shape().dim(2);
      int c = i % depth;
      int[] stored = in.ints();
      int down = rows.fractions()[y];
      int right = columns.fractions()[x];
      int sum =
          stored[(upper + columns.lower()[x]) * depth + c]
                  * (ResizeFractions.ONE - down)
                  * (ResizeFractions.ONE - right)
              + stored[(lower + columns.lower()[x]) * depth + c]
                  * down
                  * (ResizeFractions.ONE - right)
              + stored[(upper + columns.upper()[x]) * depth + c]
                  * (ResizeFractions.ONE - down)
                  * right
              + stored[(lower + columns.upper()[x]) * depth + c] * down * right;
      results[i] = rounded(sum, rounding);
    }
    return Tensor.ofInts(out, results);
  }

  /** A sum in units of 2^-20, rounded to an integer. */
  private static int rounded(int sum, Rounding rounding) {
    int half = 1 << 19;
    return switch (rounding) {
      case SINGLE -> (sum + half) >> 20;
      case DOUBLE -> (sum + (sum > 0 ? half : -half)) / (1 << 20);
    };
  }
}
