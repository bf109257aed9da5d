package dev.thimble;

/** What the outputs of a network say of a sample. */
public enum ScoreKind {
  /** Scores of classes, or the class itself. */
  CLASSES,
  /** The input again: how far it is off tells how unusual the sample is; label 1 is unusual. */
  RECONSTRUCTION
}
