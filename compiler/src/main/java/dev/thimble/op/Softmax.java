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
 * scale 1/65536 (which files give as up to a thousandth of it more or less) and zero point -32768;
 * int16 of zero point 0 to int16 of scale 1/32768, likewise, and zero point 0. Source: TFLite
 * SOFTMAX, ONNX Softmax-13.
 */
public record Softmax(float beta, int axis) implements SingleOutputOp {
  private static final float WIDE_SCALE = 1f / 65536;
  private static final float SYMMETRIC_SCALE = 1f / 32768;

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
    boolean fromWide = inputs.get(0).dtype() == DType.INT16;
    boolean wide = output.dtype() == DType.INT16;
    if (fromWide) {
      Checks.symmetric(inputs.get(0));
      checkWide(output, SYMMETRIC_SCALE, "1/32768", 0);
    } else if (wide) {
      Checks.int8PerTensor("input", inputs.get(0));
      checkWide(output, WIDE_SCALE, "1/65536", Short.MIN_VALUE);
    } else {
      Checks.sameFloatOrInt8(inputs.get(0), output);
    }
    if (output.isFloat()) {
      return;
    }
    Checks.require(
        isInnermost(output.shape()),
        inputs.get(0).dtype().reportName()
            + " is taken along the last axis, was given axis "
            + axis);
    if (!wide) {
      Checks.probabilities(output);
    }
    if (fromWide) {
      WideSoftmaxQuantization.of(inputs.get(0), beta, Rounding.DOUBLE);
    } else {
      SoftmaxQuantization.of(inputs.get(0), beta, Rounding.DOUBLE);
    }
    int most = fromWide ? WideSoftmaxQuantization.MAX_DEPTH : SoftmaxQuantization.MAX_DEPTH;
    Checks.require(
        output.shape().dim(-1) <= most,
        "the last axis may have at most " + most + " entries, has " + output.shape().dim(-1));
  }

  private static void checkWide(TensorType output, float scale, String text, int zeroPoint) {
    Checks.require(
        output.dtype() == DType.INT16
            && output.quant() instanceof QuantParams.PerTensor p
            && p.zeroPoint() == zeroPoint
            && Math.abs(p.scale() - scale) < scale / 1000,
        "int16 output must have scale " + text + " and zero point " + zeroPoint + ", is " + output);
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
