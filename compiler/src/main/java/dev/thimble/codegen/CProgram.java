package dev.thimble.codegen;

import dev.thimble.graph.Value;
import java.util.List;
import java.util.Map;

/**
 * The text of a generated program.
 *
 * @param name the name that its symbols carry
 * @param files file name to text, in the order in which they are best read
 * @param traced the values that the trace hook reports, by the number it gives them
 * @param nodes for each node of the plan's schedule, in the graph's order, the number of the C
 *     function that runs it, counted from 0 and shared by nodes that one kernel serves
 * @param sizes the constants' bytes
 * @param arenaBytes of its arena, all parts together
 * @param fedByRows whether the input arrives row by row
 * @param regions the names in C of the memories that the arena lies in, where there are several
 */
public record CProgram(
    CName name,
    Map<String, String> files,
    List<Traced> traced,
    List<Integer> nodes,
    Sizes sizes,
    long arenaBytes,
    boolean fedByRows,
    List<String> regions) {
  /**
   * A value that the trace hook reports.
   *
   * @param whole whether all of it is: of a stream's values, only the rows that are read are
   *     computed
   */
  public record Traced(Value value, boolean whole) {}

  /** Bytes of constants: filters, biases and requantisation tables, and every table together. */
  public record Sizes(long filters, long biasRequant, long weights) {}

  public CProgram {
    traced = List.copyOf(traced);
    nodes = List.copyOf(nodes);
    regions = List.copyOf(regions);
  }
}
