package dev.thimble.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code verify --json} prints. */
public record VerifyReport(
    boolean equal, int samples, long valuesCompared, List<TargetResult> targets) {
  public VerifyReport {
    targets = List.copyOf(targets);
  }

  /**
   * The comparison on one target; {@code vlens} are the lengths in bits of vector registers with
   * which the program ran, where the target leaves them open.
   */
  public record TargetResult(
      String target, List<Integer> vlens, boolean equal, @Nullable Difference firstDifference) {
    public TargetResult {
      vlens = List.copyOf(vlens);
    }
  }

  /** The first element that differs, in the order of execution. */
  public record Difference(int sample, String node, int index, String expected, String got) {}
}
