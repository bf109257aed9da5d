package dev.thimble.testing;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Bias;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Networks whose biases have fractions. */
public final class BiasFractions {
  private BiasFractions() {}

  /** Whole biases with random fractions of so many bits, 0 to 8. */
  public static Tensor added(Tensor whole, int bits, SplittableRandom random) {
    int[] stored = whole.ints().clone();
    for (int i = 0; i < stored.length; i++) {
      stored[i] = (stored[i] << bits) + random.nextInt(1 << bits);
    }
    return Tensor.ofInts(Bias.type(stored.length, bits), stored);
  }

  /**
   * A network with fractions of 1 to 8 bits, mostly 8, in most of the constant biases of its int8
   * nodes.
   */
  public static Graph in(Graph graph, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<Value, Tensor> constants = new LinkedHashMap<>(graph.constants());
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      boolean filtered =
          node.op() instanceof Conv2d
              || node.op() instanceof DepthwiseConv2d
              || node.op() instanceof FullyConnected;
      boolean chosen =
          filtered
              && node.output().type().dtype() == DType.INT8
              && graph.isConstant(node.inputs().get(2))
              && random.nextInt(5) > 0;
      nodes.add(chosen ? with(node, constants, random) : node);
    }
    return GraphChecker.check(
        new Graph(
            graph.name(),
            graph.inputs(),
            constants,
            graph.states(),
            nodes,
            graph.outputs(),
            graph.origins()));
  }

  private static Node with(Node node, Map<Value, Tensor> constants, SplittableRandom random) {
    Value old = node.inputs().get(2);
    int bits = random.nextInt(3) > 0 ? Bias.MAX_BITS : random.nextInt(1, Bias.MAX_BITS);
    Tensor data = added(constants.get(old), bits, random);
    Value bias = new Value(node.name() + "~fractions", data.type());
    constants.put(bias, data);
    return new Node(node.op(), List.of(node.input(), node.inputs().get(1), bias), node.outputs());
  }
}
