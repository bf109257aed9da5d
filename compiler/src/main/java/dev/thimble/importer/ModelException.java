package dev.thimble.importer;

import java.util.List;

/**
 * A model file that cannot be read, or a network of which not everything is supported. The message
 * is meant for the person who gave the file: {@code file: place: what was found; remedy}, or, for
 * unsupported nodes, a list with a line for each of them.
 */
public final class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> openInputs;

  private ModelException(String message, List<String> openInputs) {
    super(message);
    this.openInputs = List.copyOf(openInputs);
  }

  /** A file whose content is wrong at one place. */
  public static ModelException at(String file, String place, String what, String remedy) {
    return new ModelException(file + ": " + place + ": " + what + "; " + remedy, List.of());
  }

  /**
   * A well-formed network of which not everything is supported: a line for each finding, all of
   * them in one message, then the remedy.
   */
  public static ModelException unsupported(
      String file, String summary, List<String> findings, String remedy) {
    return unsupported(file, summary, findings, remedy, List.of());
  }

  /**
   * A well-formed network of which not everything is supported, because of what it computes from
   * some of its inputs too: {@code openInputs} are those that as constants would leave fewer
   * findings.
   */
  public static ModelException unsupported(
      String file, String summary, List<String> findings, String remedy, List<String> openInputs) {
    StringBuilder message = new StringBuilder(file).append(": ").append(summary).append(":");
    findings.forEach(finding -> message.append("\n  ").append(finding));
    return new ModelException(message.append("\nremedy: ").append(remedy).toString(), openInputs);
  }

  /** So many of something, with its plural. */
  public static String counted(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /** The model's inputs that as constants would leave fewer findings. */
  public List<String> openInputs() {
    return openInputs;
  }
}
