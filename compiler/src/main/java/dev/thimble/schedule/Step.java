package dev.thimble.schedule;

import dev.thimble.graph.Node;
import dev.thimble.kernel.Kernel;
import java.util.List;

/** What runs at one point of a schedule. */
public sealed interface Step {
  /** The nodes that the step runs, in the graph's order. */
  List<Node> nodes();

  /** One node, its operands and its output whole in memory. */
  record Whole(Node node, Kernel kernel) implements Step {
    @Override
    public List<Node> nodes() {
      return List.of(node);
    }
  }

  /** A convolution and the max pooling after it as one kernel; the map between is never stored. */
  record FusedPool(Node convolution, Node pooling, Kernel kernel) implements Step {
    @Override
    public List<Node> nodes() {
      return List.of(convolution, pooling);
    }
  }

  /**
   * Nodes of tile form in a chain, run row by row: each stage's output, but the last one's, is only
   * kept as long as the next stage needs it, in a ring of rows.
   */
  record Stream(List<Stage> stages) implements Step {
    public Stream {
      stages = List.copyOf(stages);
    }

    @Override
    public List<Node> nodes() {
      return stages.stream().map(Stage::node).toList();
    }
  }

  /**
   * A node of a stream.
   *
   * @param ringRows the rows of its output that are kept: all of them for the last stage
   */
  record Stage(Node node, Kernel kernel, int ringRows) {}
}
