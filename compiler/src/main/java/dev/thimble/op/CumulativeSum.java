package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * The sums of an axis's entries up to each of them, or up to the one before where {@code
 * exclusive}; from the end where {@code reverse}. float32; integers that stand for themselves,
 * modulo 2<sup>bits</sup>; or quantised int8 by rule Q51 of quantization.md. Source: TFLite and
 * ONNX CUMSUM.
 */
public record CumulativeSum(int axis, boolean exclusive, boolean reverse) implements PositionalOp {
  public CumulativeSum {
    Checks.require(axis >= 0, "axis must be >= 0, was " + axis);
  }

  @Override
  public String kind() {
    return "cumulative_sum";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Axes.require(axis, inputs.get(0).shape());
    return inputs.get(0).shape();
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    TensorType input = inputs.get(0);
    if (input.isQuantized() || output.isQuantized()) {
      Checks.sameFloatOrInt8(input, output);
      CumulativeSumQuantization.of(input, output, input.shape().dim(axis), Rounding.DOUBLE);
    } else {
      Checks.sameElements(input, output);
      Checks.require(input.dtype() != DType.BOOL, "does not add " + input);
    }
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    Tensor in = inputs.get(0);
    Axes axes = Axes.of(in.shape(), axis);
    float[] floats = new float[output.isFloat() ? output.elements() : 0];
    long[] integers = new long[output.isFloat() ? 0 : output.elements()];
    long[] stored = output.isFloat() ? integers : in.longs();
    for (int line = 0; line < axes.outer() * axes.inner(); line++) {
      int start = line / axes.inner() * axes.extent() * axes.inner() + line % axes.inner();
      float sum = 0;
      long total = 0;
      CumulativeSumQuantization quantization = null;
      if (output.isQuantized()) {
        quantization = CumulativeSumQuantization.of(in.type(), output, axes.extent(), rounding);
        total = quantization.start(rounding);
      }
      for (int i = 0; i < axes.extent(); i++) {
        int at = start + (reverse ? axes.extent() - 1 - i : i) * axes.inner();
        if (output.isFloat()) {
          float next = sum + in.floats()[at];
          floats[at] = exclusive ? sum : next;
          sum = next;
        } else if (quantization != null) {
          long next = total + quantization.scaled((int) stored[at], rounding);
          integers[at] = quantization.stored((int) (exclusive ? total : next), rounding);
          total = next;
        } else {
          long next = total + stored[at];
          integers[at] = ReduceEvaluation.wrapped(output.dtype(), exclusive ? total : next);
          total = next;
        }
      }
    }
    return output.isFloat() ? Tensor.ofFloats(output, floats) : Tensor.ofLongs(output, integers);
  }
}
