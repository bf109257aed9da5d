package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;

/** What becomes of an element where an update falls on it. */
public enum ScatterReduction {
  /** The update takes its place; of several, the last. */
  NONE,
  ADD,
  MUL,
  MIN,
  MAX;

  /** Requires elements that this can combine as they are stored. */
  void check(TensorType type) {
    boolean computes = this == ADD || this == MUL;
    Checks.require(
        !computes || (!type.isQuantized() && type.dtype() != DType.BOOL),
        name() + " takes float32 and integers that stand for themselves, is given " + type);
  }

  /**
   * The elements of {@code data} with the updates at these places; nothing is at a place below 0.
   */
  Tensor scatter(Tensor data, Tensor updates, int[] places, TensorType output) {
    if (output.isFloat()) {
      float[] results = data.floats().clone();
      for (int i = 0; i < places.length; i++) {
        if (places[i] >= 0) {
          results[places[i]] = combined(results[places[i]], updates.floats()[i]);
        }
      }
      return Tensor.ofFloats(output, results);
    }
    long[] results = data.longs().clone();
    long[] added = updates.longs();
    for (int i = 0; i < places.length; i++) {
      if (places[i] >= 0) {
        results[places[i]] =
            ReduceEvaluation.wrapped(output.dtype(), combined(results[places[i]], added[i]));
      }
    }
    return Tensor.ofLongs(output, results);
  }

  private float combined(float so, float update) {
    return switch (this) {
      case NONE -> update;
      case ADD -> so + update;
      case MUL -> so * update;
      case MIN -> update < so || Float.isNaN(update) ? update : so;
      case MAX -> update > so || Float.isNaN(update) ? update : so;
    };
  }

  private long combined(long so, long update) {
    return switch (this) {
      case NONE -> update;
      case ADD -> so + update;
      case MUL -> so * update;
      case MIN -> Math.min(so, update);
      case MAX -> Math.max(so, update);
    };
  }
}
