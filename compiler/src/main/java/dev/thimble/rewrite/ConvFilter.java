package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The constant int8 filter of a convolution or a fully connected node, seen as [outputs, taps,
 * channels of a group]. A tap is a row and column of the window; for a fully connected node that
 * reads a flattened map, it is a position of the map.
 */
final class ConvFilter {
  private final Tensor data;
  private final int taps;
  private final int groupChannels;
  private final int groupOutputs;
  private final boolean[] reads;

  private ConvFilter(Tensor data, int taps, int groupChannels, int groups) {
    this.data = data;
    this.taps = taps;
    this.groupChannels = groupChannels;
    this.groupOutputs = data.shape().dim(0) / groups;
    this.reads = new boolean[data.shape().dim(0) * groupChannels];
    int[] weights = data.ints();
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] != 0) {
        reads[i / (taps * groupChannels) * groupChannels + i % groupChannels] = true;
      }
    }
  }

  /** Whether a node's filter and bias are constants. */
  static boolean isConstant(Graph graph, Node node) {
    return graph.isConstant(node.inputs().get(1)) && graph.isConstant(node.inputs().get(2));
  }

  /** The filter of a convolution, OHWI. */
  static ConvFilter of(Graph graph, Node node, int groups) {
    Tensor data = graph.constant(node.inputs().get(1)).orElseThrow();
    Shape shape = data.shape();
    return new ConvFilter(data, shape.dim(1) * shape.dim(2), shape.dim(3), groups);
  }

  /** The filter [O, I] of a fully connected node whose input's channels divide I. */
  static ConvFilter ofConnected(Graph graph, Node node) {
    Tensor data = graph.constant(node.inputs().get(1)).orElseThrow();
    int channels = KnownChannels.channels(node.input().type().shape());
    return new ConvFilter(data, data.shape().dim(1) / channels, channels, 1);
  }

  int outputs() {
    return data.shape().dim(0);
  }

  int taps() {
    return taps;
  }

  /** The weight by which an output takes an input channel at a tap; 0 outside its group. */
  int weight(int output, int tap, int channel) {
    return isInGroup(output, channel)
        ? data.ints()[(output * taps + tap) * groupChannels + channel % groupChannels]
        : 0;
  }

  /** Whether an output has a weight other than 0 for an input channel. */
  boolean reads(int output, int channel) {
    return isInGroup(output, channel) && reads[output * groupChannels + channel % groupChannels];
  }

  /** Whether all input channels that an output reads are such. */
  boolean readsOnly(int output, IntPredicate channels) {
    int first = output / groupOutputs * groupChannels;
    for (int channel = first; channel < first + groupChannels; channel++) {
      if (reads(output, channel) && !channels.test(channel)) {
        return false;
      }
    }
    return true;
  }

  /** A convolution's filter of one group, with these outputs and input channels only. */
  Tensor dense(List<Integer> outputs, List<Integer> channels) {
    TensorType type = data.type();
    QuantParams quant =
        type.quant() instanceof QuantParams.PerChannel p ? p.select(outputs) : type.quant();
    Shape shape = type.shape().with(0, outputs.size()).with(3, channels.size());
    int[] weights = new int[shape.elements()];
    int at = 0;
    for (int output : outputs) {
      for (int tap = 0; tap < taps; tap++) {
        for (int channel : channels) {
          weights[at++] = weight(output, tap, channel);
        }
      }
    }
    return Tensor.ofInts(new TensorType(type.dtype(), shape, quant), weights);
  }

  private boolean isInGroup(int output, int channel) {
    return output / groupOutputs == channel / groupChannels;
  }
}
