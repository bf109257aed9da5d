package dev.thimble.cli.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run measured; null for what it was not asked for.
 *
 * @param command the command that measures the same, without paths of this machine
 * @param target the simulated core
 * @param simulated whether programs were run on it
 * @param core the processor that the times are of
 */
record BenchReport(
    String command,
    String target,
    boolean simulated,
    String core,
    @Nullable List<MemoryBench.Row> memory,
    SpeedBench.@Nullable Result speed,
    @Nullable List<HostBench.Row> host,
    @Nullable List<AllocatorBench.Row> allocator,
    @Nullable List<PlanningBench.Row> planning,
    @Nullable List<FormatsBench.Row> formats) {
  /** Whether a simulated program computed something else than its network, or did not run. */
  boolean failed() {
    return (memory != null && memory.stream().anyMatch(MemoryBench.Row::failed))
        || (speed != null && speed.failed())
        || (host != null && !host.stream().allMatch(HostBench.Row::equal))
        || (formats != null && !formats.stream().allMatch(FormatsBench.Row::equal));
  }
}
