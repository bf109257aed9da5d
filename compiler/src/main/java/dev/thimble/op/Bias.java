package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;

/**
 * The biases of a quantised node with a filter, in units of the scale {@code s_in * s_w[o]} of its
 * sums: whole numbers, and for some nodes a fraction beside them. A tensor of int32 holds them: one
 * without a scale is whole, one of the scale 2^-k and zero point 0, k from 1 to {@link #MAX_BITS},
 * counts in that part of a unit. Rules Q6 and Q70 of quantization.md.
 *
 * @param whole for each channel the greatest whole number that is not above the bias
 * @param fractions for each channel what remains, in units of 2^-8; none where all are whole
 */
public record Bias(int[] whole, int[] fractions) {
  /** The most bits of a fraction. */
  public static final int MAX_BITS = 8;

  /** Whether a type is that of biases with fractions. */
  public static boolean isFractional(TensorType type) {
    return type.dtype() == DType.INT32 && type.isQuantized();
  }

  /** The bits below the unit: k for the scale 2^-k, 0 for a type without fractions. */
  public static int bits(TensorType type) {
    return isFractional(type) ? -Math.getExponent(type.scale()) : 0;
  }

  /** The type of the biases of so many channels with so many bits below the unit, 0 to 8. */
  public static TensorType type(int channels, int bits) {
    QuantParams quant =
        bits == 0 ? QuantParams.NONE : new QuantParams.PerTensor(Math.scalb(1f, -bits), 0);
    return new TensorType(DType.INT32, Shape.of(channels), quant);
  }

  /** The biases that a constant of int32 holds. */
  public static Bias of(Tensor tensor) {
    int bits = bits(tensor.type());
    int[] stored = tensor.ints();
    if (bits == 0) {
      return new Bias(stored, new int[0]);
    }
    int mask = (1 << bits) - 1;
    return new Bias(
        Arrays.stream(stored).map(b -> b >> bits).toArray(),
        Arrays.stream(stored).map(b -> (b & mask) << (MAX_BITS - bits)).toArray());
  }

  /** Requires int32, without a scale or with one that {@link Bias} names. */
  static void check(TensorType type) {
    boolean known =
        switch (type.quant()) {
          case QuantParams.None n -> true;
          case QuantParams.PerTensor p -> {
            int bits = bits(type);
            yield p.zeroPoint() == 0
                && bits >= 1
                && bits <= MAX_BITS
                && p.scale() == Math.scalb(1f, -bits);
          }
          case QuantParams.PerChannel p -> false;
        };
    Checks.require(
        type.dtype() == DType.INT32 && known,
        "bias must be int32, in whole units or of the scale 2^-1 to 2^-8, is " + type);
  }
}
