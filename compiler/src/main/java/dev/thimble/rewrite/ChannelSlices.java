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
import dev.thimble.op.Op;
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
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds the graph without the channels that go. A value that loses channels becomes a new value
 * with an origin; filters, biases and constant operands are sliced for each reader by itself, since
 * readers may keep different channels.
 */
final class ChannelSlices {
  private static final String SUFFIX = "~kept";

  private final Graph graph;
  private final ChannelRemoval removal;
  private final GraphEdit edit;
  private final Map<Value, List<Integer>> kept = new LinkedHashMap<>();
  private final Map<Value, Value> narrowed = new LinkedHashMap<>();

  ChannelSlices(Graph graph, ChannelRemoval removal) {
    this.graph = graph;
    this.removal = removal;
    this.edit = new GraphEdit(graph);
  }

  /** The number of channels that go. */
  int removed() {
    int removed = 0;
    for (Node node : graph.nodes()) {
      for (Value output : node.outputs()) {
        removed += KnownChannels.channels(output.type().shape()) - removal.kept(output).size();
      }
    }
    return removed;
  }

  /** The narrower graph, where some channels go. */
  Rewrite rewrite() {
    for (Node node : graph.nodes()) {
      node.outputs().forEach(this::narrow);
      if (narrowed.containsKey(node.output()) || node.inputs().stream().anyMatch(this::changed)) {
        edit.replace(node, slice(node));
      }
    }
    return edit.rewrite(removed());
  }

  private boolean changed(Value value) {
    return narrowed.containsKey(value);
  }

  private void narrow(Value value) {
    List<Integer> channels = removal.kept(value);
    if (channels.size() == KnownChannels.channels(value.type().shape())) {
      return;
    }
    TensorType type = value.type();
    Value changed =
        new Value(
            edit.fresh(keptName(value)), type.withShape(type.shape().with(-1, channels.size())));
    kept.put(value, channels);
    narrowed.put(value, changed);
    edit.origin(changed, graph.origin(value).select(channels));
  }

  private static String keptName(Value value) {
    int suffix = value.name().indexOf(SUFFIX);
    return (suffix < 0 ? value.name() : value.name().substring(0, suffix)) + SUFFIX;
  }

  private Value constant(Value old, Tensor data) {
    return graph.constant(old).filter(data::equals).isPresent()
        ? old
        : edit.constant(keptName(old), data);
  }

  private Node slice(Node node) {
    Value output = narrowed.getOrDefault(node.output(), node.output());
    List<Value> inputs =
        new ArrayList<>(
            node.inputs().stream().map(each -> narrowed.getOrDefault(each, each)).toList());
    Op op =
        switch (node.op()) {
          case Conv2d conv -> conv(node, conv, inputs);
          case DepthwiseConv2d conv -> {
            sliceConstant(node, 1, 3, node.output(), inputs);
            sliceConstant(node, 2, 0, node.output(), inputs);
            yield conv;
          }
          case FullyConnected connected -> {
            connected(node, inputs);
            yield connected;
          }
          case Binary binary -> {
            operand(node, 0, inputs);
            operand(node, 1, inputs);
            yield binary;
          }
          case Reshape reshape -> new Reshape(output.type().shape());
          case Pool2d pool -> pool;
          case Parametric parametric -> parametric;
          case Cast cast -> cast;
          case Compare compare -> compare;
          case Where where -> where;
          case Unary unary -> unary;
          case Quantize quantize -> quantize;
          case Pad pad -> pad;
          case Reduce reduce -> reduce;
          case Lstm lstm -> lstm;
          case RecurrentOp recurrent -> recurrent;
          case TransposedConv2d conv -> conv;
          case MixedConv2d conv -> conv;
          case Requantize quantize -> quantize;
          case MatMul product -> product;
          case WindowPool2d pool -> pool;
          case Normalization norm -> norm;
          case PositionalOp positional -> positional;
          case Softmax softmax -> softmax;
          case ArgMax argMax -> argMax;
          case AtLeast atLeast -> atLeast;
          case Dequantize dequantize -> dequantize;
          case DifferenceAtLeast difference -> difference;
        };
    return new Node(op, inputs, List.of(output));
  }

  private Conv2d conv(Node node, Conv2d op, List<Value> inputs) {
    int groups = op.groups();
    if (groups == 1) {
      absorb(node, inputs);
      if (kept.containsKey(node.input())) {
        Tensor filter = graph.constant(node.inputs().get(1)).orElseThrow();
        Tensor sliced = select(filter, 0, node.output()).select(3, kept.get(node.input()));
        inputs.set(1, constant(node.inputs().get(1), sliced));
      } else {
        sliceConstant(node, 1, 0, node.output(), inputs);
      }
      return op;
    }
    sliceConstant(node, 1, 0, node.output(), inputs);
    sliceConstant(node, 2, 0, node.output(), inputs);
    int channels = KnownChannels.channels(inputs.getFirst().type().shape());
    int groupChannels = node.inputs().get(1).type().shape().dim(3);
    return new Conv2d(
        op.stride(), op.dilation(), op.padding(), channels / groupChannels, op.activation());
  }

  private void connected(Node node, List<Value> inputs) {
    absorb(node, inputs);
    Tensor filter = graph.constant(node.inputs().get(1)).orElseThrow();
    Tensor sliced = select(filter, 0, node.output());
    List<Integer> channels = kept.get(node.input());
    if (channels != null) {
      int extent = KnownChannels.channels(node.input().type().shape());
      List<Integer> columns = new ArrayList<>();
      for (int start = 0; start < filter.shape().dim(1); start += extent) {
        for (int channel : channels) {
          columns.add(start + channel);
        }
      }
      sliced = sliced.select(1, columns);
    }
    inputs.set(1, constant(node.inputs().get(1), sliced));
  }

  /** Puts what the lost input channels contribute into the bias. */
  private void absorb(Node node, List<Value> inputs) {
    Absorber absorber = removal.absorber(node).orElseThrow();
    Tensor bias = graph.constant(node.inputs().get(2)).orElseThrow();
    int[] sums = bias.ints().clone();
    for (int output : removal.kept(node.output())) {
      sums[output] = (int) removal.bias(absorber, output);
    }
    Tensor sliced = select(Tensor.ofInts(bias.type(), sums), 0, node.output());
    inputs.set(2, constant(node.inputs().get(2), sliced));
  }

  private void operand(Node node, int index, List<Value> inputs) {
    Value operand = node.inputs().get(index);
    int rank = operand.type().shape().rank();
    if (graph.isConstant(operand) && rank > 0 && operand.type().shape().dim(-1) > 1) {
      sliceConstant(node, index, rank - 1, node.output(), inputs);
    }
  }

  /** Slices a constant input along an axis as the channels of another value are. */
  private void sliceConstant(Node node, int index, int axis, Value like, List<Value> inputs) {
    Value value = node.inputs().get(index);
    Tensor data = graph.constant(value).orElseThrow();
    inputs.set(index, constant(value, select(data, axis, like)));
  }

  private Tensor select(Tensor data, int axis, Value like) {
    List<Integer> channels = kept.get(like);
    return channels == null ? data : data.select(axis, channels);
  }
}
