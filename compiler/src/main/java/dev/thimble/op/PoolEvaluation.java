package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;

/** Reference evaluation of pooling: quantization.md, rules Q16, Q17 and Q20. */
final class PoolEvaluation {
  private PoolEvaluation() {}

  static Tensor evaluate(Pool2d op, Tensor in, TensorType out) {
    Slide slide =
        Slide.of(in.shape(), out.shape(), op.kernel(), op.stride(), Size2d.ONE, op.padding());
    if (out.isFloat()) {
      return Tensor.ofFloats(out, floats(op, slide, in.floats()));
    }
    return Tensor.ofInts(out, ints(op, slide, in.ints(), out));
  }

  private static int[] ints(Pool2d op, Slide slide, int[] input, TensorType out) {
    int[] output = new int[out.elements()];
    int channels = slide.output().dim(3);
    int min = op.activation().quantizedMin(out);
    int max = op.activation().quantizedMax(out);
    int[] acc = new int[channels];
    slide.forEach((batch, row, column, at) -> {
      Arrays.fill(acc, op.pooling() == Pool2d.Kind2d.MAX ? Integer.MIN_VALUE : 0);
      for (int ky = row.from(); ky < row.to(); ky++) {
        for (int kx = column.from(); kx < column.to(); kx++) {
          add(op.pooling(), acc, input, slide.inputAt(batch, row.at(ky), column.at(kx)));
        }
      }
      int count = row.taps() * column.taps();
      for (int c = 0; c < channels; c++) {
        int value =
            switch (op.pooling()) {
              case MAX -> acc[c];
              case AVERAGE -> average(acc[c], count);
            };
        output[at + c] = Math.clamp(value, min, max);
      }
    });
    return output;
  }

  private static void add(Pool2d.Kind2d pooling, int[] acc, int[] input, int x) {
    switch (pooling) {
      case MAX -> {
        for (int c = 0; c < acc.length; c++) {
          acc[c] = Math.max(acc[c], input[x + c]);
        }
      }
      case AVERAGE -> {
        for (int c = 0; c < acc.length; c++) {
          acc[c] += input[x + c];
        }
      }
    }
  }

  /** The quotient rounded to the nearest, ties away from zero: rule Q17. */
  static int average(int sum, int count) {
    return sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
  }

  private static float[] floats(Pool2d op, Slide slide, float[] input) {
    Shape shape = slide.output();
    float[] output = new float[shape.elements()];
    int channels = shape.dim(3);
    slide.forEach((batch, row, column, at) -> {
      for (int c = 0; c < channels; c++) {
        float acc = op.pooling() == Pool2d.Kind2d.MAX ? Float.NEGATIVE_INFINITY : 0;
        for (int ky = row.from(); ky < row.to(); ky++) {
          for (int kx = column.from(); kx < column.to(); kx++) {
            float x = input[slide.inputAt(batch, row.at(ky), column.at(kx)) + c];
            acc =
                switch (op.pooling()) {
                  case MAX -> Math.max(acc, x);
                  case AVERAGE -> acc + x;
                };
          }
        }
        if (op.pooling() == Pool2d.Kind2d.AVERAGE) {
          acc /= row.taps() * column.taps();
        }
        output[at + c] = op.activation().clamp(acc);
      }
    });
    return output;
  }
}
