package dev.thimble.schedule;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What runs at one point of a schedule. */
public sealed interface Step {
  /** The nodes that the step runs, in the schedule's order. */
  List<Node> nodes();

  /** The values that the step leaves behind whole in memory. */
  List<Value> outputs();

  /** A step that is a single call of a kernel. */
  sealed interface Single extends Step {
    Kernel kernel();

    /** The kernel by which the step runs in a stream, where that is another. */
    Optional<Kernel> byRows();

    /** The kernel by which the step runs in a stream, if its form allows it. */
    default Kernel streamKernel() {
      return byRows().orElse(kernel());
    }

    @Override
    default List<Value> outputs() {
      return nodes().getLast().outputs();
    }
  }

  /** One node, its operands and its output whole in memory. */
  record Whole(Node node, Kernel kernel, Optional<Kernel> byRows) implements Single {
    public Whole(Node node, Kernel kernel) {
      this(node, kernel, Optional.empty());
    }

    @Override
    public List<Node> nodes() {
      return List.of(node);
    }
  }

  /** A convolution and the max pooling after it as one kernel; the map between is never stored. */
  record FusedPool(Node convolution, Node pooling, Kernel kernel, Optional<Kernel> byRows)
      implements Single {
    public FusedPool(Node convolution, Node pooling, Kernel kernel) {
      this(convolution, pooling, kernel, Optional.empty());
    }

    @Override
    public List<Node> nodes() {
      return List.of(convolution, pooling);
    }
  }

  /**
   * Stages that run row by row, in the order that {@link RowOrder} lists. A stage's output is whole
   * in memory if it is kept; otherwise each of its rows has memory from when it is computed until
   * no stage reads it any more.
   *
   * @param fed the network's input, where it arrives row by row while the stream runs
   * @param stages in the schedule's order
   */
  record Stream(Optional<Fed> fed, List<Stage> stages, RowOrder order) implements Step {
    public Stream {
      stages = List.copyOf(stages);
    }

    @Override
    public List<Node> nodes() {
      return stages.stream().flatMap(stage -> stage.nodes().stream()).toList();
    }

    @Override
    public List<Value> outputs() {
      List<Value> outputs = new ArrayList<>();
      fed.filter(Fed::kept).ifPresent(f -> outputs.add(f.value()));
      stages.stream().filter(Stage::kept).forEach(stage -> outputs.add(stage.output()));
      return List.copyOf(outputs);
    }
  }

  /**
   * A graph input that arrives row by row.
   *
   * @param rows how many rows arrive, each of {@code rowBytes} bytes
   * @param kept whether it is gathered whole in memory
   */
  record Fed(Value value, int rows, int rowBytes, boolean kept) {}

  /**
   * A node of a stream, or a convolution and its max pooling as one kernel.
   *
   * @param rows how the kernel takes and makes rows
   * @param kept whether the output is whole in memory
   */
  record Stage(List<Node> nodes, Kernel kernel, RowForm rows, boolean kept) {
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
