package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Conv2d;
import dev.thimble.op.MixedConv2d;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes float convolutions of hybrid ones, whose filters are int8 and whose activations would be
 * quantised anew in every run: the float network that a quantised one is to be made of.
 */
public final class FloatFilters {
  private FloatFilters() {}

  /** The network without hybrid nodes. */
  public static Graph of(Graph graph) {
    Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      boolean hybrid =
          node.op() instanceof MixedConv2d mixed
              && mixed.scaling().isFloat()
              && graph.isConstant(node.inputs().get(1));
      nodes.add(hybrid ? ofHybrid(graph, node, constants) : node);
    }
    return new Graph(
        graph.name(),
        graph.inputs(),
        constants,
        graph.states(),
        nodes,
        graph.outputs(),
        graph.origins());
  }

  private static Node ofHybrid(Graph graph, Node node, Map<Value, Tensor> constants) {
    MixedConv2d mixed = (MixedConv2d) node.op();
    Tensor stored = graph.constant(node.inputs().get(1)).orElseThrow();
    TensorType type = TensorType.float32(stored.shape().dims());
    Value filter = new Value(node.name() + "~filter", type);
    constants.put(filter, Tensor.ofFloats(type, StoredNumbers.real(stored)));
    return new Node(
        new Conv2d(
            mixed.stride(), mixed.dilation(), mixed.padding(), mixed.groups(), mixed.activation()),
        List.of(node.input(), filter, node.inputs().get(2)),
        node.outputs());
  }
}
