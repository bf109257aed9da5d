package dev.thimble.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code verify --json} prints. */
public record VerifyReport(
    boolean equal, int samples, long valuesCompared, List<TargetResult> targets) {
  public VerifyReport {
    targets = List.copyOf(targets);
  }

  /** The comparison on one target. */
  public record TargetResult(String target, boolean equal, @Nullable Difference firstDifference) {}

  /** The first element that differs, in the order of execution. */
  public record Difference(int sample, String node, int index, String expected, String got) {}
}
