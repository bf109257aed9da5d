package dev.thimble.op;

import dev.thimble.tensor.Shape;
import java.util.Arrays;

/**
 * The two entries of one axis that each entry of a quantised bilinear map combines, and the share
 * of the second in units of 1/1024: rule Q52 of quantization.md.
 */
public record ResizeFractions(int[] lower, int[] upper, int[] fractions) {
  /** The units of a whole. */
  public static final int ONE = 1 << 10;

  /** The entries of one axis; throws where the reference would read outside of it. */
  public static ResizeFractions of(Resize op, Shape input, int axis) {
    int extent = input.dim(axis);
    int results = op.extents().get(axis);
    boolean aligned = op.coordinates() == Resize.Coordinates.LITE_ALIGN_CORNERS && results > 1;
    int from = aligned ? extent - 1 : extent;
    int to = aligned ? results - 1 : results;
    int scale = (ONE * from + to / 2) / to;
    ResizeFractions all = new ResizeFractions(new int[results], new int[results], new int[results]);
    for (int i = 0; i < results; i++) {
      int at = i * scale;
      if (op.coordinates() == Resize.Coordinates.LITE_HALF_PIXEL) {
        at += scale / 2 - ONE / 2;
      }
      all.lower[i] = Math.max(at / ONE, 0);
      all.upper[i] = Math.min((at + ONE - 1) / ONE, extent - 1);
      all.fractions[i] = at - ONE * all.lower[i];
      Checks.require(
          all.lower[i] < extent,
          "rounded coordinates of axis " + axis + " leave the input " + input);
    }
    return all;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ResizeFractions that
        && Arrays.equals(lower, that.lower)
        && Arrays.equals(upper, that.upper)
        && Arrays.equals(fractions, that.fractions);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fractions);
  }

  @Override
  public String toString() {
    return Arrays.toString(lower) + " and " + Arrays.toString(fractions);
  }
}
