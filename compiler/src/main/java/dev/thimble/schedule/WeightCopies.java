package dev.thimble.schedule;

/** Whether the weights of steps are copied to the arena, and when. */
public enum WeightCopies {
  /** The kernels read them where they lie. */
  NONE,
  /** Each step's right before it runs, so that only one copy is there. */
  JUST_IN_TIME,
  /** Each step's while the step before it runs, so that two copies take turns. */
  AHEAD
}
