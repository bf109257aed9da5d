package dev.thimble.importer.pytorch;

/** A call of an operator in a form that Thimble has nothing for. */
final class UnsupportedCall extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String finding;

  UnsupportedCall(String found, String supported) {
    super(null, null, false, false);
    this.finding = "found " + found + "; supported: " + supported;
  }

  String finding() {
    return finding;
  }
}
