package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * Reference evaluation of transposed convolutions: quantization.md, rules Q6, Q7 and Q20. Each
 * output element sums its products in the order row, column, channel of the taps.
 */
final class TransposedEvaluation {
  private final TransposedConv2d op;
  private final Shape input;
  private final Shape filter;
  private final Shape output;

  private TransposedEvaluation(TransposedConv2d op, Shape input, Shape filter, Shape output) {
    this.op = op;
    this.input = input;
    this.filter = filter;
    this.output = output;
  }

  static Tensor evaluate(TransposedConv2d op, List<Tensor> in, TensorType out, Rounding rounding) {
    TransposedEvaluation evaluation =
        new TransposedEvaluation(op, in.get(0).shape(), in.get(1).shape(), out.shape());
    if (out.isFloat()) {
      float[] bias = in.get(2).floats();
      float[] sums = evaluation.floats(in.get(0).floats(), in.get(1).floats());
      for (int i = 0; i < sums.length; i++) {
        sums[i] = op.activation().clamp(sums[i] + bias[i % bias.length]);
      }
      return Tensor.ofFloats(out, sums);
    }
    ConvolutionQuantization quantization =
        ConvolutionQuantization.of(
            in.get(0).type(), in.get(1).type(), out, op.activation(), rounding);
    return Tensor.ofInts(out, ints(op, in, out.shape(), quantization, rounding));
  }

  /** The stored output by these constants. */
  static int[] ints(
      TransposedConv2d op,
      List<Tensor> in,
      Shape out,
      ConvolutionQuantization quantization,
      Rounding rounding) {
    TransposedEvaluation evaluation =
        new TransposedEvaluation(op, in.get(0).shape(), in.get(1).shape(), out);
    if (in.get(2).type().dtype() == DType.INT64) {
      return evaluation.wide(in, quantization);
    }
    int[] bias = in.get(2).ints();
    int[] centred = IntConvolution.centred(in.get(0).ints(), quantization.inputZeroPoint());
    int[] sums = evaluation.ints(centred, in.get(1).ints());
    for (int i = 0; i < sums.length; i++) {
      int channel = i % bias.length;
      sums[i] = quantization.apply(bias[channel] + sums[i], channel, rounding);
    }
    return sums;
  }

  /** What is done with {@code depth} products of neighbouring elements of input and filter. */
  @FunctionalInterface
  private interface Products {
    void add(int sum, int input, int filter, int depth);
  }

  private float[] floats(float[] x, float[] w) {
    float[] sums = new float[output.elements()];
    forEach((sum, input, filter, depth) -> {
      sums[sum] = FloatSums.dotOnto(sums[sum], x, input, w, filter, depth);
    });
    return sums;
  }

  private int[] ints(int[] x, int[] w) {
    int[] sums = new int[output.elements()];
    forEach((sum, input, filter, depth) -> {
      for (int i = 0; i < depth; i++) {
        sums[sum] += x[input + i] * w[filter + i];
      }
    });
    return sums;
  }

  /** The stored output of 64-bit sums. */
  private int[] wide(List<Tensor> in, ConvolutionQuantization quantization) {
    int[] x = in.get(0).ints();
    int[] w = in.get(1).ints();
    long[] bias = in.get(2).longs();
    long[] sums = new long[output.elements()];
    forEach((sum, input, filter, depth) -> {
      for (int i = 0; i < depth; i++) {
        sums[sum] += (long) x[input + i] * w[filter + i];
      }
    });
    int[] results = new int[sums.length];
    for (int i = 0; i < sums.length; i++) {
      int channel = i % bias.length;
      results[i] = quantization.applyWide(bias[channel] + sums[i], channel);
    }
    return results;
  }

  private void forEach(Products products) {
    for (int b = 0; b < output.dim(0); b++) {
      for (int y = 0; y < output.dim(1); y++) {
        for (int x = 0; x < output.dim(2); x++) {
          pixel(b, y, x, products);
        }
      }
    }
  }

  private void pixel(int batch, int y, int x, Products products) {
    int filters = output.dim(3);
    int depth = filter.dim(3);
    int at = ((batch * output.dim(1) + y) * output.dim(2) + x) * filters;
    for (int ky = 0; ky < filter.dim(1); ky++) {
      int iy = source(y + op.padding().top() - ky * op.dilation().height(), op.stride().height());
      for (int kx = 0; kx < filter.dim(2) && iy >= 0 && iy < input.dim(1); kx++) {
        int ix = source(x + op.padding().left() - kx * op.dilation().width(), op.stride().width());
        if (ix < 0 || ix >= input.dim(2)) {
          continue;
        }
        int from = ((batch * input.dim(1) + iy) * input.dim(2) + ix) * input.dim(3);
        for (int o = 0; o < filters; o++) {
          int tap = ((o * filter.dim(1) + ky) * filter.dim(2) + kx) * depth;
          products.add(at + o, from + o / (filters / op.groups()) * depth, tap, depth);
        }
      }
    }
  }

  /** The input row or column that lies at a place between the strides; negative for none. */
  private static int source(int place, int stride) {
    return place < 0 || place % stride != 0 ? -1 : place / stride;
  }
}
