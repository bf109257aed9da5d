package dev.thimble.importer.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.thimble.importer.layout.Order;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * In which order the graph's inputs are held: such that the first node that wants a map with its
 * channels last gets it so. Transpositions on the way there are followed.
 */
final class InputOrders {
  /** Operators that want their first operand with its channels last. */
  private static final Set<String> MAPS =
      Set.of(
          "AveragePool",
          "BatchNormalization",
          "Conv",
          "ConvInteger",
          "ConvTranspose",
          "DepthToSpace",
          "GlobalAveragePool",
          "GlobalLpPool",
          "GlobalMaxPool",
          "InstanceNormalization",
          "LRN",
          "LpPool",
          "MaxPool",
          "QLinearAveragePool",
          "QLinearConv",
          "QLinearGlobalAveragePool",
          "Resize",
          "SpaceToDepth",
          "Upsample");

  /** Operators whose result says nothing of the order of their operands' axes. */
  private static final Set<String> ENDS =
      Set.of(
          "ArgMax",
          "ArgMin",
          "Compress",
          "Einsum",
          "Expand",
          "Flatten",
          "GRU",
          "Gather",
          "GatherND",
          "Gemm",
          "LSTM",
          "MatMul",
          "MatMulInteger",
          "NonZero",
          "OneHot",
          "QLinearMatMul",
          "RNN",
          "ReduceL1",
          "ReduceL2",
          "ReduceLogSum",
          "ReduceLogSumExp",
          "ReduceMax",
          "ReduceMean",
          "ReduceMin",
          "ReduceProd",
          "ReduceSum",
          "ReduceSumSquare",
          "Reshape",
          "Scan",
          "Shape",
          "Size",
          "Squeeze",
          "Unsqueeze");

  private final Map<String, List<Integer>> wanted = new HashMap<>();
  private final Map<String, Set<Followed>> followed = new HashMap<>();

  /** A value with an input's axes: its axis i is the input's axis axes[i]. */
  private record Followed(String input, List<Integer> axes) {}

  InputOrders(GraphProto graph) {
    graph
        .getInputList()
        .forEach(input -> {
          int rank = input.getType().getTensorType().getShape().getDimCount();
          List<Integer> axes = IntStream.range(0, rank).boxed().toList();
          follow(input.getName(), new Followed(input.getName(), axes));
        });
    graph.getNodeList().forEach(this::follow);
  }

  private void follow(String value, Followed from) {
    followed.computeIfAbsent(value, name -> new LinkedHashSet<>()).add(from);
  }

  private void follow(NodeProto node) {
    if (ENDS.contains(node.getOpType())
        || node.getInputCount() == 0
        || node.getOutputCount() == 0) {
      return;
    }
    boolean map = MAPS.contains(node.getOpType());
    for (String name : map ? List.of(node.getInput(0)) : node.getInputList()) {
      for (Followed from : followed.getOrDefault(name, Set.of())) {
        if (map) {
          want(from);
        } else if (!node.getOutput(0).isEmpty()) {
          follow(node.getOutput(0), passed(node, from));
        }
      }
    }
  }

  private void want(Followed from) {
    if (from.axes().size() > 2) {
      List<Integer> last = Order.channelsLast(from.axes().size()).axes();
      wanted.putIfAbsent(from.input(), last.stream().map(from.axes()::get).toList());
    }
  }

  private static Followed passed(NodeProto node, Followed from) {
    if (!node.getOpType().equals("Transpose")) {
      return from;
    }
    for (AttributeProto attribute : node.getAttributeList()) {
      List<Integer> axes = attribute.getIntsList().stream().map(Long::intValue).toList();
      boolean fits = axes.size() == from.axes().size();
      if (fits && axes.stream().allMatch(axis -> axis >= 0 && axis < axes.size())) {
        return new Followed(from.input(), axes.stream().map(from.axes()::get).toList());
      }
    }
    return new Followed(from.input(), from.axes().reversed());
  }

  /** The order of an input of this rank. */
  Order of(String input, int rank) {
    List<Integer> axes = wanted.getOrDefault(input, List.of());
    boolean usable = axes.size() == rank && axes.stream().distinct().count() == rank;
    return usable ? new Order(axes) : Order.source(rank);
  }
}
