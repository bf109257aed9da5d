package dev.thimble.testing;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Conv2d;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Networks of int8 convolutions of a single tap with padding on one side of the map alone: pixels
 * lie in the map as kernels want them, but for those beyond it. Some have a max pooling after them.
 */
public final class OneTapNodes {
  private static final int[][] CHANNELS = {{5, 9}, {13, 16}, {40, 4}, {1, 3}};
  private static final List<Padding2d> SIDES =
      List.of(
          new Padding2d(1, 0, 0, 0),
          new Padding2d(0, 1, 0, 0),
          new Padding2d(0, 0, 1, 0),
          new Padding2d(0, 0, 0, 1));

  private final RandomTensors tensors;
  private final List<Value> inputs = new ArrayList<>();
  private final List<Tensor> data = new ArrayList<>();
  private final List<Value> outputs = new ArrayList<>();
  private final Map<Value, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  private OneTapNodes(long seed) {
    this.tensors = new RandomTensors(new SplittableRandom(seed));
  }

  /** A network with padding on each side once, with and without a pooling. */
  public static WideNodes.Network of(long seed) {
    OneTapNodes all = new OneTapNodes(seed);
    for (int i = 0; i < SIDES.size(); i++) {
      for (int stride = 1; stride <= 2; stride++) {
        int[] channels = CHANNELS[(i + stride) % CHANNELS.length];
        all.outputs.add(all.convolution(channels, SIDES.get(i), stride));
        all.outputs.add(all.pooled(all.convolution(channels, SIDES.get(i), stride)));
      }
    }
    Graph graph =
        new Graph("one_tap_" + seed, all.inputs, all.constants, all.nodes, all.outputs, Map.of());
    return new WideNodes.Network(GraphChecker.check(graph), List.copyOf(all.data));
  }

  /** Of a map whose last rows and columns a stride of two reaches just so. */
  private Value convolution(int[] channels, Padding2d padding, int stride) {
    TensorType type = tensors.activations(false, 1, 4, 6, channels[0]);
    Value input = new Value("input_" + inputs.size(), type);
    inputs.add(input);
    data.add(tensors.fill(type));
    Tensor filter = tensors.filter(false, 0, channels[1], 1, 1, channels[0]);
    Tensor bias = tensors.bias(false, channels[1]);
    Conv2d op = new Conv2d(new Size2d(stride, stride), Size2d.ONE, padding, 1, Activation.NONE);
    List<TensorType> types = List.of(type, filter.type(), bias.type());
    TensorType output = tensors.output(op.outputShape(types), type, filter.type(), channels[0]);
    return add(
        new Node(
            op,
            List.of(input, constant(filter), constant(bias)),
            new Value("node_" + nodes.size(), output)));
  }

  private Value pooled(Value convolved) {
    Size2d kernel = new Size2d(Math.min(3, convolved.type().shape().dim(1)), 1);
    Pool2d op =
        new Pool2d(
            Pool2d.Kind2d.MAX,
            kernel,
            new Size2d(kernel.height(), 2),
            Padding2d.NONE,
            Activation.NONE);
    TensorType type = convolved.type().withShape(op.outputShape(List.of(convolved.type())));
    return add(new Node(op, List.of(convolved), new Value("node_" + nodes.size(), type)));
  }

  private Value add(Node node) {
    nodes.add(node);
    return node.output();
  }

  private Value constant(Tensor tensor) {
    Value value = new Value("constant_" + constants.size(), tensor.type());
    constants.put(value, tensor);
    return value;
  }
}
