package dev.thimble.report;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code estimate --json} prints: what a network would take on boards. Sizes of constants and
 * the arena are those that {@code compile} gives; the rest comes from models, and its basis names
 * them.
 */
public record EstimateReport(
    CompileReport.Model model, Map<String, Object> options, List<BoardRow> boards) {
  public EstimateReport {
    boards = List.copyOf(boards);
  }

  /** A board, and the network on it: as it is given, then with elements of the other kind. */
  public record BoardRow(String board, String target, double clockMhz, List<Variant> variants) {
    public BoardRow {
      variants = List.copyOf(variants);
    }
  }

  /**
   * A network on a board.
   *
   * @param precision {@code int8} or {@code float32}
   * @param given whether that is the network as it is given; the other is one of the same shapes
   * @param fits whether {@code compile --board} would take it; null where it cannot be made
   * @param reason why it does not fit, or cannot be made
   * @param arenaBytes the arena that it takes, or, where it does not fit, would need
   * @param ramBytes the most that the board has for an arena
   * @param codeBytes an estimate
   * @param flashBytes constants and code together
   */
  public record Variant(
      String precision,
      boolean given,
      @Nullable Boolean fits,
      @Nullable String reason,
      @Nullable Long macs,
      @Nullable Long arenaBytes,
      @Nullable String memoryStrategy,
      long ramBytes,
      @Nullable Long weightsBytes,
      @Nullable Long codeBytes,
      String codeBytesBasis,
      @Nullable Long flashBytes,
      long boardFlashBytes,
      @Nullable Long cycles,
      @Nullable String cyclesBasis,
      @Nullable Double latencyMs,
      @Nullable String latencyMsBasis,
      @Nullable Double energyUj,
      @Nullable String energyUjBasis) {}
}
