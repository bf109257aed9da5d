package dev.thimble.schedule;

import dev.thimble.graph.Node;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.Parameter;
import java.util.ArrayList;
import java.util.List;

/**
 * How the constant tables of a step lie side by side when they are copied.
 *
 * @param tables the tables in the order of the step's calls and of their parameters
 * @param bytes the size of all, a multiple of {@value #UNIT}
 */
public record WeightLayout(List<Placed> tables, long bytes) {
  /** Copies are of whole words, and every table begins with one. */
  static final int UNIT = 4;

  /**
   * A table of a call.
   *
   * @param first the first node of the call
   * @param offset where the table begins, in bytes from the first table's start
   */
  public record Placed(Node first, Parameter.Table table, long offset) {}

  public WeightLayout {
    tables = List.copyOf(tables);
  }

  /** The layout of a step's tables; empty if it has none. */
  public static WeightLayout of(Step step) {
    List<Placed> tables = new ArrayList<>();
    long bytes =
        switch (step) {
          case Step.Single single -> add(tables, single.nodes().getFirst(), single.kernel(), 0);
          case Step.Stream stream -> {
            long end = 0;
            for (Step.Stage stage : stream.stages()) {
              end = add(tables, stage.nodes().getFirst(), stage.kernel(), end);
            }
            yield end;
          }
        };
    return new WeightLayout(tables, bytes);
  }

  private static long add(List<Placed> tables, Node first, Kernel kernel, long begin) {
    long end = begin;
    for (Parameter parameter : kernel.parameters()) {
      if (parameter instanceof Parameter.Table table) {
        tables.add(new Placed(first, table, end));
        end += (table.bytes() + UNIT - 1) / UNIT * UNIT;
      }
    }
    return end;
  }

  /** Whether there is nothing to copy. */
  public boolean isEmpty() {
    return tables.isEmpty();
  }
}
