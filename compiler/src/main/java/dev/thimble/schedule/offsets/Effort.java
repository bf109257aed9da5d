package dev.thimble.schedule.offsets;

/** How much work a solution is worth. Both are limited by counts, never by time. */
public enum Effort {
  /** Greedy, then local search: cheap, for loops over many problems. */
  FAST,
  /** After that, where the lower bound is not met, an exact search with a limit. */
  EXACT
}
