package dev.thimble.quant.fold;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;

/**
 * What floats are to be stored as: {@code round(float / scale) + zero point} in an int8 type, whose
 * own scale may be another as with {@link Held}.
 */
record Target(TensorType type, float scale) {
  TensorType of(Shape shape) {
    return type.withShape(shape);
  }

  /** The source's number by the real one. */
  double unit() {
    return (double) scale / type.scale();
  }

  /** The same stored numbers of floats that are multiplied by a number afterwards. */
  Target before(double factor) {
    return new Target(type, (float) (scale / factor));
  }

  /** The stored number of a float. */
  int stored(double real) {
    double rounded = Math.rint(real / scale) + type.zeroPoint();
    return (int) Math.clamp(rounded, type.dtype().min(), type.dtype().max());
  }
}
