package dev.thimble.importer.data;

/**
 * What may be done to images that do not fit an input.
 *
 * @param resize whether images of another size are scaled to the input's, each axis by itself
 * @param grey whether the colours of an input of one channel become grey
 */
public record ImageFit(boolean resize, boolean grey) {
  /** Nothing: images fit, or are refused. */
  public static final ImageFit NONE = new ImageFit(false, false);
}
