package dev.thimble.op;

/**
 * How a 32-bit accumulator is scaled down by a fixed-point multiplier. Both ways are in use, and
 * networks' recorded outputs differ by them.
 */
public enum Rounding {
  /**
   * A rounding doubling high multiply, then a rounding shift (half away from zero): gemmlowp,
   * TensorFlow Lite Micro, CMSIS-NN.
   */
  DOUBLE,
  /** One rounding shift (half up) of the 64-bit product: TFLITE_SINGLE_ROUNDING, ruy, XNNPACK. */
  SINGLE
}
