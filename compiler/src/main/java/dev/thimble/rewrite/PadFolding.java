package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Activations;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Op;
import dev.thimble.op.Pad;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lets a node with a window do the padding before it. */
final class PadFolding {
  static final List<Rule> RULES = List.of(Rule.ofNode("pad-folding", PadFolding::fold));

  private PadFolding() {}

  /**
   * conv(Pad(x)) becomes conv(x) with more padding, where the border is real zero and spatial. All
   * readers must take it: convolutions whose windows each still touch the map, and maximum pools
   * for which the border is never above an element. Average pools never do, since they leave their
   * padding out of the count.
   */
  static Optional<GraphEdit> fold(Graph graph, Node node, RewriteOptions options) {
    if (!(node.op() instanceof Pad pad) || !isSpatial(pad) || graph.isOutput(node.output())) {
      return Optional.empty();
    }
    List<Node> readers = graph.readers(node.output());
    GraphEdit edit = new GraphEdit(graph).remove(node);
    for (Node reader : readers) {
      Optional<Op> padded = padded(graph, node, pad, reader);
      if (padded.isEmpty() || reader.inputs().lastIndexOf(node.output()) > 0) {
        return Optional.empty();
      }
      edit.replace(
          reader, new Node(padded.get(), withInput(reader, node.input()), reader.outputs()));
    }
    return edit.onlyIf(!readers.isEmpty());
  }

  private static boolean isSpatial(Pad pad) {
    return pad.mode() == Pad.Mode.CONSTANT
        && pad.before().size() == 4
        && pad.before().get(0) + pad.after().get(0) == 0
        && pad.before().get(3) + pad.after().get(3) == 0;
  }

  private static List<Value> withInput(Node node, Value input) {
    List<Value> inputs = new ArrayList<>(node.inputs());
    inputs.set(0, input);
    return inputs;
  }

  private static Optional<Op> padded(Graph graph, Node padNode, Pad pad, Node reader) {
    boolean isZero = isZero(pad, padNode);
    if (reader.op() instanceof Conv2d c) {
      Padding2d sum = sum(c.padding(), pad);
      Conv2d padded = new Conv2d(c.stride(), c.dilation(), sum, c.groups(), c.activation());
      return Optional.<Op>of(padded)
          .filter(op -> isZero && touches(reader, c.dilation(), sum) && finite(graph, reader));
    }
    if (reader.op() instanceof DepthwiseConv2d d) {
      Padding2d sum = sum(d.padding(), pad);
      DepthwiseConv2d padded =
          new DepthwiseConv2d(d.stride(), d.dilation(), sum, d.multiplier(), d.activation());
      return Optional.<Op>of(padded)
          .filter(op -> isZero && touches(reader, d.dilation(), sum) && finite(graph, reader));
    }
    if (reader.op() instanceof Pool2d p && p.pooling() == Pool2d.Kind2d.MAX) {
      Padding2d sum = sum(p.padding(), pad);
      return pad.value() <= lowest(graph, padNode.input()) && within(sum, p.kernel())
          ? Optional.of(new Pool2d(p.pooling(), p.kernel(), p.stride(), sum, p.activation()))
          : Optional.empty();
    }
    return Optional.empty();
  }

  private static boolean isZero(Pad pad, Node node) {
    TensorType type = node.output().type();
    return ValueTable.describes(type)
        ? pad.value() == type.zeroPoint()
        : type.isFloat() && pad.value() == 0;
  }

  /** An infinite weight times an explicit zero is no number; times padding it is nothing. */
  private static boolean finite(Graph graph, Node reader) {
    Value filter = reader.inputs().get(1);
    return !filter.type().isFloat()
        || graph.constant(filter).filter(data -> allFinite(data.floats())).isPresent();
  }

  private static boolean allFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /** Whether each window of a convolution touches the map, on which kernels rely. */
  private static boolean touches(Node reader, Size2d dilation, Padding2d padding) {
    Shape filter = reader.inputs().get(1).type().shape();
    return within(
        padding,
        new Size2d(
            (filter.dim(1) - 1) * dilation.height() + 1,
            (filter.dim(2) - 1) * dilation.width() + 1));
  }

  private static boolean within(Padding2d padding, Size2d window) {
    return padding.top() < window.height()
        && padding.bottom() < window.height()
        && padding.left() < window.width()
        && padding.right() < window.width();
  }

  private static Padding2d sum(Padding2d padding, Pad pad) {
    return new Padding2d(
        padding.top() + pad.before().get(1),
        padding.bottom() + pad.after().get(1),
        padding.left() + pad.before().get(2),
        padding.right() + pad.after().get(2));
  }

  /** A stored number below which no element of the value can be. */
  private static double lowest(Graph graph, Value value) {
    TensorType type = value.type();
    if (type.isFloat()) {
      return Double.NEGATIVE_INFINITY;
    }
    if (type.dtype() != DType.INT8 || !ValueTable.describes(type)) {
      return type.dtype().min();
    }
    return graph
        .producer(value)
        .flatMap(producer -> Activations.of(producer.op()))
        .orElse(Activation.NONE)
        .quantizedMin(type);
  }
}
