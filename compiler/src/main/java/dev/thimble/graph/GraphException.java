package dev.thimble.graph;

/**
 * A graph that is not well formed, or graph text that cannot be read; the message has the place.
 */
public final class GraphException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public GraphException(String message) {
    super(message);
  }
}
