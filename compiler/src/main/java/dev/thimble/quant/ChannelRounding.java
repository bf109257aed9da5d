package dev.thimble.quant;

/**
 * Chooses the elements of one output channel's filter, and with few bits its scale too, by what
 * they do to the channel's output on samples. With the second moments H of the inputs and their
 * products t with the wanted output, the output's squared error is s*s*q'Hq - 2*s*q't and a
 * constant; elements q are changed step by step as long as that falls.
 */
final class ChannelRounding {
  private static final int SWEEPS = 12;

  /** How often a scale is fitted to the elements, and the elements to the scale again. */
  private static final int FITS = 4;

  /** Scales from which the search begins, as parts of the one that loses least by itself. */
  private static final double[] STARTS = {0.7, 0.85, 1, 1.2};

  private final double[] moments;
  private final double[] wanted;
  private final WeightFormat format;
  private final double leastScale;
  private final int length;

  /** Elements, their scale, and the error less a constant. */
  record Choice(int[] elements, double scale, double error) {}

  ChannelRounding(double[] moments, double[] wanted, WeightFormat format, double leastScale) {
    this.moments = moments;
    this.wanted = wanted;
    this.format = format;
    this.leastScale = leastScale;
    this.length = wanted.length;
  }

  /** The best choice of elements by this scale. */
  Choice byScale(float[] weights, double scale) {
    return turned(nearest(weights, scale), scale);
  }

  /** The best choice of elements and scale, near this one. */
  Choice withScale(float[] weights, double scale) {
    Choice best = byScale(weights, scale);
    for (double start : STARTS) {
      double tried = Math.max(scale * start, leastScale);
      Choice choice = byScale(weights, tried);
      for (int i = 0; i < FITS; i++) {
        Choice next = turned(choice.elements(), fitted(choice));
        if (next.error() >= choice.error()) {
          break;
        }
        choice = next;
      }
      best = choice.error() < best.error() ? choice : best;
    }
    return best;
  }

  private int[] nearest(float[] weights, double scale) {
    int[] elements = new int[length];
    for (int i = 0; i < length; i++) {
      elements[i] = format.nearest(weights[i] / scale);
    }
    return elements;
  }

  /** The scale by which these elements lose least; a float32, as it is stored. */
  private double fitted(Choice choice) {
    double product = 0;
    double square = 0;
    int[] q = choice.elements();
    for (int i = 0; i < length; i++) {
      product += q[i] * wanted[i];
      square += q[i] * row(q, i);
    }
    double scale = square > 0 ? (float) (product / square) : 0;
    return scale > leastScale && scale >= Float.MIN_NORMAL ? scale : choice.scale();
  }

  private double row(int[] elements, int i) {
    double sum = 0;
    for (int j = 0; j < length; j++) {
      sum += moments[i * length + j] * elements[j];
    }
    return sum;
  }

  /** Changes elements while the error falls. */
  private Choice turned(int[] from, double scale) {
    int[] elements = from.clone();
    double[] slope = new double[length];
    for (int i = 0; i < length; i++) {
      slope[i] = scale * row(elements, i) - wanted[i];
    }
    boolean changed = true;
    for (int sweep = 0; sweep < SWEEPS && changed; sweep++) {
      changed = false;
      for (int i = 0; i < length; i++) {
        // The error is a parabola of each element: only the side towards its middle can be lower.
        int by = slope[i] > 0 ? -format.step() : format.step();
        double step = by * scale;
        double change = 2 * step * slope[i] + step * step * moments[i * length + i];
        if (change < 0 && format.holds(elements[i] + by)) {
          elements[i] += by;
          for (int j = 0; j < length; j++) {
            slope[j] += step * moments[i * length + j];
          }
          changed = true;
        }
      }
    }
    double error = 0;
    for (int i = 0; i < length; i++) {
      // The slope is s*Hq - t, so this sums to s*s*q'Hq - 2*s*q't.
      error += scale * elements[i] * (slope[i] - wanted[i]);
    }
    return new Choice(elements, scale, error);
  }
}
