package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import java.util.List;

/**
 * Convolution of float32 elements: quantization.md, rule Q20. The products are summed, the bias is
 * added to the sum, and the activation clamps the result.
 */
final class FloatConvolution {
  private final Slide slide;
  private final float[] input;
  private final float[] filter;
  private final float[] bias;
  private final Activation activation;

  /** The inputs are activations, filter and bias. */
  FloatConvolution(Slide slide, List<Tensor> inputs, Activation activation) {
    this.slide = slide;
    this.input = inputs.get(0).floats();
    this.filter = inputs.get(1).floats();
    this.bias = inputs.get(2).floats();
    this.activation = activation;
  }

  /** The output for an OHWI filter. */
  float[] grouped(Shape shape, int groups) {
    float[] output = new float[slide.output().elements()];
    int filters = shape.dim(0);
    int depth = shape.dim(3);
    int taps = shape.dim(1) * shape.dim(2) * depth;
    int perGroup = filters / groups;
    slide.forEach((batch, row, column, at) -> {
      for (int o = 0; o < filters; o++) {
        int channel = o / perGroup * depth;
        float acc = dot(batch, row, column, channel, o * taps, shape);
        output[at + o] = activation.clamp(acc + bias[o]);
      }
    });
    return output;
  }

  private float dot(
      int batch, Window.Span row, Window.Span column, int channel, int filterAt, Shape shape) {
    int depth = shape.dim(3);
    float acc = 0;
    for (int ky = row.from(); ky < row.to(); ky++) {
      for (int kx = column.from(); kx < column.to(); kx++) {
        int x = slide.inputAt(batch, row.at(ky), column.at(kx)) + channel;
        int w = filterAt + (ky * shape.dim(2) + kx) * depth;
        acc = FloatSums.dotOnto(acc, filter, w, input, x, depth);
      }
    }
    return acc;
  }

  /** The output for a depthwise filter [1, H, W, C * M]. */
  float[] depthwise(Shape shape, int multiplier) {
    float[] output = new float[slide.output().elements()];
    int channels = shape.dim(3);
    slide.forEach((batch, row, column, at) -> {
      for (int ky = row.from(); ky < row.to(); ky++) {
        for (int kx = column.from(); kx < column.to(); kx++) {
          int x = slide.inputAt(batch, row.at(ky), column.at(kx));
          int w = (ky * shape.dim(2) + kx) * channels;
          for (int c = 0; c < channels; c++) {
            output[at + c] += filter[w + c] * input[x + c / multiplier];
          }
        }
      }
      for (int c = 0; c < channels; c++) {
        output[at + c] = activation.clamp(output[at + c] + bias[c]);
      }
    });
    return output;
  }
}
