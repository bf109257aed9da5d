package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * x / (bias + alpha * s)^beta along the last axis, where s is the sum of squares of the elements
 * from {@code before} ones before x to {@code after} ones after it. float32. Source: TFLite
 * LOCAL_RESPONSE_NORMALIZATION, where both are the radius, and ONNX LRN, where they are floor((size
 * - 1) / 2) and ceil((size - 1) / 2) and alpha is divided by the size.
 */
public record LocalResponseNorm(int before, int after, float bias, float alpha, float beta)
    implements Normalization {
  public LocalResponseNorm {
    Checks.require(
        before >= 0 && after >= 0, "a window must be >= 0, was " + before + " and " + after);
    Checks.require(
        Float.isFinite(bias) && Float.isFinite(alpha) && Float.isFinite(beta),
        "bias, alpha and beta must be finite, were " + bias + ", " + alpha + " and " + beta);
  }

  @Override
  public String kind() {
    return "local_response_norm";
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.floats(inputs, output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    float[] input = inputs.getFirst().floats();
    float[] results = new float[input.length];
    Shape shape = output.shape();
    int depth = shape.dim(-1);
    for (int start = 0; start < input.length; start += depth) {
      for (int c = 0; c < depth; c++) {
        float sum = 0;
        int end = (int) Math.min(depth, (long) c + after + 1);
        for (int i = Math.max(0, c - before); i < end; i++) {
          sum += input[start + i] * input[start + i];
        }
        results[start + c] = input[start + c] / (float) Math.pow(bias + alpha * sum, beta);
      }
    }
    return Tensor.ofFloats(output, results);
  }
}
