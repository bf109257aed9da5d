package dev.thimble.report;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a compilation: what {@code compile --json} prints and {@code report.json} holds,
 * field by field in snake case. Sizes are in bytes, times in milliseconds; what is not known is
 * null.
 *
 * @param macsSource multiply-accumulates of the network as imported
 * @param macs multiply-accumulates that the generated program executes
 * @param weightsBytes filters, biases, requantisation tables and every other constant table
 * @param arenaLowerBound the largest sum of live bytes at one step of the chosen schedule
 */
public record CompileReport(
    Model model,
    List<Port> inputs,
    List<Port> outputs,
    String name,
    String target,
    @Nullable String board,
    Map<String, Object> options,
    long macsSource,
    long macs,
    long filtersBytes,
    long biasRequantBytes,
    long weightsBytes,
    @Nullable Long codeBytes,
    @Nullable Long stackBytes,
    long arenaBytes,
    Arena arena,
    long arenaLowerBound,
    String memoryStrategy,
    @Nullable Long cycles,
    @Nullable String cyclesBasis,
    @Nullable Double latencyMs,
    @Nullable String latencyMsBasis,
    @Nullable Double energyUj,
    @Nullable String energyUjBasis,
    List<NodeRow> nodes,
    List<StepRow> steps,
    List<BufferRow> buffers,
    List<RewriteRow> rewrites,
    List<Alternative> alternatives,
    List<RegionRow> regions,
    List<PrefetchRow> prefetch,
    @Nullable QuantizationRow quantization) {
  /** This report of a network that was quantised for the compilation. */
  public CompileReport withQuantization(@Nullable QuantizationRow how) {
    return new CompileReport(
        model,
        inputs,
        outputs,
        name,
        target,
        board,
        options,
        macsSource,
        macs,
        filtersBytes,
        biasRequantBytes,
        weightsBytes,
        codeBytes,
        stackBytes,
        arenaBytes,
        arena,
        arenaLowerBound,
        memoryStrategy,
        cycles,
        cyclesBasis,
        latencyMs,
        latencyMsBasis,
        energyUj,
        energyUjBasis,
        nodes,
        steps,
        buffers,
        rewrites,
        alternatives,
        regions,
        prefetch,
        how);
  }

  /**
   * How a float network was changed before it was compiled: its preprocessing taken in, or made
   * int8.
   *
   * @param data the samples' paths, relative to the folder of the report; or {@code random}; empty
   *     for a network that stays float
   * @param steps what was done and kept, such as {@code equalization}
   * @param inFloat the nodes that are still computed in float32
   * @param precisions what was asked of single nodes, such as {@code conv=int16}
   * @param int16 the search for activations of int16 that was asked for, such as {@code auto:5}
   * @param int16Values what that search made int16
   */
  public record QuantizationRow(
      List<String> data,
      long samples,
      String precision,
      String calibrator,
      String quality,
      String io,
      @Nullable String inputRange,
      @Nullable String mean,
      @Nullable String std,
      boolean resize,
      boolean grey,
      Map<String, String> methods,
      List<String> steps,
      List<InFloat> inFloat,
      List<FilterRow> filters,
      List<String> precisions,
      @Nullable String int16,
      List<Int16Row> int16Values) {}

  /**
   * An activation that a search made int16.
   *
   * @param bytes what it took as int8
   * @param part its part of all activations' bytes
   * @param snrDbBefore the outputs' signal-to-noise ratio before it was int16
   * @param snrDbAfter the same then
   */
  public record Int16Row(
      String node, String op, long bytes, double part, double snrDbBefore, double snrDbAfter) {}

  /**
   * A filter of a quantised network.
   *
   * @param format such as {@code int4}
   * @param bytes its packed elements
   * @param lossAlone the part of the outputs' squares that is lost where this filter alone has this
   *     format, if a search measured it
   */
  public record FilterRow(
      String node, String op, String format, long bytes, @Nullable Double lossAlone) {}

  /** A node of a quantised network that is computed in float32, and why. */
  public record InFloat(String node, String op, String reason) {}

  /** The network's file: {@code path} is relative to the folder that the report lies in. */
  public record Model(String name, String format, String sha256, @Nullable String path) {}

  /** An input or output of the network. */
  public record Port(
      String name,
      String dtype,
      List<Integer> shape,
      String layout,
      List<Integer> sourceShape,
      @Nullable Float scale,
      @Nullable Integer zeroPoint) {}

  /** What the arena holds at the step that needs most. */
  public record Arena(
      long state, long input, long output, long activations, long scratch, long holes) {}

  /** A node of the generated program. */
  public record NodeRow(
      String name,
      String op,
      String kernel,
      List<Integer> outputShape,
      long macs,
      long weightsBytes,
      @Nullable Long instructions,
      @Nullable Long cycles,
      boolean streamed) {}

  /** What runs together, and its ticks, both inclusive: two for a call, one for a stream's turn. */
  public record StepRow(List<String> nodes, boolean streamed, int first, int last) {}

  /** A piece of the arena and the ticks at which it is in use, both inclusive. */
  public record BufferRow(String name, long offset, long bytes, int first, int last) {}

  /** How often a rewrite rule was applied. */
  public record RewriteRow(String rule, int count) {}

  /**
   * A memory of the board that the arena lies in.
   *
   * @param offset where its part of the arena begins, in the offsets of the buffers
   * @param bytesUsed the arena's bytes in it
   * @param bytes its size
   * @param address in hexadecimal
   * @param accesses an estimate of the bytes that one inference reads and writes there
   */
  public record RegionRow(
      String name,
      long offset,
      long bytesUsed,
      long bytes,
      @Nullable String address,
      @Nullable String section,
      long accesses) {}

  /**
   * Weights that are copied to the arena.
   *
   * @param node the first node that reads them
   * @param step the step that reads them
   * @param from the step before which the copy begins; -1 before the first row of the input
   * @param offset of the copy in the arena
   */
  public record PrefetchRow(String node, int step, int from, long offset, long bytes) {}

  /** What another memory strategy would need. */
  public record Alternative(String strategy, long arenaBytes, @Nullable Long cycles) {}
}
