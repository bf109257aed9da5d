package dev.thimble.cli.bench;

import dev.thimble.graph.Node;
import dev.thimble.op.Binary;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Lstm;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.Shape;
import java.util.Optional;

/** Nodes whose kernels do alike work, so that their cost per unit of it compares. */
enum NodeClass {
  FIRST("first layer, 1 to 4 channels in"),
  DEPTHWISE("depthwise"),
  POINTWISE_FEW("pointwise, to 8 channels in"),
  POINTWISE_SOME("pointwise, 9 to 31 channels in"),
  POINTWISE_MANY("pointwise, from 32 channels in"),
  CONVOLUTION("other convolutions"),
  FULLY_CONNECTED("fully connected"),
  ADD("add, per element");

  private static final int FIRST_CHANNELS = 4;
  private static final int FEW_CHANNELS = 8;
  private static final int MANY_CHANNELS = 32;

  private final String text;

  NodeClass(String text) {
    this.text = text;
  }

  /** What pages call it. */
  String text() {
    return text;
  }

  /** The class of a node; nothing for nodes whose share of the time is small everywhere. */
  static Optional<NodeClass> of(Node node) {
    return switch (node.op()) {
      case Conv2d conv -> Optional.of(ofConvolution(conv, node));
      case DepthwiseConv2d depthwise -> Optional.of(DEPTHWISE);
      case FullyConnected fc -> Optional.of(FULLY_CONNECTED);
      case Binary binary when binary.function() == Binary.Function.ADD -> Optional.of(ADD);
      case SingleOutputOp other -> Optional.empty();
      case Lstm lstm -> Optional.empty();
    };
  }

  private static NodeClass ofConvolution(Conv2d conv, Node node) {
    Shape filter = node.inputs().get(1).type().shape();
    int channels = filter.dim(3);
    if (channels <= FIRST_CHANNELS && conv.groups() == 1) {
      return FIRST;
    }
    if (!new Size2d(filter.dim(1), filter.dim(2)).equals(Size2d.ONE) || conv.groups() > 1) {
      return CONVOLUTION;
    }
    if (channels <= FEW_CHANNELS) {
      return POINTWISE_FEW;
    }
    return channels < MANY_CHANNELS ? POINTWISE_SOME : POINTWISE_MANY;
  }

  /** What a node's cost is divided by: its multiply-accumulates, or its elements without any. */
  static long units(Node node) {
    return node.macs() > 0 ? node.macs() : node.output().type().elements();
  }
}
