package dev.thimble.kernel;

/** There is no kernel for a node; the message says what was found and what would be supported. */
public final class KernelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public KernelException(String message) {
    super(message);
  }
}
