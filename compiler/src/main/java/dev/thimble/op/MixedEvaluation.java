package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * Reference evaluation of {@link MixedConv2d}: quantization.md, rules Q6 to Q8, Q60 to Q62 and Q67.
 */
final class MixedEvaluation {
  private final MixedConv2d op;
  private final Shape filter;
  private final Slide slide;

  private MixedEvaluation(MixedConv2d op, Shape input, Shape filter, Shape output) {
    this.op = op;
    this.filter = filter;
    Size2d kernel = new Size2d(filter.dim(1), filter.dim(2));
    slide = Slide.of(input, output, kernel, op.stride(), op.dilation(), op.padding());
  }

  static Tensor evaluate(MixedConv2d op, List<Tensor> in, TensorType out, Rounding rounding) {
    if (op.scaling().isFloat()) {
      MixedEvaluation evaluation =
          new MixedEvaluation(op, in.get(0).shape(), in.get(1).shape(), out.shape());
      return Tensor.ofFloats(
          out, op.scaling().isDynamic() ? evaluation.dynamic(in) : evaluation.weights(in));
    }
    List<TensorType> types = in.stream().map(Tensor::type).toList();
    ConvolutionQuantization quantization = op.quantization(types, out, rounding);
    return Tensor.ofInts(out, ints(op, in, out.shape(), quantization, rounding));
  }

  /** The stored output by these constants. */
  static int[] ints(
      MixedConv2d op,
      List<Tensor> in,
      Shape out,
      ConvolutionQuantization quantization,
      Rounding rounding) {
    return new MixedEvaluation(op, in.get(0).shape(), in.get(1).shape(), out)
        .ints(in, quantization, rounding);
  }

  private int[] ints(List<Tensor> in, ConvolutionQuantization quantization, Rounding rounding) {
    int[] input = IntConvolution.centred(in.get(0).ints(), quantization.inputZeroPoint());
    TensorType filterType = in.get(1).type();
    boolean perTensor = filterType.quant() instanceof QuantParams.PerTensor;
    int[] weights =
        perTensor
            ? IntConvolution.centred(in.get(1).ints(), filterType.zeroPoint())
            : in.get(1).ints();
    long[] bias = in.get(2).longs();
    boolean wide = in.get(2).type().dtype() == DType.INT64;
    int[] output = new int[slide.output().elements()];
    forEach(
        input,
        weights,
        (at, channel, sum) -> {
          long acc = bias[channel] + sum;
          output[at] =
              wide
                  ? quantization.applyWide(acc, channel)
                  : quantization.apply((int) acc, channel, rounding);
        });
    return output;
  }

  private float[] dynamic(List<Tensor> in) {
    float[] input = in.get(0).floats();
    TensorType filterType = in.get(1).type();
    boolean perChannel = filterType.quant() instanceof QuantParams.PerChannel;
    float[] bias = in.get(2).floats();
    int batch = slide.input().dim(0);
    int entry = input.length / batch;
    int[] centred = new int[input.length];
    float[] scales = new float[batch];
    for (int b = 0; b < batch; b++) {
      scales[b] =
          op.scaling() == MixedConv2d.Scaling.DYNAMIC_SYMMETRIC
              ? DynamicQuantization.symmetric(input, b * entry, entry, centred)
              : DynamicQuantization.asymmetric(input, b * entry, entry, centred);
    }
    float[] output = new float[slide.output().elements()];
    int outputs = output.length / batch;
    forEach(
        centred,
        in.get(1).ints(),
        (at, channel, sum) -> {
          float scale = scales[at / outputs];
          float real =
              perChannel
                  ? (float) sum * filterType.scaleOf(channel) * scale
                  : (float) sum * (scale * filterType.scale());
          output[at] = op.activation().clamp(real + bias[channel]);
        });
    return output;
  }

  private float[] weights(List<Tensor> in) {
    float[] input = in.get(0).floats();
    int[] stored = in.get(1).ints();
    float[] bias = in.get(2).floats();
    float[] output = new float[slide.output().elements()];
    int filters = filter.dim(0);
    slide.forEach((batch, row, column, at) -> {
      for (int o = 0; o < filters; o++) {
        float sum = 0;
        for (int ky = row.from(); ky < row.to(); ky++) {
          for (int kx = column.from(); kx < column.to(); kx++) {
            int x = inputAt(batch, row.at(ky), column.at(kx), o);
            int w = filterAt(o, ky, kx);
            for (int i = 0; i < filter.dim(3); i++) {
              sum += input[x + i] * stored[w + i];
            }
          }
        }
        float real = sum * in.get(1).type().scaleOf(o) + bias[o];
        output[at + o] = op.activation().clamp(real);
      }
    });
    return output;
  }

  /** Where the channels begin that a filter reads of an input pixel. */
  private int inputAt(int batch, int y, int x, int o) {
    return slide.inputAt(batch, y, x) + o / (filter.dim(0) / op.groups()) * filter.dim(3);
  }

  private int filterAt(int o, int ky, int kx) {
    return ((o * filter.dim(1) + ky) * filter.dim(2) + kx) * filter.dim(3);
  }

  /** Takes the sum of products of an output element. */
  @FunctionalInterface
  private interface Sum {
    void take(int at, int channel, long sum);
  }

  private void forEach(int[] input, int[] weights, Sum sums) {
    int filters = filter.dim(0);
    int depth = filter.dim(3);
    slide.forEach((batch, row, column, at) -> {
      for (int o = 0; o < filters; o++) {
        long sum = 0;
        for (int ky = row.from(); ky < row.to(); ky++) {
          for (int kx = column.from(); kx < column.to(); kx++) {
            int x = inputAt(batch, row.at(ky), column.at(kx), o);
            int w = filterAt(o, ky, kx);
            for (int i = 0; i < depth; i++) {
              sum += (long) input[x + i] * weights[w + i];
            }
          }
        }
        sums.take(at + o, o, sum);
      }
    });
  }
}
