package dev.thimble.schedule.offsets;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Judges a solution by the definition of the problem. It is as plain as can be, on purpose, and
 * shares no code with the solvers.
 */
public final class OffsetsValidator {
  private static final int MOST_ERRORS = 20;

  private OffsetsValidator() {}

  private record Placed(int block, long start, long end, int first, int last) {}

  /** What is wrong with the solution, as sentences that name the blocks; empty if nothing is. */
  public static List<String> errors(Problem problem, Solution solution) {
    List<Block> blocks = problem.blocks();
    List<Long> offsets = solution.offsets();
    if (offsets.size() != blocks.size()) {
      return List.of(
          String.format(
              Locale.ROOT, "there are %d offsets for %d blocks", offsets.size(), blocks.size()));
    }
    List<String> errors = new ArrayList<>();
    long size = 0;
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      long offset = offsets.get(i);
      if (offset < 0 || offset % block.alignment() != 0) {
        errors.add(
            String.format(
                Locale.ROOT,
                "block '%s' lies at %d, expected a multiple of %d that is not below 0",
                block.name(),
                offset,
                block.alignment()));
      }
      for (Part part : block.parts()) {
        size = Math.max(size, offset + part.offset() + part.bytes());
      }
    }
    if (size != solution.size()) {
      errors.add(String.format(Locale.ROOT, "the size is %d, stated as %d", size, solution.size()));
    }
    clearances(problem, offsets, errors);
    overlaps(problem, offsets, errors);
    return errors;
  }

  /** Throws an {@link IllegalStateException} that lists what is wrong with the solution, if any. */
  public static void check(Problem problem, Solution solution) {
    List<String> errors = errors(problem, solution);
    if (!errors.isEmpty()) {
      throw new IllegalStateException(
          "offsets found by " + solution.solver() + " are wrong: " + String.join("; ", errors));
    }
  }

  private static void clearances(Problem problem, List<Long> offsets, List<String> errors) {
    for (Clearance rule : problem.clearances()) {
      long difference = offsets.get(rule.second()) - offsets.get(rule.first());
      if (rule.low() < difference && difference < rule.high()) {
        errors.add(
            String.format(
                Locale.ROOT,
                "block '%s' lies %d bytes from block '%s', strictly between %d and %d",
                problem.blocks().get(rule.second()).name(),
                difference,
                problem.blocks().get(rule.first()).name(),
                rule.low(),
                rule.high()));
      }
    }
  }

  /** Compares each part with those that are in use when it begins to be. */
  private static void overlaps(Problem problem, List<Long> offsets, List<String> errors) {
    List<Placed> parts = new ArrayList<>();
    for (int i = 0; i < problem.blocks().size(); i++) {
      for (Part part : problem.blocks().get(i).parts()) {
        long start = offsets.get(i) + part.offset();
        parts.add(new Placed(i, start, start + part.bytes(), part.first(), part.last()));
      }
    }
    parts.sort(Comparator.comparingInt(Placed::first));
    List<Placed> live = new ArrayList<>();
    for (Placed part : parts) {
      live.removeIf(other -> other.last < part.first);
      for (Placed other : live) {
        if (part.block != other.block && part.start < other.end && other.start < part.end) {
          errors.add(
              String.format(
                  Locale.ROOT,
                  "blocks '%s' and '%s' overlap at tick %d: bytes %d to %d and %d to %d",
                  problem.blocks().get(other.block).name(),
                  problem.blocks().get(part.block).name(),
                  part.first,
                  other.start,
                  other.end,
                  part.start,
                  part.end));
          if (errors.size() >= MOST_ERRORS) {
            return;
          }
        }
      }
      live.add(part);
    }
  }
}
