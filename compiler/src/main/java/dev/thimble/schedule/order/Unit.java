package dev.thimble.schedule.order;

/**
 * Tasks of a segment that run one right after the other.
 *
 * @param tasks in the order in which they run
 * @param mask the tasks as a set
 * @param needs the tasks of other units that must run before
 * @param serves the tasks of other units that must run after
 */
record Unit(int[] tasks, long[] mask, long[] needs, long[] serves) {
  static Unit of(Segment segment, int... tasks) {
    long[] mask = Bits.empty(segment.size);
    long[] needs = Bits.empty(segment.size);
    long[] serves = Bits.empty(segment.size);
    for (int t : tasks) {
      Bits.set(mask, t);
      Bits.addAll(needs, segment.ancestors(t));
      Bits.addAll(serves, segment.descendants(t));
    }
    Bits.removeAll(needs, mask);
    Bits.removeAll(serves, mask);
    return new Unit(tasks, mask, needs, serves);
  }
}
