package dev.thimble.schedule.offsets;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Seeded problems, and the smallest size of small ones by trying all offsets. */
final class RandomProblems {
  private RandomProblems() {}

  /** Plain buffers of up to {@code most} bytes that live for some of {@code ticks} ticks. */
  static Problem plain(SplittableRandom random, int count, int most, int ticks) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int first = random.nextInt(ticks);
      int last = Math.min(ticks - 1, first + random.nextInt(1 + ticks / 2));
      blocks.add(Block.plain("b" + i, alignment(random), 1 + random.nextInt(most), first, last));
    }
    return new Problem(blocks);
  }

  /** Blocks of up to three parts each, with clearances for some of the pairs. */
  static Problem any(SplittableRandom random, int count, int most, int ticks) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Part> parts = new ArrayList<>();
      for (int p = random.nextInt(3); p >= 0; p--) {
        int first = random.nextInt(ticks);
        int last = Math.min(ticks - 1, first + random.nextInt(1 + ticks / 2));
        parts.add(new Part(random.nextInt(most), 1 + random.nextInt(most), first, last));
      }
      blocks.add(new Block("b" + i, alignment(random), parts));
    }
    List<Clearance> clearances = new ArrayList<>();
    for (int i = random.nextInt(count); i > 0 && count > 1; i--) {
      int a = random.nextInt(count);
      int b = (a + 1 + random.nextInt(count - 1)) % count;
      int low = random.nextInt(2 * most) - most;
      clearances.add(new Clearance(a, b, low, low + random.nextInt(most)));
    }
    return new Problem(blocks, clearances);
  }

  private static int alignment(SplittableRandom random) {
    return random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1;
  }

  /** The smallest size, found by trying all offsets below a size that is known to be enough. */
  static long smallestSize(Problem problem, long enough) {
    long size = problem.blocks().stream().mapToLong(Block::bytes).max().orElse(0);
    while (size < enough && !fits(problem, size, new ArrayList<>())) {
      size++;
    }
    return size;
  }

  private static boolean fits(Problem problem, long size, List<Long> offsets) {
    int next = offsets.size();
    if (next == problem.blocks().size()) {
      return true;
    }
    Block block = problem.blocks().get(next);
    for (long o = 0; o + block.bytes() <= size; o += block.alignment()) {
      offsets.add(o);
      if (lastIsAllowed(problem, offsets) && fits(problem, size, offsets)) {
        return true;
      }
      offsets.removeLast();
    }
    return false;
  }

  private static boolean lastIsAllowed(Problem problem, List<Long> offsets) {
    int last = offsets.size() - 1;
    for (Clearance rule : problem.clearances()) {
      if (Math.max(rule.first(), rule.second()) == last) {
        long difference = offsets.get(rule.second()) - offsets.get(rule.first());
        if (rule.low() < difference && difference < rule.high()) {
          return false;
        }
      }
    }
    for (Part part : problem.blocks().get(last).parts()) {
      for (int other = 0; other < last; other++) {
        long difference = offsets.get(last) - offsets.get(other);
        for (Part theirs : problem.blocks().get(other).parts()) {
          if (part.meets(theirs)
              && difference + part.offset() < theirs.end()
              && theirs.offset() < difference + part.end()) {
            return false;
          }
        }
      }
    }
    return true;
  }
}
