package dev.thimble.cli.coverage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one model.
 *
 * @param name its path from the folder that was given, that folder's name first
 * @param format its format, by its extension
 * @param family {@code QDQ}, {@code QONNX} or {@code QOperator} for files whose ONNX operators are
 *     of that family; empty for others
 * @param peer how a peer's outputs compare, where there is one
 */
record ModelResult(
    String name,
    String format,
    String family,
    Status status,
    int nodes,
    List<String> reasons,
    @Nullable String peer) {
  /** The kinds of results, in the order in which the page counts them. */
  enum Status {
    VERIFIED("verified"),
    REFUSED("refused"),
    NO_MODEL("no model"),
    DIFFERS("differs"),
    FAILED("failed");

    private final String text;

    Status(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  ModelResult {
    reasons = List.copyOf(reasons);
  }
}
