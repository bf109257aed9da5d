package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.op.Activation;
import dev.thimble.op.Op;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Reduce;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Averages over a whole map as means of its axes. Of real numbers both are the same; of int8 a
 * pooling stores its results in its input's type, and a mean in one of its own. The mean of a
 * channel is far smaller than the largest element of a map, so that most steps of the map's type
 * would never be used.
 */
public final class WholePools {
  private static final Op MEAN = new Reduce(Reduce.Function.MEAN, List.of(1, 2), true);

  private WholePools() {}

  /** The network with means in place of such poolings. */
  public static Graph asMeans(Graph graph) {
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      nodes.add(isWholeAverage(node) ? new Node(MEAN, node.inputs(), node.outputs()) : node);
    }
    return new Graph(
        graph.name(),
        graph.inputs(),
        graph.constants(),
        graph.states(),
        nodes,
        graph.outputs(),
        graph.origins());
  }

  private static boolean isWholeAverage(Node node) {
    if (!(node.op() instanceof Pool2d pool) || !node.output().type().isFloat()) {
      return false;
    }
    Shape map = node.input().type().shape();
    return pool.pooling() == Pool2d.Kind2d.AVERAGE
        && pool.activation() == Activation.NONE
        && pool.padding().equals(Padding2d.NONE)
        && pool.kernel().equals(new Size2d(map.dim(1), map.dim(2)));
  }
}
