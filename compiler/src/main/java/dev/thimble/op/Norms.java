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

  /** Mean and variance of some elements, each sum in memory order and divided once. */
  record Moments(float mean, float variance) {
    /** What a difference to the mean is multiplied by. */
    float factor(float epsilon) {
      return 1 / (float) Math.sqrt(variance + epsilon);
    }
  }

  /** The moments of {@code runs} runs of elements, {@code step} apart. */
  static Moments moments(float[] data, int start, int runs, int step, int length) {
    float sum = 0;
    for (int run = 0; run < runs; run++) {
      for (int i = 0; i < length; i++) {
        sum += data[start + run * step + i];
      }
    }
    float mean = sum / (runs * length);
    float squares = 0;
    for (int run = 0; run < runs; run++) {
      for (int i = 0; i < length; i++) {
        float distance = data[start + run * step + i] - mean;
        squares += distance * distance;
      }
    }
    return new Moments(mean, squares / (runs * length));
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
        Moments moments = moments(results, first, entry / channels, channels, size);
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
