package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.op.AtLeast;
import dev.thimble.op.DifferenceAtLeast;
import dev.thimble.op.Op;
import dev.thimble.op.Rounding;
import dev.thimble.op.Softmax;
import dev.thimble.op.Unary;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * {@code --threshold X}: the network answers 1 where a probability is at least X, else 0, without
 * computing the probability. Not a rule: it changes what the network computes, so it is applied to
 * the network as imported.
 */
public final class Threshold {
  private static final int LOWEST = DType.INT8.minValue();
  private static final int HIGHEST = DType.INT8.maxValue();
  private static final int STORED = HIGHEST - LOWEST + 1;

  private Threshold() {}

  /**
   * Sigmoid(x) as the output becomes AtLeast(x), and int8 Softmax(x) of two classes becomes
   * DifferenceAtLeast(x), as uint8. Exact: the flag is 1 just where the probability that the
   * reference evaluation stores stands for a number that is at least {@code threshold}. For int8
   * all 256 inputs, or 65,536 pairs, have been tried. For a float sigmoid the boundary is the least
   * float at which it holds, found by bisection, which takes the evaluated sigmoid to be monotone;
   * an exponential function that is not, by a last bit next to the boundary, can differ there.
   *
   * <p>Throws {@link IllegalArgumentException}, with the remedy, when the threshold is not between
   * 0 and 1, for several outputs, and for any other output.
   */
  public static Graph apply(Graph graph, double threshold, Rounding rounding) {
    if (!(threshold > 0 && threshold < 1)) {
      throw new IllegalArgumentException(
          "--threshold must be a probability between 0 and 1, was " + threshold);
    }
    FinalNode last = FinalNode.of(graph, "--threshold");
    Node node =
        last.producer()
            .orElseThrow(() -> new IllegalArgumentException(unsupported(last, "no node")));
    TensorType flags = TensorType.of(DType.UINT8, node.output().type().shape());
    return last.decidedBy(decision(last, node, threshold, rounding), node.input(), flags);
  }

  private static Op decision(FinalNode last, Node node, double threshold, Rounding rounding) {
    if (node.op() instanceof Unary unary && unary.function() == Unary.Function.SIGMOID) {
      return node.input().type().isFloat()
          ? new AtLeast(floatBoundary(unary, threshold, rounding))
          : new AtLeast(storedBoundary(node, unary, threshold, rounding));
    }
    if (node.op() instanceof Softmax softmax) {
      return difference(node, softmax, threshold, rounding);
    }
    throw new IllegalArgumentException(unsupported(last, node.place()));
  }

  private static String unsupported(FinalNode last, String found) {
    return "--threshold needs an output that a sigmoid or a softmax of two classes computes; '"
        + last.output().name()
        + "' is computed by "
        + found
        + "; end the network in a sigmoid, or use --classify";
  }

  /** The least stored input with a probability of at least the threshold; 128 if none has. */
  private static int storedBoundary(Node node, Unary sigmoid, double threshold, Rounding rounding) {
    TensorType to = node.output().type();
    ValueTable table = ValueTable.of(sigmoid, node.input().type(), to, rounding);
    int boundary = HIGHEST + 1;
    while (boundary > LOWEST && reaches(to, table.at(boundary - 1), threshold)) {
      boundary--;
    }
    for (int stored = LOWEST; stored < boundary; stored++) {
      if (reaches(to, table.at(stored), threshold)) {
        throw new IllegalArgumentException(
            "--threshold: "
                + node.place()
                + " is not monotone at the stored input "
                + stored
                + "; compile without --threshold and compare the probability");
      }
    }
    return boundary;
  }

  /** The least float at which the sigmoid, as evaluated, is at least the threshold. */
  private static double floatBoundary(Unary sigmoid, double threshold, Rounding rounding) {
    int low = ordered(Float.NEGATIVE_INFINITY);
    int high = ordered(Float.POSITIVE_INFINITY);
    while (high - (long) low > 1) {
      int middle = (int) (((long) low + high) >> 1);
      TensorType type = TensorType.float32(1);
      Tensor input = Tensor.ofFloats(type, Float.intBitsToFloat(ordered(middle)));
      if (sigmoid.evaluate(List.of(input), type, rounding).floats()[0] >= threshold) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return Float.intBitsToFloat(ordered(high));
  }

  private static int ordered(float value) {
    return ordered(Float.floatToIntBits(value));
  }

  /** The bits of floats as integers in the floats' order, and back. */
  private static int ordered(int bits) {
    return bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
  }

  private static Op difference(Node node, Softmax softmax, double threshold, Rounding rounding) {
    TensorType from = node.input().type();
    if (from.shape().dim(-1) != 2) {
      throw new IllegalArgumentException(
          "--threshold: "
              + node.place()
              + " has "
              + from.shape().dim(-1)
              + " classes, a threshold decides between two; use --classify");
    }
    if (from.isFloat()) {
      throw new IllegalArgumentException(
          "--threshold: "
              + node.place()
              + " is a float softmax, whose probability does not depend on the difference of its"
              + " inputs alone; quantise the network with --calibrate, or use --classify");
    }
    TensorType to = node.output().type();
    int[] results =
        softmax
            .evaluate(List.of(allPairs(from)), to.withShape(Shape.of(STORED * STORED, 2)), rounding)
            .ints();
    return new DifferenceAtLeast(
        differenceBoundary(node, results, 0, threshold),
        differenceBoundary(node, results, 1, threshold));
  }

  private static Tensor allPairs(TensorType from) {
    int[] pairs = new int[STORED * STORED * 2];
    for (int i = 0; i < STORED * STORED; i++) {
      pairs[2 * i] = LOWEST + i / STORED;
      pairs[2 * i + 1] = LOWEST + i % STORED;
    }
    return Tensor.ofInts(from.withShape(Shape.of(STORED * STORED, 2)), pairs);
  }

  /** The least difference to the other class with a probability of at least the threshold. */
  private static int differenceBoundary(Node node, int[] results, int entry, double threshold) {
    TensorType to = node.output().type();
    int least = STORED;
    int greatestBelow = -STORED;
    for (int i = 0; i < STORED * STORED; i++) {
      int difference = (entry == 0 ? 1 : -1) * (i / STORED - i % STORED);
      if (reaches(to, results[2 * i + entry], threshold)) {
        least = Math.min(least, difference);
      } else {
        greatestBelow = Math.max(greatestBelow, difference);
      }
    }
    if (greatestBelow >= least) {
      throw new IllegalArgumentException(
          "--threshold: the probability of "
              + node.place()
              + " does not depend on the difference of its inputs alone at "
              + threshold
              + "; choose another threshold, or use --classify");
    }
    return least;
  }

  /**
   * Whether the real number that a stored probability stands for is at least the threshold. A float
   * scale times a difference of at most nine bits is exact in double.
   */
  private static boolean reaches(TensorType type, int stored, double threshold) {
    return (double) type.scale() * (stored - type.zeroPoint()) >= threshold;
  }
}
