package dev.thimble.toolchain;

import java.util.List;
import java.util.Optional;

/**
 * What a verification found.
 *
 * @param samples the inferences that were compared on each target
 * @param valuesCompared the tensors that were compared, over all samples and targets
 */
public record Verification(int samples, long valuesCompared, List<OnTarget> targets) {
  public Verification {
    targets = List.copyOf(targets);
  }

  /** The result on one target; no difference means that all was equal. */
  public record OnTarget(String target, Optional<Difference> difference) {}

  /**
   * The first element that differs.
   *
   * @param sample the sample, counted from 0
   * @param node the reference network's value
   * @param index the element in that value, row-major
   */
  public record Difference(int sample, String node, int index, String expected, String got) {}

  /** Whether everything was equal everywhere. */
  public boolean equal() {
    return targets.stream().allMatch(target -> target.difference().isEmpty());
  }
}
