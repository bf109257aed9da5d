package dev.thimble.schedule;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.kernel.Kernel;
import java.util.List;

/** What runs at one point of a schedule. */
public sealed interface Step {
  /** The nodes that the step runs, in the graph's order. */
  List<Node> nodes();

  /** The bytes of working memory, aligned to 4, that the step needs. */
  int scratchBytes();

  /** The values that the step leaves behind whole: those of its last node. */
  default List<Value> outputs() {
    return nodes().getLast().outputs();
  }

  /** One node, its operands and its output whole in memory. */
  record Whole(Node node, Kernel kernel) implements Step {
    @Override
    public List<Node> nodes() {
      return List.of(node);
    }

    @Override
    public int scratchBytes() {
      return kernel.scratchBytes();
    }
  }

  /** A convolution and the max pooling after it as one kernel; the map between is never stored. */
  record FusedPool(Node convolution, Node pooling, Kernel kernel) implements Step {
    @Override
    public List<Node> nodes() {
      return List.of(convolution, pooling);
    }

    @Override
    public int scratchBytes() {
      return kernel.scratchBytes();
    }
  }

  /**
   * Stages of tile form in a chain, run row by row on demand: to compute a row, a stage first has
   * the stage before it compute those rows that it reads and that do not exist yet. Each stage's
   * output, but the last one's, is only kept as long as the next stage needs it, in a ring of rows;
   * row {@code r} lies in slot {@code r % ringRows}.
   *
   * <p>All stages' kernels take turns in one scratch buffer: what a tile kernel leaves in it need
   * not survive the call.
   */
  record Stream(List<Stage> stages) implements Step {
    public Stream {
      stages = List.copyOf(stages);
    }

    @Override
    public List<Node> nodes() {
      return stages.stream().flatMap(stage -> stage.nodes().stream()).toList();
    }

    @Override
    public int scratchBytes() {
      return stages.stream().mapToInt(stage -> stage.kernel().scratchBytes()).max().orElse(0);
    }
  }

  /**
   * A node of a stream, or a convolution and its max pooling as one kernel. The operand that is the
   * output of the stage before it comes from that stage's ring; all others lie whole in memory.
   *
   * @param ringRows the rows of its output that are kept: all of them for the last stage
   */
  record Stage(List<Node> nodes, Kernel kernel, int ringRows) {
    public Stage {
      nodes = List.copyOf(nodes);
    }

    /** What the stage computes. */
    public Value output() {
      return nodes.getLast().output();
    }

    /** What the stage's kernel reads at run time, in the order of {@link Kernel#operands}. */
    public List<Value> operands() {
      return kernel.operands().stream().map(nodes.getFirst().inputs()::get).toList();
    }
  }
}
