package dev.thimble.schedule.order;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;

/**
 * Something that runs once, reads values and writes others. Where one task must run before another
 * although no bytes pass between them, a value of size 0 says so.
 *
 * @param name for messages
 * @param reads the values that it reads, each once, by their index in the problem
 * @param writes the values that it writes, by their index in the problem
 * @param scratchBytes what it needs in memory besides values while it runs
 * @param overwrites the value, one of those read, whose memory the first written value may take
 *     over if this task is the value's last reader
 */
public record Task(
    String name,
    List<Integer> reads,
    List<Integer> writes,
    long scratchBytes,
    OptionalInt overwrites) {
  /**
   * Throws IllegalArgumentException when a value is listed twice or the overwritten is not read.
   */
  public Task {
    reads = List.copyOf(reads);
    writes = List.copyOf(writes);
    if (new HashSet<>(reads).size() < reads.size()
        || new HashSet<>(writes).size() < writes.size()) {
      throw new IllegalArgumentException("task '" + name + "' lists a value twice");
    }
    if (scratchBytes < 0) {
      throw new IllegalArgumentException("task '" + name + "' has negative scratch");
    }
    if (overwrites.isPresent() && (!reads.contains(overwrites.getAsInt()) || writes.isEmpty())) {
      throw new IllegalArgumentException(
          "task '" + name + "' overwrites a value that it does not read, or writes none");
    }
  }
}
