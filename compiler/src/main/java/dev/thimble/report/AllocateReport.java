package dev.thimble.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code allocate --json} prints: a result for each table of blocks. */
public record AllocateReport(List<Result> results) {
  public AllocateReport {
    results = List.copyOf(results);
  }

  /**
   * One table.
   *
   * @param file the name of the table as it was given
   * @param blocks how many blocks it has
   * @param size the bytes of the arena that was found
   * @param lowerBound the largest sum of bytes in use at one time
   * @param bound no arena is smaller than this; the best bound that was proved
   * @param optimal whether the bound is the size
   * @param solver what found the arena or the proof
   * @param seconds the time that solving took
   * @param capacity the bytes that there are, if they were given
   * @param fits whether the size is within the capacity; true without one
   * @param offsets where each block lies, in the table's order
   */
  public record Result(
      String file,
      int blocks,
      long size,
      long lowerBound,
      long bound,
      boolean optimal,
      String solver,
      double seconds,
      @Nullable Long capacity,
      boolean fits,
      List<Placed> offsets) {
    public Result {
      offsets = List.copyOf(offsets);
    }
  }

  /** One block and its offset in bytes. */
  public record Placed(String id, long offset) {}
}
