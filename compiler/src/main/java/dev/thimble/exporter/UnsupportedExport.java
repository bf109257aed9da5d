package dev.thimble.exporter;

/** What a node has that the format cannot say. */
final class UnsupportedExport extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnsupportedExport(String found) {
    super(found);
  }
}
