package dev.thimble.importer.onnx;

/** Ends the import of a node that reads what an unsupported node would have computed. */
final class UnknownOperand extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownOperand() {
    super(null, null, false, false);
  }
}
