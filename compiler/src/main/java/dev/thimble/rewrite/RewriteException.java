package dev.thimble.rewrite;

/** A rule that does not come to an end or breaks the graph; the message names the rule. */
public final class RewriteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RewriteException(String message) {
    super(message);
  }

  public RewriteException(String message, Throwable cause) {
    super(message, cause);
  }
}
