package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * The same numbers as elements of the output's type; neither side is quantised. A float becomes an
 * integer towards zero, saturated to the type's range, and NaN becomes 0; an integer becomes the
 * one with the same low bits, or the nearest float; a number becomes a boolean by whether it is not
 * 0. Source: TFLite CAST, ONNX Cast, which leave the range of floats open.
 */
public record Cast() implements SingleOutputOp {
  @Override
  public String kind() {
    return "cast";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    return inputs.get(0).shape();
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    TensorType input = inputs.get(0);
    Checks.require(
        input.quant() instanceof QuantParams.None && output.quant() instanceof QuantParams.None,
        "neither side may be quantised, are " + input + " and " + output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    Tensor input = inputs.get(0);
    if (input.type().isFloat()) {
      return output.isFloat() ? input : ofFloats(input.floats(), output);
    }
    if (output.isFloat()) {
      float[] results = new float[output.elements()];
      long[] from = input.longs();
      for (int i = 0; i < results.length; i++) {
        results[i] = (float) from[i];
      }
      return Tensor.ofFloats(output, results);
    }
    return Integers.tensor(output, input.longs().clone());
  }

  private static Tensor ofFloats(float[] from, TensorType output) {
    long[] results = new long[from.length];
    for (int i = 0; i < from.length; i++) {
      // C's cast of a NaN to bool is true: it is not 0.
      results[i] =
          output.dtype() == DType.BOOL
              ? (from[i] != 0 ? 1 : 0)
              : Math.clamp((long) from[i], output.dtype().min(), output.dtype().max());
    }
    return Tensor.ofLongs(output, results);
  }
}
