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
 * @param constants the inputs that were taken from a recording beside the model, as constants
 * @param narrow whether the model's float64 was computed with float32
 */
record ModelResult(
    String name,
    String format,
    String family,
    Status status,
    int nodes,
    List<String> reasons,
    @Nullable String peer,
    List<String> constants,
    boolean narrow) {
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

  /** A result of a model as it is. */
  ModelResult(
      String name,
      String format,
      String family,
      Status status,
      int nodes,
      List<String> reasons,
      @Nullable String peer) {
    this(name, format, family, status, nodes, reasons, peer, List.of(), false);
  }

  ModelResult {
    reasons = List.copyOf(reasons);
    constants = List.copyOf(constants);
  }
}
