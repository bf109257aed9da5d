package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import java.util.List;

/** Convolution of int8 elements with int32 accumulators: quantization.md, rules Q6 and Q7. */
final class IntConvolution {
  private final Slide slide;
  private final int[] input;
  private final int[] filter;
  private final int[] bias;
  private final ConvolutionQuantization quantization;
  private final Rounding rounding;

  /** The inputs are activations, filter and bias. */
  IntConvolution(
      Slide slide, List<Tensor> inputs, ConvolutionQuantization quantization, Rounding rounding) {
    this.slide = slide;
    this.input = centred(inputs.get(0).ints(), quantization.inputZeroPoint());
    this.filter = inputs.get(1).ints();
    Bias given = Bias.of(inputs.get(2));
    this.bias = given.whole();
    this.quantization = quantization.with(given);
    this.rounding = rounding;
  }

  /** The elements less their zero point. */
  static int[] centred(int[] stored, int zeroPoint) {
    int[] centred = new int[stored.length];
    for (int i = 0; i < stored.length; i++) {
      centred[i] = stored[i] - zeroPoint;
    }
    return centred;
  }

  /** The stored output for an OHWI filter. */
  int[] grouped(Shape shape, int groups) {
    int[] output = new int[slide.output().elements()];
    int filters = shape.dim(0);
    int depth = shape.dim(3);
    int taps = shape.dim(1) * shape.dim(2) * depth;
    int perGroup = filters / groups;
    slide.forEach((batch, row, column, at) -> {
      for (int o = 0; o < filters; o++) {
        int channel = o / perGroup * depth;
        int acc = bias[o] + dot(batch, row, column, channel, o * taps, shape);
        output[at + o] = quantization.apply(acc, o, rounding);
      }
    });
    return output;
  }

  private int dot(
      int batch, Window.Span row, Window.Span column, int channel, int filterAt, Shape shape) {
    int depth = shape.dim(3);
    // Neighbouring taps of an undilated, ungrouped filter are one run in filter and input alike.
    boolean joined = column.dilation() == 1 && depth == slide.input().dim(3);
    int run = joined ? column.taps() * depth : depth;
    int step = joined ? Math.max(1, column.taps()) : 1;
    int acc = 0;
    for (int ky = row.from(); ky < row.to(); ky++) {
      for (int kx = column.from(); kx < column.to(); kx += step) {
        int x = slide.inputAt(batch, row.at(ky), column.at(kx)) + channel;
        int w = filterAt + (ky * shape.dim(2) + kx) * depth;
        for (int i = 0; i < run; i++) {
          acc += filter[w + i] * input[x + i];
        }
      }
    }
    return acc;
  }

  /** The stored output for a depthwise filter [1, H, W, C * M]. */
  int[] depthwise(Shape shape, int multiplier) {
    int[] output = new int[slide.output().elements()];
    int channels = shape.dim(3);
    int[] acc = new int[channels];
    slide.forEach((batch, row, column, at) -> {
      System.arraycopy(bias, 0, acc, 0, channels);
      for (int ky = row.from(); ky < row.to(); ky++) {
        for (int kx = column.from(); kx < column.to(); kx++) {
          int x = slide.inputAt(batch, row.at(ky), column.at(kx));
          addTap(acc, x, (ky * shape.dim(2) + kx) * channels, multiplier);
        }
      }
      for (int c = 0; c < channels; c++) {
        output[at + c] = quantization.apply(acc[c], c, rounding);
      }
    });
    return output;
  }

  private void addTap(int[] acc, int x, int w, int multiplier) {
    if (multiplier == 1) {
      for (int c = 0; c < acc.length; c++) {
        acc[c] += filter[w + c] * input[x + c];
      }
      return;
    }
    for (int c = 0; c < acc.length; c++) {
      acc[c] += filter[w + c] * input[x + c / multiplier];
    }
  }
}
