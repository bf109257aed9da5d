package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * exp(beta * x) normalised to a sum of 1 along an axis; a negative axis counts from the innermost.
 * Quantised: int8 along the last axis to int8 of scale 1/256 and zero point -128, or to int16 of
 * scale 1/65536 (which files give as up to a thousandth of it more or less) and zero point -32768.
 * Source: TFLite SOFTMAX, ONNX Softmax-13.
 */
public record Softmax(float beta, int axis) implements SingleOutputOp {
  private static final float WIDE_SCALE = 1f / 65536;

  /** The softmax along the last axis. */
  public Softmax(float beta) {
    this(beta, -1);
  }

  public Softmax {
    Checks.require(beta > 0 && Float.isFinite(beta), "beta must be positive, was " + beta);
  }

  @Override
  public String kind() {
    return "softmax";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Checks.require(inputs.get(0).shape().rank() > 0, "input must have at least one axis");
    return inputs.get(0).shape();
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    boolean wide = output.dtype() == DType.INT16;
    if (wide) {
      Checks.int8PerTensor("input", inputs.get(0));
      Checks.require(
          output.quant() instanceof QuantParams.PerTensor p
              && p.zeroPoint() == Short.MIN_VALUE
              && Math.abs(p.scale() - WIDE_SCALE) < WIDE_SCALE / 1000,
          "int16 output must have scale 1/65536 and zero point -32768, is " + output);
    } else {
      Checks.sameFloatOrInt8(inputs.get(0), output);
    }
    boolean innermost = isInnermost(output.shape());
    if (!output.isFloat()) {
      Checks.require(innermost, "int8 is taken along the last axis, was given axis " + axis);
      if (!wide) {
        Checks.probabilities(output);
      }
      SoftmaxQuantization.of(inputs.get(0), beta, Rounding.DOUBLE);
      Checks.require(
          output.shape().dim(-1) <= SoftmaxQuantization.MAX_DEPTH,
          "the last axis may have at most "
              + SoftmaxQuantization.MAX_DEPTH
              + " entries, has "
              + output.shape().dim(-1));
    }
  }

  /** Whether the lines are the innermost axis of a tensor of this shape. */
  public boolean isInnermost(Shape shape) {
    return Lines.axis(shape, axis) == shape.rank() - 1;
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return SoftmaxEvaluation.evaluate(this, inputs.get(0), output, rounding);
  }
}
