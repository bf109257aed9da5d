package dev.thimble.report;

import java.util.List;

/** What {@code targets --json} prints. */
public record TargetsReport(List<TargetRow> targets) {
  public TargetsReport {
    targets = List.copyOf(targets);
  }

  /**
   * A target.
   *
   * @param verify whether {@code verify} can run programs for it
   * @param profile whether {@code profile} can count them
   * @param boards the boards of this target that come with Thimble
   */
  public record TargetRow(
      String name, List<String> aliases, boolean verify, boolean profile, List<String> boards) {
    public TargetRow {
      aliases = List.copyOf(aliases);
      boards = List.copyOf(boards);
    }
  }
}
