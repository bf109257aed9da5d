package dev.thimble.op;

import dev.thimble.tensor.TensorType;

/**
 * What a sigmoid or hyperbolic tangent of int16 elements needs: rules Q32 and Q33 of
 * quantization.md. An element times {@code multiplier}, shifted right by {@code shift} with
 * rounding, is looked up in a table of the sigmoid, between whose entries the result lies on a
 * line.
 */
public record CurveQuantization(int multiplier, int shift) {
  private static final int ENTRIES = 256;
  private static final int HIGHEST = 0xFFFF;

  /** The constants of a sigmoid. */
  public static CurveQuantization ofSigmoid(TensorType input, TensorType output) {
    return of(input, output, 0);
  }

  /** The constants of a hyperbolic tangent. */
  public static CurveQuantization ofTanh(TensorType input, TensorType output) {
    return of(input, output, 1);
  }

  private static CurveQuantization of(TensorType input, TensorType output, int mostShift) {
    Checks.symmetric(input);
    Checks.require(
        output.scale() == 1f / 32768 && output.zeroPoint() == 0,
        "output must have scale 1/32768 and zero point 0, is " + output);
    float logarithm = (float) Math.log(input.scale()) * (1f / (float) Math.log(2));
    float rounded = FixedPoint.roundHalfAway(logarithm);
    int power = 12 + (int) rounded;
    if (Math.abs(logarithm - rounded) < 1e-3f && power >= 0 && power <= mostShift) {
      return new CurveQuantization(3 << power, 0);
    }
    double real = (double) input.scale() * 4096.0 * 3.0;
    int shift = 0;
    while (real <= 32767.0 / 2.0 && shift <= 30) {
      shift++;
      real *= 2;
    }
    Checks.require(real <= 32767, "input scale " + input.scale() + " is too large");
    return new CurveQuantization((int) real, shift);
  }

  /** The sigmoid of i / 24 in units of 1/65536, each midway between the curve and its chords. */
  public static int[] table() {
    int[] table = new int[ENTRIES];
    for (int i = 0; i < ENTRIES; i++) {
      double s = 1 / (1 + Math.exp(-i / 24.0));
      double bend = s * (1 - s) * (1 - 2 * s) / (16 * 24 * 24);
      table[i] = (int) Math.floor((s - bend) * (HIGHEST + 1) + 0.5);
    }
    table[ENTRIES - 1] = HIGHEST;
    return table;
  }

  private int scaled(int stored) {
    int round = shift > 0 ? 1 << (shift - 1) : 0;
    return (stored * multiplier + round) >> shift;
  }

  /** The stored sigmoid of a stored element. */
  public int sigmoid(int stored, int[] table) {
    int x = scaled(stored);
    int magnitude = Math.abs(x);
    int at = magnitude >> 9;
    int result =
        at >= ENTRIES - 1
            ? 0x7FFF << 10
            : (table[at] << 9) + (magnitude & 0x1FF) * (table[at + 1] - table[at]);
    result = x >= 0 ? result + (1 << 9) : (1 << 25) - result + (1 << 9) - 1;
    return result >> 10;
  }

  /** The stored hyperbolic tangent of a stored element. */
  public int tanh(int stored, int[] table) {
    int x = scaled(stored);
    int magnitude = Math.abs(x);
    int at = magnitude >> 8;
    int result =
        at >= ENTRIES - 1
            ? HIGHEST << 8
            : (table[at] << 8) + (magnitude & 0xFF) * (table[at + 1] - table[at]);
    result = x >= 0 ? result - (1 << 23) + (1 << 7) : -result + (1 << 23) + (1 << 7) - 1;
    return result >> 8;
  }
}
