package dev.thimble.quant;

/** The likely reason why a quantised value differs from the float that it stands for. */
public enum LossCause {
  /** Numbers lie beyond the range and are stored as its ends. */
  SATURATION("saturating"),
  /** One channel is far larger than the others, which share its scale. */
  OUTLIER_CHANNEL("outlier channel"),
  /** Most of the range holds hardly any number. */
  DEAD_RANGE("dead range"),
  /** The type's scale is the arithmetic's, not the samples'. */
  FIXED_SCALE("fixed scale"),
  /** The filter's elements are too few steps apart. */
  FILTER("rounded filter"),
  /** The errors have a mean that is not zero. */
  SHIFTED("shifted mean"),
  /** Nothing but the distance between neighbouring numbers. */
  STEPS("steps"),
  /** Nothing is lost. */
  NONE("exact");

  private final String text;

  LossCause(String text) {
    this.text = text;
  }

  /** The words that reports use. */
  public String text() {
    return text;
  }
}
