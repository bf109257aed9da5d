package dev.thimble;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/** The outputs of an inference as numbers that can be compared between float and int8. */
final class Scores {
  private Scores() {}

  /** All outputs' real numbers, one after the other. */
  static double[] of(List<Tensor> outputs) {
    int count = outputs.stream().mapToInt(output -> output.type().elements()).sum();
    double[] all = new double[count];
    int at = 0;
    for (Tensor output : outputs) {
      TensorType type = output.type();
      long[] stored = type.isFloat() ? new long[0] : output.longs();
      for (int i = 0; i < type.elements(); i++) {
        all[at++] =
            type.isFloat()
                ? output.floats()[i]
                : type.isQuantized() ? type.scale() * (stored[i] - type.zeroPoint()) : stored[i];
      }
    }
    return all;
  }

  /**
   * The class that the first output says: its largest score's index, the first of equals; of a
   * single real number, whether it is at least a half; a single integer is the class itself.
   */
  static int classOf(Tensor output, double[] scores) {
    int count = output.type().elements();
    if (count == 1) {
      boolean isClass = !output.type().isFloat() && !output.type().isQuantized();
      return isClass ? (int) scores[0] : scores[0] >= 0.5 ? 1 : 0;
    }
    int best = 0;
    for (int i = 1; i < count; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  /** The mean of the squared differences of as many numbers. */
  static double squaredError(double[] wanted, double[] found) {
    if (wanted.length != found.length) {
      throw new IllegalArgumentException(
          "--score reconstruction is for networks that give as many numbers as they take; this one"
              + " takes "
              + wanted.length
              + " and gives "
              + found.length);
    }
    double sum = 0;
    for (int i = 0; i < wanted.length; i++) {
      sum += (found[i] - wanted[i]) * (found[i] - wanted[i]);
    }
    return sum / wanted.length;
  }

  /** How many classes' scores are before that of a class: larger, or equal and earlier. */
  static int rank(int count, double[] scores, int of) {
    int rank = 0;
    for (int i = 0; i < count; i++) {
      rank += scores[i] > scores[of] || (scores[i] == scores[of] && i < of) ? 1 : 0;
    }
    return rank;
  }
}
