package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.ArgMax;
import dev.thimble.op.AtLeast;
import dev.thimble.op.Binary;
import dev.thimble.op.Cast;
import dev.thimble.op.Compare;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Dequantize;
import dev.thimble.op.DifferenceAtLeast;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Lstm;
import dev.thimble.op.MatMul;
import dev.thimble.op.MixedConv2d;
import dev.thimble.op.Normalization;
import dev.thimble.op.Pad;
import dev.thimble.op.Parametric;
import dev.thimble.op.Pool2d;
import dev.thimble.op.PositionalOp;
import dev.thimble.op.Quantize;
import dev.thimble.op.RecurrentOp;
import dev.thimble.op.Reduce;
import dev.thimble.op.Requantize;
import dev.thimble.op.Reshape;
import dev.thimble.op.Softmax;
import dev.thimble.op.TransposedConv2d;
import dev.thimble.op.Unary;
import dev.thimble.op.Where;
import dev.thimble.op.WindowPool2d;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which channels of which values must go or stay together. A pool's output has its input's
 * channels, so a channel leaves both or neither; a function of two inputs ties both and the result.
 * Convolutions of one group and fully connected nodes tie nothing: they are {@link Absorber}s.
 * Channels that cannot go, since the interface shows them or an op reads across channels, are
 * struck from the start.
 */
final class ChannelClasses {
  /** One channel of one value. */
  record Member(Value value, int channel) {}

  private final Graph graph;
  private final Map<Value, Integer> first = new HashMap<>();
  private final List<Member> members = new ArrayList<>();
  private int[] parents = new int[0];
  private final List<List<Member>> classes = new ArrayList<>();
  private final List<Integer> struck = new ArrayList<>();

  ChannelClasses(Graph graph) {
    this.graph = graph;
    graph.inputs().forEach(this::number);
    graph.states().forEach(state -> number(state.current()));
    graph.nodes().forEach(node -> node.outputs().forEach(this::number));
    parents = new int[members.size()];
    for (int i = 0; i < parents.length; i++) {
      parents[i] = i;
    }
    graph.nodes().forEach(this::tie);
    graph.inputs().forEach(this::strike);
    graph.outputs().forEach(this::strike);
    graph.states().forEach(state -> strike(state.current()));
    graph.states().forEach(state -> strike(state.next()));
    for (int i = 0; i < parents.length; i++) {
      classes.add(new ArrayList<>());
    }
    for (int i = 0; i < parents.length; i++) {
      classes.get(find(i)).add(members.get(i));
    }
  }

  /** One more than the highest number of a class. */
  int size() {
    return parents.length;
  }

  /** The number of the class of a channel; values that are constants have none. */
  int classOf(Value value, int channel) {
    return find(number(value, channel));
  }

  /** Whether the value's channels are in classes: it is no constant. */
  boolean holds(Value value) {
    return first.containsKey(value);
  }

  /** The channels in a class. */
  List<Member> members(int number) {
    return classes.get(number);
  }

  /** The classes that cannot go whatever else does; some may be listed twice. */
  List<Integer> struck() {
    return struck.stream().map(this::find).toList();
  }

  private void number(Value value) {
    first.put(value, members.size());
    int channels = KnownChannels.channels(value.type().shape());
    for (int channel = 0; channel < channels; channel++) {
      members.add(new Member(value, channel));
    }
  }

  private int number(Value value, int channel) {
    Integer start = first.get(value);
    if (start == null) {
      throw new IllegalArgumentException("'" + value.name() + "' is a constant");
    }
    return start + channel;
  }

  private int find(int number) {
    int root = number;
    while (parents[root] != root) {
      parents[root] = parents[parents[root]];
      root = parents[root];
    }
    return root;
  }

  private void unite(Value a, int channelOfA, Value b, int channelOfB) {
    parents[find(number(a, channelOfA))] = find(number(b, channelOfB));
  }

  private void strike(Value value) {
    if (first.containsKey(value)) {
      for (int c = KnownChannels.channels(value.type().shape()) - 1; c >= 0; c--) {
        struck.add(number(value, c));
      }
    }
  }

