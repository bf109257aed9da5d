package dev.thimble.cli.bench;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Op;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Int8 networks of any number of nodes, the same at each call, to see how planning grows. Every map
 * is {@code [1, 8, 8, 4]}; each convolution is 3x3 and has weights of its own, none of them zero.
 */
final class SyntheticNetworks {
  /** The shapes of networks: how their nodes are joined. */
  enum Kind {
    /** One convolution after the other. */
    CHAIN("chain of convolutions"),
    /** Blocks of two convolutions whose result is added to what they read. */
    RESIDUAL("residual blocks"),
    /** Branches that open and join at random, at most eight at a time. */
    BRANCHES("random branches");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    /** How the page calls it. */
    String title() {
      return title;
    }
  }

  private static final int SIDE = 8;
  private static final int CHANNELS = 4;
  private static final int MOST_BRANCHES = 8;
  private static final Size2d KERNEL = new Size2d(3, 3);
  private static final Padding2d PADDING =
      Padding2d.same(SIDE, SIDE, KERNEL, Size2d.ONE, Size2d.ONE);
  private static final float MAP_SCALE = 0.05f;
  private static final float FILTER_SCALE = 0.01f;
  private static final TensorType MAP = TensorType.int8(MAP_SCALE, 0, 1, SIDE, SIDE, CHANNELS);

  private final SplittableRandom random;
  private final Map<Value, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Value input = new Value("input", MAP);

  private SyntheticNetworks(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** A network of exactly so many nodes, at least 1. */
  static Graph of(Kind kind, int count) {
    SyntheticNetworks network = new SyntheticNetworks(count);
    Value output =
        switch (kind) {
          case CHAIN -> network.chain(network.input, count);
          case RESIDUAL -> network.residual(count);
          case BRANCHES -> network.branches(count);
        };
    return GraphChecker.check(
        new Graph(
            "synthetic",
            List.of(network.input),
            network.constants,
            network.nodes,
            List.of(output),
            Map.of()));
  }

  private Value chain(Value from, int count) {
    Value map = from;
    for (int i = 0; i < count; i++) {
      map = convolution(map);
    }
    return map;
  }

  private Value residual(int count) {
    Value map = chain(input, 1);
    while (nodes.size() + 3 <= count) {
      map = sum(chain(map, 2), map);
    }
    return chain(map, count - nodes.size());
  }

  /** Whatever is open when the nodes that are left just suffice to join it is joined. */
  private Value branches(int count) {
    List<Value> open = new ArrayList<>(List.of(chain(input, 1)));
    while (nodes.size() + open.size() - 1 < count) {
      Value map = open.get(random.nextInt(open.size()));
      int left = count - nodes.size() - open.size();
      switch (random.nextInt(4)) {
        case 0 -> {
          if (open.size() < MOST_BRANCHES && left >= 1) {
            open.add(convolution(map));
          } else {
            replace(open, map, convolution(map));
          }
        }
        case 1 -> {
          if (open.size() > 1) {
            join(open, random.nextInt(open.size() - 1));
          } else {
            replace(open, map, depthwise(map));
          }
        }
        case 2 -> replace(open, map, depthwise(map));
        default -> replace(open, map, convolution(map));
      }
    }
    while (open.size() > 1) {
      join(open, 0);
    }
    return open.getFirst();
  }

  private static void replace(List<Value> open, Value map, Value by) {
    open.set(open.indexOf(map), by);
  }

  private void join(List<Value> open, int at) {
    Value first = open.remove(at);
    open.set(at, sum(first, open.get(at)));
  }

  private Value convolution(Value map) {
    Conv2d op = new Conv2d(Size2d.ONE, Size2d.ONE, PADDING, 1, Activation.RELU);
    return filtered(op, map, Shape.of(CHANNELS, KERNEL.height(), KERNEL.width(), CHANNELS));
  }

  private Value depthwise(Value map) {
    DepthwiseConv2d op = new DepthwiseConv2d(Size2d.ONE, Size2d.ONE, PADDING, 1, Activation.RELU);
    return filtered(op, map, Shape.of(1, KERNEL.height(), KERNEL.width(), CHANNELS));
  }

  private Value filtered(Op op, Value map, Shape shape) {
    TensorType filter =
        new TensorType(DType.INT8, shape, new QuantParams.PerTensor(FILTER_SCALE, 0));
    TensorType bias = TensorType.of(DType.INT32, Shape.of(CHANNELS));
    return node(op, map, constant("filter_", filter), constant("bias_", bias));
  }

  private Value constant(String prefix, TensorType type) {
    Value value = new Value(prefix + nodes.size(), type);
    constants.put(value, Tensor.ofInts(type, random.ints(type.elements(), 1, 127).toArray()));
    return value;
  }

  private Value sum(Value first, Value second) {
    return node(new Binary(Binary.Function.ADD, Activation.NONE), first, second);
  }

  private Value node(Op op, Value... operands) {
    Value output = new Value(op.kind() + "_" + nodes.size(), MAP);
    nodes.add(new Node(op, List.of(operands), output));
    return output;
  }
}
