package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.ArgMax;
import dev.thimble.op.AtLeast;
import dev.thimble.op.Binary;
import dev.thimble.op.Cast;
import dev.thimble.op.Compare;
import dev.thimble.op.Concat;
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
import dev.thimble.op.Rounding;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.op.Slice;
import dev.thimble.op.Softmax;
import dev.thimble.op.Transpose;
import dev.thimble.op.TransposedConv2d;
import dev.thimble.op.Unary;
import dev.thimble.op.Where;
import dev.thimble.op.WindowPool2d;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Finds, front to back, the channels of every int8 value that do not depend on the graph's inputs.
 * Their maps are computed by the ops' own reference evaluation, on slices that hold nothing but
 * known channels, so they are exact at the borders too and cost little.
 */
final class ChannelKnowledge {
  private final Graph graph;
  private final Rounding rounding;
  private final Map<Value, KnownChannels> known = new HashMap<>();

  private ChannelKnowledge(Graph graph, Rounding rounding) {
    this.graph = graph;
    this.rounding = rounding;
  }

  static ChannelKnowledge of(Graph graph, Rounding rounding) {
    ChannelKnowledge knowledge = new ChannelKnowledge(graph, rounding);
    for (Node node : graph.nodes()) {
      knowledge.known.put(node.output(), knowledge.output(node));
    }
    return knowledge;
  }

  /** What is known of a value; all of a constant, nothing of a value that is not int8. */
  KnownChannels of(Value value) {
    return known.computeIfAbsent(
        value,
        v ->
            graph
                .constant(v)
                .filter(data -> ValueTable.describes(data.type()))
                .map(KnownChannels::all)
                .orElseGet(() -> KnownChannels.none(v.type())));
  }

  private KnownChannels output(Node node) {
    TensorType type = node.output().type();
    if (!ValueTable.describes(type)
        || !ValueTable.describes(node.input().type())
        || type.shape().rank() == 0
        || node.input().type().shape().rank() == 0) {
      return KnownChannels.none(type);
    }
    return switch (node.op()) {
      case Conv2d conv -> conv(node, conv);
      case DepthwiseConv2d conv -> depthwise(node, conv);
      case FullyConnected connected -> connected(node, connected);
      case Binary binary -> binary(node, binary);
      case Reshape reshape -> reshape(node);
      case Pool2d pool -> sameChannels(node, pool);
      case Parametric parametric -> sameChannels(node, parametric);
      case Cast cast -> KnownChannels.none(type);
      case Compare compare -> KnownChannels.none(type);
      case Where where -> KnownChannels.none(type);
      case Unary unary -> sameChannels(node, unary);
      case Quantize quantize -> sameChannels(node, quantize);
      case Pad pad ->
          pad.before().getLast() + pad.after().getLast() == 0
              ? sameChannels(node, pad)
              : whole(node, pad);
      case Reduce reduce ->
          reduce.axes().contains(node.input().type().shape().rank() - 1)
              ? whole(node, reduce)
              : sameChannels(node, reduce);
      case Lstm lstm -> KnownChannels.none(type);
      case RecurrentOp recurrent -> KnownChannels.none(type);
      case TransposedConv2d conv -> KnownChannels.none(type);
      case MixedConv2d conv -> KnownChannels.none(type);
      case Requantize quantize -> KnownChannels.none(type);
      case MatMul product -> KnownChannels.none(type);
      case WindowPool2d pool -> sameChannels(node, pool);
      case Normalization norm ->
          norm.inputCount() == 1 ? whole(node, norm) : KnownChannels.none(type);
      case PositionalOp positional -> positional(node, positional);
      case Softmax softmax -> whole(node, softmax);
      case ArgMax argMax -> KnownChannels.none(type);
      case AtLeast atLeast -> KnownChannels.none(type);
      case Dequantize dequantize -> KnownChannels.none(type);
      case DifferenceAtLeast difference -> KnownChannels.none(type);
    };
  }

