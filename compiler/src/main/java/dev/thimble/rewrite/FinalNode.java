package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Dequantize;
import dev.thimble.op.Op;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * The node that computes a graph's single output, for the steps that put a decision in the place of
 * probabilities. A dequantisation at the very end is looked through: it keeps the order of elements
 * and the option's result needs no float.
 */
record FinalNode(Graph graph, Value output, Value decided, Optional<Node> producer) {

  /**
   * Throws {@link IllegalArgumentException}, naming the option and the outputs, unless there is
   * exactly one output.
   */
  static FinalNode of(Graph graph, String option) {
    if (graph.outputs().size() != 1) {
      throw new IllegalArgumentException(
          option
              + " needs a network with one output, '"
              + graph.name()
              + "' has "
              + graph.outputs().size()
              + ": "
              + graph.outputs().stream().map(Value::name).toList()
              + "; export the network with the classifier's output alone");
    }
    Value output = graph.outputs().getFirst();
    Value decided =
        graph
            .producer(output)
            .filter(node -> node.op() instanceof Dequantize)
            .map(Node::input)
            .orElse(output);
    return new FinalNode(graph, output, decided, graph.producer(decided));
  }

  /**
   * The graph whose output is this op of this value. The output keeps its name, and the value that
   * had it gets another, unless that is a graph input.
   */
  Graph decidedBy(Op op, Value input, TensorType type) {
    boolean isInput = graph.inputs().contains(output);
    GraphEdit naming = new GraphEdit(graph);
    String scores = naming.fresh(output.name() + "~scores");
    Graph named = isInput ? graph : naming.rename(output, scores).build();
    Value read = input.equals(output) ? named.outputs().getFirst() : input;
    GraphEdit edit = new GraphEdit(named);
    Value result = new Value(isInput ? edit.fresh(output.name() + "~output") : output.name(), type);
    edit.append(new Node(op, List.of(read), result)).output(0, result);
    return GraphChecker.check(DeadCode.removed(edit.build()));
  }
}
