package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * (x - mean) / sqrt(variance + epsilon) * scale + bias over an axis and all behind it. Inputs: x,
 * and a scale and a bias of the shape of those axes. float32; a negative axis counts from the
 * innermost. Source: ONNX LayerNormalization-17.
 */
public record LayerNorm(int axis, float epsilon) implements Normalization {
  public LayerNorm {
    Norms.requireEpsilon(epsilon);
  }

  @Override
  public String kind() {
    return "layer_norm";
  }

  @Override
  public int inputCount() {
    return 3;
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.floats(inputs, output);
    int[] dims = output.shape().dims();
    Shape normalized =
        Shape.of(Arrays.copyOfRange(dims, Lines.axis(output.shape(), axis), dims.length));
    for (int i = 1; i < 3; i++) {
      Checks.require(
          inputs.get(i).shape().equals(normalized),
          "scale and bias must have shape " + normalized + ", input " + i + " is " + inputs.get(i));
    }
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    float[] results = inputs.get(0).floats().clone();
    float[] scale = inputs.get(1).floats();
    float[] bias = inputs.get(2).floats();
    int depth = scale.length;
    for (int start = 0; start < results.length; start += depth) {
      Norms.Moments moments = Norms.moments(results, start, depth);
      float factor = moments.factor(epsilon);
      for (int i = 0; i < depth; i++) {
        results[start + i] = (results[start + i] - moments.mean()) * factor * scale[i] + bias[i];
      }
    }
    return Tensor.ofFloats(output, results);
  }
}