  private void strikeAll(Node node) {
    node.inputs().forEach(this::strike);
    node.outputs().forEach(this::strike);
  }

  private void tie(Node node) {
    boolean quantized =
        ValueTable.describes(node.output().type())
            && ValueTable.describes(node.input().type())
            && node.output().type().shape().rank() > 0
            && node.input().type().shape().rank() > 0;
    if (!quantized) {
      strikeAll(node);
      return;
    }
    switch (node.op()) {
      case Conv2d conv -> filtered(node, conv.groups());
      case DepthwiseConv2d conv ->
          filtered(node, KnownChannels.channels(node.input().type().shape()));
      case FullyConnected connected -> {
        if (!Absorber.isAbsorber(graph, node)) {
          strikeAll(node);
        }
      }
      case Binary binary -> node.inputs().forEach(operand -> operand(node, operand));
      case Reshape reshape -> reshape(node);
      case Pool2d pool -> reshape(node);
      case Parametric parametric -> reshape(node);
      case Cast cast -> strikeAll(node);
      case Compare compare -> strikeAll(node);
      case Where where -> strikeAll(node);
      case Unary unary -> reshape(node);
      case Quantize quantize -> reshape(node);
      case Pad pad -> reshape(node);
      case Reduce reduce -> {
        if (reduce.axes().contains(node.input().type().shape().rank() - 1)) {
          strikeAll(node);
        } else {
          reshape(node);
        }
      }
      case Lstm lstm -> strikeAll(node);
      case RecurrentOp recurrent -> strikeAll(node);
      case TransposedConv2d conv -> strikeAll(node);
      case MixedConv2d conv -> strikeAll(node);
      case Requantize quantize -> strikeAll(node);
      case MatMul product -> strikeAll(node);
      case WindowPool2d pool -> reshape(node);
      case Normalization norm -> strikeAll(node);
      case PositionalOp positional -> strikeAll(node);
      case Softmax softmax -> strikeAll(node);
      case ArgMax argMax -> strikeAll(node);
      case AtLeast atLeast -> strikeAll(node);
      case Dequantize dequantize -> strikeAll(node);
      case DifferenceAtLeast difference -> strikeAll(node);
    }
  }

  /** A convolution's groups go or stay as a whole, input channels with output channels. */
  private void filtered(Node node, int groups) {
    if (!ConvFilter.isConstant(graph, node) || !first.containsKey(node.input())) {
      strikeAll(node);
      return;
    }
    if (groups == 1 && node.op() instanceof Conv2d) {
      return;
    }
    Value input = node.input();
    Value output = node.output();
    int inputs = KnownChannels.channels(input.type().shape()) / groups;
    int outputs = KnownChannels.channels(output.type().shape()) / groups;
    for (int group = 0; group < groups; group++) {
      for (int i = 0; i < inputs; i++) {
        unite(input, group * inputs + i, output, group * outputs);
      }
      for (int o = 1; o < outputs; o++) {
        unite(output, group * outputs + o, output, group * outputs);
      }
    }
  }

  private void operand(Node node, Value operand) {
    if (!first.containsKey(operand)) {
      return;
    }
    int channels = KnownChannels.channels(operand.type().shape());
    if (channels != KnownChannels.channels(node.output().type().shape())) {
      strike(operand);
      return;
    }
    for (int channel = 0; channel < channels; channel++) {
      unite(operand, channel, node.output(), channel);
    }
  }

  /**
   * Ties channels that share an element when the elements keep their order, as in a reshape; with
   * as many channels on both sides, each to its own.
   */
  private void reshape(Node node) {
    Value input = node.input();
    Value output = node.output();
    int inputs = KnownChannels.channels(input.type().shape());
    int outputs = KnownChannels.channels(output.type().shape());
    boolean whole =
        node.op() instanceof Reshape
            ? inputs % outputs == 0 || outputs % inputs == 0
            : inputs == outputs;
    if (!first.containsKey(input) || !whole) {
      strikeAll(node);
      return;
    }
    for (int element = Math.max(inputs, outputs) - 1; element >= 0; element--) {
      unite(input, element % inputs, output, element % outputs);
    }
  }
}
