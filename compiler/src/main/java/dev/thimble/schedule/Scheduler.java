package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelException;
import dev.thimble.kernel.KernelLibrary;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Rounding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes steps of a graph's nodes. */
public final class Scheduler {
  /** So many elements of any type have offsets in bytes that fit 32 signed bits. */
  private static final int MAX_ELEMENTS = Integer.MAX_VALUE / 4;

  private Scheduler() {}

  /**
   * Each node as a step of its own, in the graph's order. Throws {@link KernelException} with a
   * line for every node that has no kernel.
   */
  public static Schedule whole(Graph graph, NodeKernels kernels, Rounding rounding) {
    List<Step> steps = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    for (Node node : graph.nodes()) {
      try {
        requireAddressable(node);
        KernelRequest request = request(graph, node, rounding);
        KernelLibrary library = kernels.of(node);
        steps.add(new Step.Whole(node, library.select(request), library.byRows(request)));
      } catch (KernelException e) {
        failures.add(node.place() + ": " + e.getMessage());
      }
    }
    if (!failures.isEmpty()) {
      throw new KernelException(String.join("\n", failures));
    }
    return new Schedule(graph, steps);
  }

  /** {@link #whole(Graph, NodeKernels, Rounding)} with one library for all nodes. */
  public static Schedule whole(Graph graph, KernelLibrary kernels, Rounding rounding) {
    return whole(graph, NodeKernels.same(kernels), rounding);
  }

  private static void requireAddressable(Node node) {
    for (Value value : Stream.concat(node.inputs().stream(), node.outputs().stream()).toList()) {
      if (value.type().elements() > MAX_ELEMENTS) {
        throw new KernelException(
            "'"
                + value.name()
                + "' has "
                + value.type().elements()
                + " elements; kernels take at most "
                + MAX_ELEMENTS);
      }
    }
  }

  /**
   * The schedule with each convolution and the max pooling that alone reads it as one step, where
   * the library fuses the two. The step runs where the pooling ran.
   */
  public static Schedule fused(Schedule schedule, NodeKernels kernels, Rounding rounding) {
    Graph graph = schedule.graph();
    Map<Node, Step> steps = new LinkedHashMap<>();
    schedule.steps().forEach(step -> steps.put(step.nodes().getLast(), step));
    for (Step step : schedule.steps()) {
      Node node = step.nodes().getLast();
      Optional<Node> reader = graph.onlyReader(node.output());
      if (step instanceof Step.Whole
          && reader.isPresent()
          && isPair(node, reader.get())
          && !readsState(graph, node)) {
        KernelRequest convolution = request(graph, node, rounding);
        KernelRequest pooling = request(graph, reader.get(), rounding);
        Optional<Kernel> kernel = kernels.of(node).fuse(convolution, pooling);
        if (kernel.isPresent()) {
          steps.remove(node);
          steps.replace(
              reader.get(),
              new Step.FusedPool(
                  node, reader.get(), kernel.get(), kernels.of(node).byRows(convolution, pooling)));
        }
      }
    }
    return new Schedule(graph, List.copyOf(steps.values()));
  }

  /** Such a node must not run later than its place: what the state becomes may be there. */
  private static boolean readsState(Graph graph, Node node) {
    return graph.states().stream().anyMatch(state -> node.inputs().contains(state.current()));
  }

  /** {@link #fused(Schedule, NodeKernels, Rounding)} with one library for all nodes. */
  public static Schedule fused(Schedule schedule, KernelLibrary kernels, Rounding rounding) {
    return fused(schedule, NodeKernels.same(kernels), rounding);
  }

  private static boolean isPair(Node convolution, Node pooling) {
    return (convolution.op() instanceof Conv2d || convolution.op() instanceof DepthwiseConv2d)
        && pooling.op() instanceof Pool2d pool
        && pool.pooling() == Pool2d.Kind2d.MAX;
  }

  private static KernelRequest request(Graph graph, Node node, Rounding rounding) {
    return new KernelRequest(
        node.op(),
        node.inputTypes(),
        node.inputs().stream().map(graph::constant).toList(),
        node.outputTypes(),
        rounding);
  }
}
