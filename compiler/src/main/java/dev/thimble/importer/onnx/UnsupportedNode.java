package dev.thimble.importer.onnx;

/**
 * Ends the import of one node that is well formed but not supported. The importer collects them all
 * before it refuses the model.
 */
final class UnsupportedNode extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What the file has and what would be supported, as the finding's line states them. */
  UnsupportedNode(String found, String supported) {
    super("found " + found + "; supported: " + supported, null, false, false);
  }

  /** The finding's text. */
  String finding() {
    return String.valueOf(getMessage());
  }
}