  private KnownChannels sameChannels(Node node, SingleOutputOp op) {
    KnownChannels input = of(node.input());
    List<Integer> channels = input.list();
    return channels.isEmpty()
        ? KnownChannels.none(node.output().type())
        : evaluated(node, op, channels, List.of(input.gather(channels, 0)));
  }

  /** Movements that keep channels together pass them on; of others nothing is known. */
  private KnownChannels positional(Node node, PositionalOp op) {
    if (op instanceof Transpose transpose
        && transpose.permutation().getLast() == transpose.permutation().size() - 1) {
      return sameChannels(node, transpose);
    }
    if (op instanceof Slice slice) {
      return slice(node, slice);
    }
    return op instanceof Concat concat
        ? concat(node, concat)
        : KnownChannels.none(node.output().type());
  }

  private KnownChannels slice(Node node, Slice op) {
    KnownChannels input = of(node.input());
    int first = op.begin().getLast();
    int step = op.steps().getLast();
    List<Integer> outputs =
        select(op.extents().getLast(), channel -> input.isKnown(first + step * channel));
    if (outputs.isEmpty()) {
      return KnownChannels.none(node.output().type());
    }
    List<Integer> inputs = outputs.stream().map(channel -> first + step * channel).toList();
    Slice rest =
        new Slice(
            withLast(op.begin(), 0),
            withLast(op.extents(), inputs.size()),
            withLast(op.steps(), 1));
    return evaluated(node, rest, outputs, List.of(input.gather(inputs, 0)));
  }

  private static List<Integer> withLast(List<Integer> numbers, int last) {
    List<Integer> changed = new ArrayList<>(numbers);
    changed.set(changed.size() - 1, last);
    return changed;
  }

  private KnownChannels concat(Node node, Concat op) {
    List<KnownChannels> operands = node.inputs().stream().map(this::of).toList();
    int channels = KnownChannels.channels(node.output().type().shape());
    if (op.axis() < node.output().type().shape().rank() - 1) {
      List<Integer> all = select(channels, c -> operands.stream().allMatch(o -> o.isKnown(c)));
      return all.isEmpty()
          ? KnownChannels.none(node.output().type())
          : evaluated(node, op, all, operands.stream().map(o -> o.gather(all, 0)).toList());
    }
    List<Integer> outputs = new ArrayList<>();
    List<Tensor> parts = new ArrayList<>();
    int before = 0;
    for (KnownChannels operand : operands) {
      int start = before;
      List<Integer> known = operand.list();
      if (!known.isEmpty()) {
        known.forEach(channel -> outputs.add(start + channel));
        parts.add(operand.gather(known, 0));
      }
      before += operand.channels();
    }
    return outputs.isEmpty()
        ? KnownChannels.none(node.output().type())
        : evaluated(node, op, outputs, parts);
  }

  private KnownChannels whole(Node node, SingleOutputOp op) {
    KnownChannels input = of(node.input());
    if (!input.isAllKnown()) {
      return KnownChannels.none(node.output().type());
    }
    return KnownChannels.all(op.evaluate(List.of(input.all()), node.output().type(), rounding));
  }

  private KnownChannels conv(Node node, Conv2d op) {
    if (!ConvFilter.isConstant(graph, node)) {
      return KnownChannels.none(node.output().type());
    }
    KnownChannels input = of(node.input());
    ConvFilter filter = ConvFilter.of(graph, node, op.groups());
    List<Integer> outputs = select(filter.outputs(), o -> filter.readsOnly(o, input::isKnown));
    int zeroPoint = node.input().type().zeroPoint();
    List<Integer> inputs = new ArrayList<>();
    for (int channel : input.list()) {
      if (!input.isFilledWith(channel, zeroPoint)
          && outputs.stream().anyMatch(o -> filter.reads(o, channel))) {
        inputs.add(channel);
      }
    }
    if (inputs.isEmpty()) {
      // A convolution needs some channel; this one is unread, or all zero points once gathered.
      inputs.add(0);
    }
    Conv2d dense = new Conv2d(op.stride(), op.dilation(), op.padding(), 1, op.activation());
    return outputs.isEmpty()
        ? KnownChannels.none(node.output().type())
        : evaluated(
            node,
            dense,
            outputs,
            List.of(
                input.gather(inputs, zeroPoint),
                filter.dense(outputs, inputs),
                data(node, 2).select(0, outputs)));
  }

