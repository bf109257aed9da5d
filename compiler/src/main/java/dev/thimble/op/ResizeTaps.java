package dev.thimble.op;

import dev.thimble.tensor.Shape;
import java.util.Arrays;

/**
 * The entries of one axis of the input that each entry of the output combines, {@code taps} of
 * them, and their weights. All of an output entry's indices are {@link #OUTSIDE} where the
 * extrapolation value stands for it.
 */
public record ResizeTaps(int taps, int[] indices, float[] weights) {
  /** The index of no entry. */
  public static final int OUTSIDE = -1;

  /** The taps of one axis of an input of this shape. */
  public static ResizeTaps of(Resize op, Shape input, int axis) {
    int extent = input.dim(axis);
    int results = op.extents().get(axis);
    int taps =
        switch (op.mode()) {
          case NEAREST -> 1;
          case LINEAR -> 2;
          case CUBIC -> 4;
        };
    ResizeTaps all = new ResizeTaps(taps, new int[results * taps], new float[results * taps]);
    for (int i = 0; i < results; i++) {
      double at = coordinate(op, axis, i, extent, results);
      boolean crops = op.coordinates() == Resize.Coordinates.TF_CROP_AND_RESIZE;
      if (crops && (at < 0 || at > extent - 1)) {
        Arrays.fill(all.indices, i * taps, (i + 1) * taps, OUTSIDE);
      } else {
        all.put(op, i * taps, at, extent);
      }
    }
    return all;
  }

  private static double coordinate(Resize op, int axis, int i, int extent, int results) {
    double scale = op.scales().get(axis);
    return switch (op.coordinates()) {
      case HALF_PIXEL -> (i + 0.5) / scale - 0.5;
      case HALF_PIXEL_SYMMETRIC -> {
        double adjustment = results / (scale * extent);
        yield extent / 2.0 * (1 - adjustment) + (i + 0.5) / scale - 0.5;
      }
      case PYTORCH_HALF_PIXEL -> results > 1 ? (i + 0.5) / scale - 0.5 : 0;
      case ALIGN_CORNERS -> results > 1 ? i * (extent - 1.0) / (results - 1) : 0;
      case ASYMMETRIC -> i / scale;
      case TF_HALF_PIXEL_FOR_NN -> (i + 0.5) / scale;
      case TF_CROP_AND_RESIZE -> {
        double start = op.regions().get(axis) * (extent - 1);
        double end = op.regions().get(op.extents().size() + axis) * (extent - 1);
        yield results > 1 ? start + i * (end - start) / (results - 1) : 0.5 * (start + end);
      }
      case LITE, LITE_ALIGN_CORNERS, LITE_HALF_PIXEL ->
          lite(op.coordinates(), op.mode(), i, extent, results);
    };
  }

  /** As TFLite computes it: each step is rounded to a float32. */
  private static float lite(
      Resize.Coordinates coordinates, Resize.Mode mode, int i, int extent, int results) {
    boolean aligned = coordinates == Resize.Coordinates.LITE_ALIGN_CORNERS && results > 1;
    float scale = aligned ? (extent - 1) / (float) (results - 1) : (float) extent / (float) results;
    if (coordinates != Resize.Coordinates.LITE_HALF_PIXEL) {
      return i * scale;
    }
    float centre = (i + 0.5f) * scale;
    return mode == Resize.Mode.NEAREST ? centre : centre - 0.5f;
  }

  private void put(Resize op, int first, double at, int extent) {
    if (op.mode() == Resize.Mode.NEAREST) {
      indices[first] = (int) Math.clamp(nearest(op.nearest(), at), 0.0, extent - 1.0);
      weights[first] = 1;
      return;
    }
    double[] shares = shares(op, at - Math.floor(at));
    int lowest = (int) Math.floor(at) - (taps / 2 - 1);
    double sum = 0;
    for (int k = 0; k < taps; k++) {
      boolean outside = lowest + k < 0 || lowest + k >= extent;
      shares[k] = op.excludeOutside() && outside ? 0 : shares[k];
      sum += shares[k];
    }
    for (int k = 0; k < taps; k++) {
      indices[first + k] = Math.clamp(lowest + k, 0, extent - 1);
      weights[first + k] = (float) (op.excludeOutside() ? shares[k] / sum : shares[k]);
    }
  }

  private static double nearest(Resize.Nearest rule, double at) {
    return switch (rule) {
      case ROUND_PREFER_FLOOR -> Math.ceil(at - 0.5);
      case ROUND_PREFER_CEIL -> Math.floor(at + 0.5);
      case FLOOR -> Math.floor(at);
      case CEIL -> Math.ceil(at);
    };
  }

  /** The weights of the entries around a coordinate, which lies {@code t} above the middle one. */
  private static double[] shares(Resize op, double t) {
    if (op.mode() == Resize.Mode.LINEAR) {
      return new double[] {1 - t, t};
    }
    double a = op.cubic();
    double u = 1 - t;
    return new double[] {
      ((a * (t + 1) - 5 * a) * (t + 1) + 8 * a) * (t + 1) - 4 * a,
      ((a + 2) * t - (a + 3)) * t * t + 1,
      ((a + 2) * u - (a + 3)) * u * u + 1,
      ((a * (u + 1) - 5 * a) * (u + 1) + 8 * a) * (u + 1) - 4 * a
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ResizeTaps that
        && taps == that.taps
        && Arrays.equals(indices, that.indices)
        && Arrays.equals(weights, that.weights);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(indices);
  }

  @Override
  public String toString() {
    return taps + " taps at " + Arrays.toString(indices);
  }
}
