package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/** What the normalisations by mean and variance share. */
final class Norms {
  private Norms() {}

  static void requireEpsilon(float epsilon) {
    Checks.require(epsilon >= 0 && Float.isFinite(epsilon), "epsilon must be >= 0, was " + epsilon);
  }

  /** Requires float32 throughout, and a scale and a bias for each channel. */
  static void checkChannels(List<TensorType> inputs, TensorType output) {
    Checks.floats(inputs, output);
    Shape channels = Shape.of(output.shape().dim(-1));
    for (int i = 1; i < 3; i++) {
      Checks.require(
          inputs.get(i).shape().equals(channels),
          "scale and bias must have shape " + channels + ", input " + i + " is " + inputs.get(i));
    }
  }

  /** Mean and variance of some elements: quantization.md, rule Q65. */
  record Moments(float mean, float variance) {
    /** What a difference to the mean is multiplied by. */
    float factor(float epsilon) {
      return 1 / (float) Math.sqrt(variance + epsilon);
    }
  }

  /** The moments of a line of neighbouring elements. */
  static Moments moments(float[] data, int start, int depth) {
    return moments(data, start, 1, depth, 1);
  }

  /** The moments of {@code lines} neighbouring lines of elements that lie {@code step} apart. */
  private static Moments moments(float[] data, int start, int lines, int depth, int step) {
    float sum = 0;
    for (int line = start; line < start + lines; line++) {
      sum += FloatSums.sum(data, line, step, depth);
    }
    float mean = sum / (lines * depth);
    float[] distances = new float[depth];
    float squares = 0;
    for (int line = start; line < start + lines; line++) {
      for (int i = 0; i < depth; i++) {
        distances[i] = data[line + i * step] - mean;
      }
      squares += FloatSums.dot(distances, 0, distances, 0, depth);
    }
    return new Moments(mean, squares / (lines * depth));
  }

  /** Normalises each batch entry's groups of channels over all other axes. */
  static Tensor grouped(List<Tensor> inputs, TensorType output, int groups, float epsilon) {
    float[] results = inputs.get(0).floats().clone();
    float[] scale = inputs.get(1).floats();
    float[] bias = inputs.get(2).floats();
    int channels = output.shape().dim(-1);
    int entry = results.length / output.shape().dim(0);
    int size = channels / groups;
    for (int start = 0; start < results.length; start += entry) {
      for (int group = 0; group < groups; group++) {
        int first = start + group * size;
        Moments moments = moments(results, first, size, entry / channels, channels);
        float factor = moments.factor(epsilon);
        for (int i = 0; i < entry; i += channels) {
          for (int c = 0; c < size; c++) {
            int channel = group * size + c;
            results[first + i + c] =
                (results[first + i + c] - moments.mean()) * factor * scale[channel] + bias[channel];
          }
        }
      }
    }
    return Tensor.ofFloats(output, results);
  }
}
