package dev.thimble.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code profile --json} prints: one inference on a simulated core. Counts are exact; {@code
 * cycles} come from a model of the core that {@code cyclesBasis} names. {@code vlen} is the length
 * in bits of vector registers, where the target leaves it open, and {@code elementOperations} what
 * its vector instructions work on at most, each counted as if it worked on all elements that its
 * operands hold.
 */
public record ProfileReport(
    String target,
    @Nullable Integer vlen,
    @Nullable String board,
    long instructions,
    @Nullable Long cycles,
    @Nullable String cyclesBasis,
    @Nullable Double latencyMs,
    @Nullable String latencyMsBasis,
    @Nullable Double energyUj,
    @Nullable String energyUjBasis,
    long loads,
    long stores,
    long unaligned,
    @Nullable Long elementOperations,
    long stackBytes,
    long arenaBytes,
    long codeBytes,
    long weightsBytes,
    List<RegionRow> regions,
    List<NodeRow> nodes) {
  public ProfileReport {
    regions = List.copyOf(regions);
    nodes = List.copyOf(nodes);
  }

  /** Accesses to one memory region. */
  public record RegionRow(String name, long loads, long stores, long loadBytes, long storeBytes) {}

  /** A node's share; nodes that one kernel serves appear as one row. */
  public record NodeRow(
      String name,
      String op,
      long macs,
      long instructions,
      @Nullable Long cycles,
      long loads,
      long stores,
      @Nullable Long elementOperations) {}
}
