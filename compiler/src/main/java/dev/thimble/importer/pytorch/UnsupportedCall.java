package dev.thimble.importer.pytorch;

/** A call of an operator in a form that Thimble has nothing for. */
final class UnsupportedCall extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String found;
  private final String supported;

  UnsupportedCall(String found, String supported) {
    super(null, null, false, false);
    this.found = found;
    this.supported = supported;
  }

  String found() {
    return found;
  }

  String supported() {
    return supported;
  }

  String finding() {
    return "found " + found + "; supported: " + supported;
  }
}
