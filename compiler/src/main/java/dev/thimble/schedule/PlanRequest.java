package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import dev.thimble.kernel.KernelLibrary;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.offsets.Effort;
import java.util.OptionalLong;

/**
 * What memory is to be planned for.
 *
 * @param feedRows whether the graph's input arrives row by row
 * @param ram the most bytes that the arena may have, if there is a limit
 * @param effort how much work the search for offsets may take
 */
public record PlanRequest(
    Graph graph,
    NodeKernels kernels,
    Rounding rounding,
    boolean feedRows,
    OptionalLong ram,
    Effort effort) {
  /** One library for all nodes. */
  public PlanRequest(
      Graph graph,
      KernelLibrary kernels,
      Rounding rounding,
      boolean feedRows,
      OptionalLong ram,
      Effort effort) {
    this(graph, NodeKernels.same(kernels), rounding, feedRows, ram, effort);
  }

  /** The whole input in memory, no limit, and no more work than a compilation has time for. */
  public static PlanRequest of(Graph graph, KernelLibrary kernels, Rounding rounding) {
    return new PlanRequest(graph, kernels, rounding, false, OptionalLong.empty(), Effort.FAST);
  }
}
