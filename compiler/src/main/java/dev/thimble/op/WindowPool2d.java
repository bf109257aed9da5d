package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Pooling that {@link Pool2d} has no words for: windows with holes, padding that an average counts,
 * and norms. NHWC, each channel by itself. Padding takes no part in a sum or maximum. A last window
 * that reaches beyond the map, as rounding up has it, is padding at the bottom or right that is not
 * counted. float32; maximum and average also int8, uint8 or int16 per tensor, with the input's
 * scale and zero point. Source: ONNX MaxPool-12, AveragePool-19 and LpPool-18, TFLite L2_POOL_2D.
 *
 * @param counted of the padding, what an average counts as elements that are 0; at most the padding
 * @param p the norm's exponent, 1 where there is no norm
 */
public record WindowPool2d(
    Function function,
    int p,
    Size2d kernel,
    Size2d stride,
    Size2d dilation,
    Padding2d padding,
    Padding2d counted,
    Activation activation)
    implements SingleOutputOp {
  /** What is taken of each window. */
  public enum Function {
    MAX,
    /** The sum divided by the number of elements. */
    AVERAGE,
    /** The p-th root of the sum of p-th powers of magnitudes. */
    LP,
    /** The square root of the average of squares. */
    ROOT_MEAN_SQUARE
  }

  public WindowPool2d {
    Checks.require(
        padding.top() < Window.span(kernel.height(), dilation.height())
            && padding.bottom() < Window.span(kernel.height(), dilation.height())
            && padding.left() < Window.span(kernel.width(), dilation.width())
            && padding.right() < Window.span(kernel.width(), dilation.width()),
        "padding " + padding + " must be smaller than the window " + kernel);
    Checks.require(
        counted.top() <= padding.top()
            && counted.bottom() <= padding.bottom()
            && counted.left() <= padding.left()
            && counted.right() <= padding.right(),
        "counted padding " + counted + " must lie within the padding " + padding);
    Checks.require(
        p >= 1 && (p == 1 || function == Function.LP), "p must be 1 without a norm, was " + p);
  }

  /** A pooling as simple as can be: a {@link Pool2d} where that says the same. */
  public SingleOutputOp simplest() {
    boolean plain =
        dilation.equals(Size2d.ONE)
            && (function == Function.MAX
                || (function == Function.AVERAGE && counted.equals(Padding2d.NONE)));
    return plain
        ? new Pool2d(
            function == Function.MAX ? Pool2d.Kind2d.MAX : Pool2d.Kind2d.AVERAGE,
            kernel,
            stride,
            padding,
            activation)
        : this;
  }

  @Override
  public String kind() {
    return "window_" + function.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Checks.rank("input", inputs.get(0), 4);
    Shape input = inputs.get(0).shape();
    return Window.output(input, kernel, stride, dilation, padding, input.dim(3));
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    TensorType input = inputs.get(0);
    switch (function) {
      case MAX, AVERAGE -> {
        boolean integers = input.dtype() == DType.UINT8 || input.dtype() == DType.INT16;
        if (!integers || !(input.quant() instanceof QuantParams.PerTensor)) {
          Checks.sameFloatOrInt8(input, output);
        }
      }
      case LP, ROOT_MEAN_SQUARE -> Checks.floats(inputs, output);
    }
    Checks.sameElements(input, output);
    Slide slide = Slide.of(input.shape(), output.shape(), kernel, stride, dilation, padding);
    Checks.require(
        Stream.of(slide.rows(), slide.columns())
            .flatMap(Stream::of)
            .allMatch(span -> span.taps() > 0),
        "a window of " + kernel + " with dilation " + dilation + " lies in the padding altogether");
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return WindowPoolEvaluation.evaluate(this, inputs.get(0), output);
  }
}
