package dev.thimble.toolchain;

/** A program under test that the C compiler or the linker refuses; the message has their words. */
public final class ProgramException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ProgramException(String message) {
    super(message);
  }
}
