package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * Reference evaluation of the two convolutions: quantization.md, rules Q6, Q7 and Q20. Both visit
 * taps in the order row, column, channel, which fixes the result of a float sum.
 */
final class ConvolutionEvaluation {
  private ConvolutionEvaluation() {}

  static Tensor evaluate(Conv2d op, List<Tensor> in, TensorType out, Rounding rounding) {
    Shape filter = in.get(1).shape();
    Size2d kernel = new Size2d(filter.dim(1), filter.dim(2));
    Slide slide =
        Slide.of(in.get(0).shape(), out.shape(), kernel, op.stride(), op.dilation(), op.padding());
    if (out.isFloat()) {
      FloatConvolution evaluation = new FloatConvolution(slide, in, op.activation());
      return Tensor.ofFloats(out, evaluation.grouped(filter, op.groups()));
    }
    ConvolutionQuantization quantization =
        ConvolutionQuantization.of(
            in.get(0).type(), in.get(1).type(), out, op.activation(), rounding);
    IntConvolution evaluation = new IntConvolution(slide, in, quantization, rounding);
    return Tensor.ofInts(out, evaluation.grouped(filter, op.groups()));
  }

  static Tensor evaluate(DepthwiseConv2d op, List<Tensor> in, TensorType out, Rounding rounding) {
    Shape filter = in.get(1).shape();
    Size2d kernel = new Size2d(filter.dim(1), filter.dim(2));
    Slide slide =
        Slide.of(in.get(0).shape(), out.shape(), kernel, op.stride(), op.dilation(), op.padding());
    if (out.isFloat()) {
      FloatConvolution evaluation = new FloatConvolution(slide, in, op.activation());
      return Tensor.ofFloats(out, evaluation.depthwise(filter, op.multiplier()));
    }
    ConvolutionQuantization quantization =
        ConvolutionQuantization.of(
            in.get(0).type(), in.get(1).type(), out, op.activation(), rounding);
    IntConvolution evaluation = new IntConvolution(slide, in, quantization, rounding);
    return Tensor.ofInts(out, evaluation.depthwise(filter, op.multiplier()));
  }
}
