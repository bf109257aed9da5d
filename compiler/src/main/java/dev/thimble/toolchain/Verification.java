package dev.thimble.toolchain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /**
   * The result on one target; no difference means that all was equal.
   *
   * @param vectorBits the lengths of vector registers with which the program ran, where the target
   *     leaves them open; with a difference, the one that has it
   */
  public record OnTarget(String target, List<Integer> vectorBits, Optional<Difference> difference) {
    public OnTarget {
      vectorBits = List.copyOf(vectorBits);
    }
  }

  /** One result for each target: its first difference, or that all its runs were equal. */
  static List<OnTarget> byTarget(List<OnTarget> runs) {
    Map<String, OnTarget> results = new LinkedHashMap<>();
    for (OnTarget run : runs) {
      results.merge(run.target(), run, Verification::both);
    }
    return List.copyOf(results.values());
  }

  private static OnTarget both(OnTarget first, OnTarget second) {
    if (first.difference().isPresent()) {
      return first;
    }
    if (second.difference().isPresent()) {
      return second;
    }
    List<Integer> bits = new ArrayList<>(first.vectorBits());
    bits.addAll(second.vectorBits());
    return new OnTarget(first.target(), bits, Optional.empty());
  }

  /**
   * The first element that differs.
   *
   * @param sample the sample, counted from 0
   * @param node the reference network's value
   * @param index the element in that value, row-major
   */
  public record Difference(int sample, String node, int index, String expected, String got) {}

  /** Both verifications, of programs for different targets on the same samples. */
  public Verification and(Verification other) {
    List<OnTarget> all = new ArrayList<>(targets);
    all.addAll(other.targets);
    return new Verification(
        Math.max(samples, other.samples), valuesCompared + other.valuesCompared, all);
  }

  /** Whether everything was equal everywhere. */
  public boolean equal() {
    return targets.stream().allMatch(target -> target.difference().isEmpty());
  }
}
