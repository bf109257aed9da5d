package dev.thimble.importer.layout;

/** An op does not take the types that a node of the file has; the message says why. */
public final class UnsupportedTypesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsupportedTypesException(String message) {
    super(message, null, false, false);
  }
}
