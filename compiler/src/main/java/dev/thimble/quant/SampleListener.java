package dev.thimble.quant;

/** Hears of each sample that has been worked on, from any thread. */
@FunctionalInterface
public interface SampleListener {
  /** Hears nothing. */
  SampleListener NONE = () -> {};

  void done();
}
