package dev.thimble.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConvolutionTest {
  private final Samples samples = new Samples(2);

  @Test
  void aTwoByTwoFilterSumsItsWindowInFloat() {
    Conv2d op = new Conv2d(Size2d.ONE, Size2d.ONE, Padding2d.NONE, 1, Activation.RELU6);
    Tensor input = Tensor.ofFloats(TensorType.float32(1, 2, 3, 1), 1, 2, 3, 4, 5, 6);
    Tensor filter = Tensor.ofFloats(TensorType.float32(1, 2, 2, 1), 1, 0, 0, -1);
    Tensor bias = Tensor.ofFloats(TensorType.float32(1), 4.5f);
    assertThat(run(op, input, filter, bias, TensorType.float32(1, 1, 2, 1)).floats())
        .containsExactly(0.5f, 0.5f);
  }

  @Test
  void paddingCountsAsTheRealZero() {
    Conv2d op = new Conv2d(Size2d.ONE, Size2d.ONE, new Padding2d(1, 1, 1, 1), 1, Activation.NONE);
    Tensor input = Tensor.ofInts(TensorType.int8(1, 10, 1, 1, 1, 1), 13);
    Tensor filter = Tensor.filled(TensorType.int8(1, 0, 1, 3, 3, 1), 2);
    Tensor bias = Tensor.ofInts(TensorType.of(DType.INT32, Shape.of(1)), 1);
    assertThat(run(op, input, filter, bias, TensorType.int8(1, -5, 1, 1, 1, 1)).ints())
        .containsExactly(2 * (13 - 10) + 1 - 5);
  }

  @Test
  void everyGeometryEqualsSumsTapByTap() {
    for (int i = 0; i < 300; i++) {
      int groups = samples.between(1, 3);
      int depth = samples.between(1, 4);
      int filters = groups * samples.between(1, 3);
      Conv2d op = anyConvolution(groups);
      TensorType filter =
          samples.filter(0, filters, samples.between(1, 3), samples.between(1, 4), depth);
      TensorType input =
          samples.int8(samples.between(1, 2), samples.between(5, 8), 7, depth * groups);
      List<Tensor> inputs = inputs(input, filter, filters);
      TensorType output =
          samples.int8().withShape(op.outputShape(inputs.stream().map(Tensor::type).toList()));
      for (Rounding rounding : Rounding.values()) {
        assertThat(op.evaluate(inputs, output, rounding))
            .isEqualTo(naive(op, inputs, output, rounding));
      }
    }
  }

  @Test
  void aDepthwiseConvolutionIsAGroupedOneWithTheFilterTransposed() {
    for (int i = 0; i < 200; i++) {
      int channels = samples.between(1, 5);
      int multiplier = samples.between(1, 3);
      Conv2d grouped = anyConvolution(channels);
      DepthwiseConv2d op =
          new DepthwiseConv2d(
              grouped.stride(),
              grouped.dilation(),
              grouped.padding(),
              multiplier,
              grouped.activation());
      TensorType type = samples.filter(3, 1, 3, 2, channels * multiplier);
      List<Tensor> inputs = inputs(samples.int8(1, 6, 7, channels), type, channels * multiplier);
      TensorType output =
          samples.int8().withShape(op.outputShape(inputs.stream().map(Tensor::type).toList()));
      List<Tensor> transposed = List.of(inputs.get(0), transposed(inputs.get(1)), inputs.get(2));
      assertThat(op.evaluate(inputs, output, Rounding.DOUBLE))
          .isEqualTo(grouped.evaluate(transposed, output, Rounding.DOUBLE));
    }
  }

  @Test
  void aFullyConnectedNodeSumsItsRows() {
    FullyConnected op = new FullyConnected(false, Activation.RELU);
    Tensor input = Tensor.ofInts(TensorType.int8(0.5f, 1, 2, 2), 3, 5, -1, 1);
    Tensor filter = Tensor.ofInts(TensorType.int8(0.25f, 0, 2, 2), 10, -3, 7, 8);
    Tensor bias = Tensor.ofInts(TensorType.of(DType.INT32, Shape.of(2)), 4, -4);
    TensorType output = TensorType.int8(0.25f, -100, 2, 2);
    // (2, 4) gives 12 and 42, (-2, 0) gives -16 and -18; the multiplier is 1/2.
    assertThat(op.evaluate(List.of(input, filter, bias), output, Rounding.DOUBLE).ints())
        .containsExactly(-94, -79, -100, -100);
  }

  @Test
  void aSingleFilterScaleIsMultipliedInFloatByFullyConnectedNodesOnly() {
    int different = 0;
    for (int i = 0; i < 200; i++) {
      TensorType input = samples.int8(1, 4);
      TensorType filter = TensorType.int8(samples.scale(), 0, 1, 4);
      TensorType output = samples.int8(1, 1);
      double inDouble = (double) input.scale() * (double) filter.scale() / (double) output.scale();
      double inFloat = (double) (input.scale() * filter.scale()) / (double) output.scale();
      Multiplier convolution = onlyMultiplier(false, input, filter, output);
      Multiplier connected = onlyMultiplier(true, input, filter, output);
      assertThat(convolution).isEqualTo(FixedPoint.quantizeMultiplier(inDouble, Rounding.DOUBLE));
      assertThat(connected).isEqualTo(FixedPoint.quantizeMultiplier(inFloat, Rounding.DOUBLE));
      different += convolution.equals(connected) ? 0 : 1;
    }
    assertThat(different).isPositive();
  }

  private static Multiplier onlyMultiplier(
      boolean connected, TensorType input, TensorType filter, TensorType output) {
    ConvolutionQuantization quantization =
        connected
            ? ConvolutionQuantization.ofFullyConnected(
                input, filter, output, Activation.NONE, Rounding.DOUBLE)
            : ConvolutionQuantization.of(input, filter, output, Activation.NONE, Rounding.DOUBLE);
    return quantization.multipliers().getFirst();
  }

  private Conv2d anyConvolution(int groups) {
    return new Conv2d(
        new Size2d(samples.between(1, 3), samples.between(1, 3)),
        new Size2d(samples.between(1, 2), samples.between(1, 2)),
        new Padding2d(
            samples.between(0, 5),
            samples.between(0, 2),
            samples.between(0, 5),
            samples.between(0, 2)),
        groups,
        Activation.values()[samples.between(0, 3)]);
  }

  private List<Tensor> inputs(TensorType input, TensorType filter, int filters) {
    return List.of(
        samples.elements(input),
        samples.elements(filter),
        samples.elements(TensorType.of(DType.INT32, Shape.of(filters))));
  }

  private static Tensor run(Op op, Tensor input, Tensor filter, Tensor bias, TensorType output) {
    op.check(List.of(input.type(), filter.type(), bias.type()), List.of(output));
    return op.evaluate(List.of(input, filter, bias), List.of(output), Rounding.DOUBLE).getFirst();
  }

  /** From [1, H, W, C] to [C, H, W, 1]. */
  private Tensor transposed(Tensor filter) {
    Shape from = filter.shape();
    int channels = from.dim(3);
    int taps = from.dim(1) * from.dim(2);
    int[] values = new int[from.elements()];
    for (int c = 0; c < channels; c++) {
      for (int tap = 0; tap < taps; tap++) {
        values[c * taps + tap] = filter.ints()[tap * channels + c];
      }
    }
    QuantParams.PerChannel quant = (QuantParams.PerChannel) filter.type().quant();
    TensorType type =
        new TensorType(
            DType.INT8,
            Shape.of(channels, from.dim(1), from.dim(2), 1),
            new QuantParams.PerChannel(0, quant.scales()));
    return Tensor.ofInts(type, values);
  }

  private static Tensor naive(
      Conv2d op, List<Tensor> inputs, TensorType output, Rounding rounding) {
    Shape x = inputs.get(0).shape();
    Shape w = inputs.get(1).shape();
    Shape y = output.shape();
    int zeroPoint = inputs.get(0).type().zeroPoint();
    int[] results = new int[y.elements()];
    for (int i = 0; i < results.length; i++) {
      int o = i % y.dim(3);
      int column = i / y.dim(3) % y.dim(2) * op.stride().width() - op.padding().left();
      int row = i / y.dim(3) / y.dim(2) % y.dim(1) * op.stride().height() - op.padding().top();
      int batch = i / y.dim(3) / y.dim(2) / y.dim(1);
      int first = o / (w.dim(0) / op.groups()) * w.dim(3);
      int acc = inputs.get(2).ints()[o];
      for (int tap = 0; tap < w.dim(1) * w.dim(2) * w.dim(3); tap++) {
        int c = tap % w.dim(3);
        int at = column + tap / w.dim(3) % w.dim(2) * op.dilation().width();
        int down = row + tap / w.dim(3) / w.dim(2) * op.dilation().height();
        if (at >= 0 && at < x.dim(2) && down >= 0 && down < x.dim(1)) {
          int pixel = (batch * x.dim(1) + down) * x.dim(2) + at;
          int element = inputs.get(0).ints()[pixel * x.dim(3) + first + c] - zeroPoint;
          acc += inputs.get(1).ints()[o * w.dim(1) * w.dim(2) * w.dim(3) + tap] * element;
        }
      }
      double real =
          (double) inputs.get(0).type().scale() * inputs.get(1).type().scaleOf(o) / output.scale();
      Multiplier multiplier = FixedPoint.quantizeMultiplier(real, rounding);
      int stored = FixedPoint.requantize(acc, multiplier, rounding) + output.zeroPoint();
      results[i] =
          Math.clamp(
              stored, op.activation().quantizedMin(output), op.activation().quantizedMax(output));
    }
    return Tensor.ofInts(output, results);
  }
}
