package dev.thimble.report;

import java.util.List;

/** What {@code run --json} prints: a result for each sample, in the source's shape and order. */
public record RunReport(List<Result> results) {
  public RunReport {
    results = List.copyOf(results);
  }

  /** The network's outputs for one sample. */
  public record Result(List<Output> outputs) {}

  /** One output: integers as stored, or floats. */
  public record Output(String name, String dtype, List<Integer> shape, List<Number> values) {}
}
