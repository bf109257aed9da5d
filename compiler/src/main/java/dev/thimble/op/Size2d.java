package dev.thimble.op;

/** A height and a width, both at least 1: a kernel's extent, a stride or a dilation. */
public record Size2d(int height, int width) {
  /** One row and one column. */
  public static final Size2d ONE = new Size2d(1, 1);

  public Size2d {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "height and width must be >= 1, were " + height + " and " + width);
    }
  }
}
