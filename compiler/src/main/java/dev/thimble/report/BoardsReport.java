package dev.thimble.report;

import java.util.List;
import java.util.Map;

/**
 * What {@code boards --json} prints.
 *
 * @param boards each board as {@code --board FILE.json} reads it
 */
public record BoardsReport(List<Map<String, Object>> boards) {
  public BoardsReport {
    boards = List.copyOf(boards);
  }
}
