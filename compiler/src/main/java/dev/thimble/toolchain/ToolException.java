package dev.thimble.toolchain;

/** An external tool is missing or does not work; the message names the remedy. */
public final class ToolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ToolException(String message) {
    super(message);
  }
}