  private KnownChannels depthwise(Node node, DepthwiseConv2d op) {
    if (!ConvFilter.isConstant(graph, node)) {
      return KnownChannels.none(node.output().type());
    }
    KnownChannels input = of(node.input());
    Tensor filter = data(node, 1);
    int channels = filter.shape().dim(3);
    List<Integer> outputs =
        select(
            channels,
            o -> input.isKnown(o / op.multiplier()) || isZero(filter.ints(), o, channels));
    if (outputs.isEmpty()) {
      return KnownChannels.none(node.output().type());
    }
    List<Integer> inputs = outputs.stream().map(o -> o / op.multiplier()).toList();
    DepthwiseConv2d single =
        new DepthwiseConv2d(op.stride(), op.dilation(), op.padding(), 1, op.activation());
    return evaluated(
        node,
        single,
        outputs,
        List.of(
            input.gather(inputs, node.input().type().zeroPoint()),
            filter.select(3, outputs),
            data(node, 2).select(0, outputs)));
  }

  private KnownChannels connected(Node node, FullyConnected op) {
    KnownChannels input = of(node.input());
    if (!ConvFilter.isConstant(graph, node)
        || node.inputs().get(1).type().shape().dim(1) % input.channels() != 0) {
      return KnownChannels.none(node.output().type());
    }
    ConvFilter filter = ConvFilter.ofConnected(graph, node);
    List<Integer> outputs = select(filter.outputs(), o -> filter.readsOnly(o, input::isKnown));
    if (outputs.isEmpty()) {
      return KnownChannels.none(node.output().type());
    }
    return evaluated(
        node,
        op,
        outputs,
        List.of(input.all(), data(node, 1).select(0, outputs), data(node, 2).select(0, outputs)));
  }

  private KnownChannels binary(Node node, Binary op) {
    List<KnownChannels> operands = node.inputs().stream().map(this::of).toList();
    List<Integer> channels =
        select(
            KnownChannels.channels(node.output().type().shape()),
            c -> operands.stream().allMatch(o -> o.isKnown(o.channels() == 1 ? 0 : c)));
    return channels.isEmpty()
        ? KnownChannels.none(node.output().type())
        : evaluated(node, op, channels, operands.stream().map(o -> operand(o, channels)).toList());
  }

  private static Tensor operand(KnownChannels operand, List<Integer> channels) {
    return operand.channels() == 1 ? operand.all() : operand.gather(channels, 0);
  }

  /** Each channel of the output whose elements all come from known channels. */
  private KnownChannels reshape(Node node) {
    KnownChannels input = of(node.input());
    TensorType type = node.output().type();
    if (input.isNothingKnown()) {
      return KnownChannels.none(type);
    }
    int channels = type.shape().dim(-1);
    boolean[] unknown = new boolean[channels];
    for (int element = 0; element < type.elements(); element++) {
      unknown[element % channels] |= !input.isKnown(element % input.channels());
    }
    List<Integer> selected = select(channels, c -> !unknown[c]);
    return selected.isEmpty()
        ? KnownChannels.none(type)
        : KnownChannels.some(
            type, selected, input.all().as(type).select(type.shape().rank() - 1, selected));
  }

  private KnownChannels evaluated(
      Node node, SingleOutputOp op, List<Integer> channels, List<Tensor> inputs) {
    TensorType type = node.output().type();
    TensorType slice = type.withShape(type.shape().with(-1, channels.size()));
    return KnownChannels.some(type, channels, op.evaluate(inputs, slice, rounding));
  }

  private Tensor data(Node node, int input) {
    return graph.constant(node.inputs().get(input)).orElseThrow();
  }

  private static List<Integer> select(int count, IntPredicate predicate) {
    return IntStream.range(0, count).filter(predicate).boxed().toList();
  }

  private static boolean isZero(int[] values, int first, int step) {
    for (int i = first; i < values.length; i += step) {
      if (values[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
