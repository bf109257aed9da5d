package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.op.Bias;
import dev.thimble.op.Conv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A node that can do without a channel of its input, since its bias can take over what the channel
 * contributes: a convolution of one group or a fully connected node, with constant filter and bias.
 */
final class Absorber {
  private static final int OUTSIDE = -1;

  private final Node node;
  private final ConvFilter filter;
  private final int[] bias;
  private final int bits;
  private final KnownChannels input;
  private final int zeroPoint;
  private final Geometry geometry;
  private final boolean[] silent;

  /** Which position of the input each tap reads; one for all taps of all output positions. */
  private record Geometry(
      Shape input, Shape output, Size2d kernel, Size2d stride, Size2d dilation, Padding2d padding) {

    int positions() {
      return output.elements() / output.dim(3);
    }

    /** The input's position, or {@link #OUTSIDE} for padding. */
    int at(int position, int tap) {
      int column = position % output.dim(2);
      int row = position / output.dim(2) % output.dim(1);
      int image = position / output.dim(2) / output.dim(1);
      int y = row * stride.height() - padding.top() + tap / kernel.width() * dilation.height();
      int x = column * stride.width() - padding.left() + tap % kernel.width() * dilation.width();
      return y < 0 || y >= input.dim(1) || x < 0 || x >= input.dim(2)
          ? OUTSIDE
          : (image * input.dim(1) + y) * input.dim(2) + x;
    }
  }

  private Absorber(Graph graph, Node node, ConvFilter filter, KnownChannels input, Geometry shape) {
    this.node = node;
    this.filter = filter;
    Tensor constant = graph.constant(node.inputs().get(2)).orElseThrow();
    this.bias = constant.ints();
    this.bits = Bias.bits(constant.type());
    this.input = input;
    this.zeroPoint = node.input().type().zeroPoint();
    this.geometry = shape;
    this.silent = new boolean[input.channels()];
    for (int channel : input.list()) {
      silent[channel] = input.isFilledWith(channel, zeroPoint);
    }
  }

  /** The node as an absorber, if it is one. */
  static Optional<Absorber> of(Graph graph, Node node, ChannelKnowledge knowledge) {
    if (!isAbsorber(graph, node)) {
      return Optional.empty();
    }
    KnownChannels input = knowledge.of(node.input());
    if (node.op() instanceof Conv2d conv) {
      ConvFilter filter = ConvFilter.of(graph, node, 1);
      return Optional.of(new Absorber(graph, node, filter, input, geometry(node, conv)));
    }
    ConvFilter filter = ConvFilter.ofConnected(graph, node);
    // Each row of the matrix product is an output position whose taps are its own positions.
    Shape rows = Shape.of(1, input.positions(), 1, input.channels());
    Size2d taps = new Size2d(filter.taps(), 1);
    Shape output = Shape.of(1, input.positions() / filter.taps(), 1, filter.outputs());
    return Optional.of(
        new Absorber(
            graph,
            node,
            filter,
            input,
            new Geometry(rows, output, taps, taps, Size2d.ONE, Padding2d.NONE)));
  }

  /** Whether a node is one whose input channels and output channels can be removed singly. */
  static boolean isAbsorber(Graph graph, Node node) {
    if (!ValueTable.describes(node.output().type())) {
      return false;
    }
    if (node.op() instanceof Conv2d conv) {
      return conv.groups() == 1 && ConvFilter.isConstant(graph, node);
    }
    return node.op() instanceof FullyConnected
        && ConvFilter.isConstant(graph, node)
        && node.inputs().get(1).type().shape().dim(1)
                % KnownChannels.channels(node.input().type().shape())
            == 0;
  }

  private static Geometry geometry(Node node, Conv2d conv) {
    Shape filter = node.inputs().get(1).type().shape();
    return new Geometry(
        node.input().type().shape(),
        node.output().type().shape(),
        new Size2d(filter.dim(1), filter.dim(2)),
        conv.stride(),
        conv.dilation(),
        conv.padding());
  }

  Node node() {
    return node;
  }

  int inputs() {
    return input.channels();
  }

  int outputs() {
    return bias.length;
  }

  /** The bias in its own units, which may be parts of the accumulator's. */
  int bias(int output) {
    return bias[output];
  }

  /**
   * What an input channel adds to an output's accumulator, in units of the bias, where that is the
   * same number at every position, borders included; else nothing. An unread channel adds 0 and
   * need not be known.
   */
  OptionalLong contribution(int output, int channel) {
    if (!filter.reads(output, channel)) {
      return OptionalLong.of(0);
    }
    if (!input.isKnown(channel)) {
      return OptionalLong.empty();
    }
    if (silent[channel]) {
      return OptionalLong.of(0);
    }
    long first = sum(output, channel, 0);
    for (int position = geometry.positions() - 1; position > 0; position--) {
      if (sum(output, channel, position) != first) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.of(first << bits);
  }

  private long sum(int output, int channel, int position) {
    long sum = 0;
    for (int tap = filter.taps() - 1; tap >= 0; tap--) {
      int at = geometry.at(position, tap);
      if (at != OUTSIDE) {
        sum += (long) filter.weight(output, tap, channel) * (input.at(at, channel) - zeroPoint);
      }
    }
    return sum;
  }
}
