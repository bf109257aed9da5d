package dev.thimble.quant;

import dev.thimble.graph.Graph;
import java.util.function.Predicate;

/**
 * How far the search for mixed precision goes.
 *
 * @param mostLoss the percentage of samples that may be decided otherwise than by the float
 *     network, or, of a network without classes, of squared error that outputs may have; 100 for
 *     any
 * @param fits whether a network is small enough: from then on no filter loses bits any more
 */
public record MixedLimits(double mostLoss, Predicate<Graph> fits) {
  /** Any loss. */
  public static final double ANY_LOSS = 100;

  /** Limits for formats that have been found already. */
  public static final MixedLimits NONE = new MixedLimits(ANY_LOSS, graph -> true);
}
