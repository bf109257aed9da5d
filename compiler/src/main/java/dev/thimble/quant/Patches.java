package dev.thimble.quant;

import dev.thimble.graph.Node;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.Shape;
import java.util.List;

/**
 * The inputs that one position of an output is computed from, in the order of its filter. Padding
 * is zero.
 */
final class Patches {
  /** Positions taken of a sample for filters of 8 bits; more tell little that is new. */
  static final int FEW = 16;

  /** The same for filters of fewer bits, which follow the samples further. */
  static final int MANY = 48;

  private Patches() {}

  /** Whether a node is one whose patches this knows to read. */
  static boolean reads(Node node) {
    return (node.op() instanceof Conv2d conv && conv.groups() == 1)
        || node.op() instanceof DepthwiseConv2d
        || node.op() instanceof FullyConnected;
  }

  /** The number of inputs of one output. */
  static int length(Node node) {
    Shape filter = node.inputs().get(1).type().shape();
    return filter.elements()
        / (node.op() instanceof DepthwiseConv2d ? filter.dim(3) : filter.dim(0));
  }

  /** Adds so many patches of a sample, from positions that differ from sample to sample. */
  static void add(Node node, float[] input, long number, int most, List<float[]> to) {
    if (node.op() instanceof FullyConnected) {
      int length = length(node);
      int rows = input.length / length;
      for (int row = 0; row < Math.min(rows, most); row++) {
        float[] patch = new float[length];
        System.arraycopy(input, position(row, rows, number, most) * length, patch, 0, length);
        to.add(patch);
      }
      return;
    }
    Shape output = node.output().type().shape();
    int positions = output.elements() / output.dim(3);
    for (int i = 0; i < Math.min(positions, most); i++) {
      to.add(patch(node, input, position(i, positions, number, most)));
    }
  }

  /**
   * The i-th position: all if they are few, else spread by steps that are prime to most extents.
   */
  private static int position(int i, int positions, long number, int most) {
    return positions <= most ? i : (int) ((number * 7919 + i * 10007L) % positions);
  }

  private static float[] patch(Node node, float[] input, int position) {
    if (node.op() instanceof DepthwiseConv2d d) {
      return patch(node, input, position, d.stride(), d.dilation(), d.padding());
    }
    Conv2d c = (Conv2d) node.op();
    return patch(node, input, position, c.stride(), c.dilation(), c.padding());
  }

  private static float[] patch(
      Node node, float[] input, int at, Size2d stride, Size2d dilation, Padding2d padding) {
    Shape in = node.input().type().shape();
    Shape out = node.output().type().shape();
    Shape filter = node.inputs().get(1).type().shape();
    boolean depthwise = node.op() instanceof DepthwiseConv2d;
    int taps = filter.dim(1) * filter.dim(2);
    int depth = filter.dim(3);
    int perInput = depthwise ? filter.dim(3) / in.dim(3) : 1;
    float[] patch = new float[taps * depth];
    int image = at / out.dim(2) / out.dim(1);
    for (int tap = 0; tap < taps; tap++) {
      int y =
          at / out.dim(2) % out.dim(1) * stride.height()
              - padding.top()
              + tap / filter.dim(2) * dilation.height();
      int x =
          at % out.dim(2) * stride.width()
              - padding.left()
              + tap % filter.dim(2) * dilation.width();
      if (y < 0 || y >= in.dim(1) || x < 0 || x >= in.dim(2)) {
        continue;
      }
      int from = ((image * in.dim(1) + y) * in.dim(2) + x) * in.dim(3);
      for (int c = 0; c < depth; c++) {
        // A depthwise patch has the taps of a channel side by side, as they are searched.
        patch[depthwise ? c * taps + tap : tap * depth + c] = input[from + c / perInput];
      }
    }
    return patch;
  }
}
