package dev.thimble.op;

import java.util.List;

/**
 * An op that treats elements by where they stand: it moves them, or it computes along an axis. What
 * is known of channels does not pass through it, and it ends in no activation, so that the rewrites
 * that argue by channels leave it alone, each with a single case for all of these ops.
 */
public sealed interface PositionalOp extends SingleOutputOp
    permits ArgReduce,
        BatchToSpace,
        Concat,
        CumulativeSum,
        DepthToSpace,
        Expand,
        Gather,
        GatherElements,
        GatherNd,
        OneHot,
        Resize,
        Reverse,
        ReverseSequence,
        ScatterElements,
        ScatterNd,
        Slice,
        SpaceToBatch,
        SpaceToDepth,
        Tile,
        TopK,
        Transpose,
        Triangle {

  /** Requires axes that are listed in increasing order. */
  static void requireAxes(List<Integer> axes) {
    for (int i = 0; i < axes.size(); i++) {
      Checks.require(
          axes.get(i) >= 0 && (i == 0 || axes.get(i) > axes.get(i - 1)),
          "axes must be >= 0 and increase, were " + axes);
    }
  }
}
