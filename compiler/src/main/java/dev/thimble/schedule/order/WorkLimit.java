package dev.thimble.schedule.order;

/** How much more work may be done; counted, so that equal problems have equal solutions. */
final class WorkLimit {
  private long left;

  WorkLimit(long steps) {
    this.left = steps;
  }

  /** Takes so many steps; false, from then on always, when they are not left. */
  boolean spend(long steps) {
    left -= steps;
    return left >= 0;
  }
}
