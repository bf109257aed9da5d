package dev.thimble.schedule.order;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Searches a segment's states for a way from nothing to everything whose peak is least.
 *
 * <p>The search works towards the middle from both ends and <em>commits</em>: as soon as it
 * reaches, within the level of memory that is needed anyway, a state with no more live than where
 * it started, it goes there for good and forgets all alternatives. That loses nothing. Live bytes
 * as a function of the state are submodular (the more has run, the less a task adds and the more it
 * frees), so when {@code E} is the first such state after {@code F}, counted in units, no state
 * between {@code F} and {@code E} has less live than {@code E}: else it could have been reached
 * before, by the part of the way to {@code E} that lies in it. Hence whatever way leads on from
 * {@code F} serves as well with {@code E} done first: each of its states, joined with {@code E},
 * has no more live than before. Overwriting in place keeps the argument: it only becomes possible
 * the more has run, and where it is lost because another reader is still to come, the value itself
 * makes up for it. Backwards all of this holds with "done" and "not done" exchanged.
 *
 * <p>On the way it commits in small: a unit that needs no more than the level and leaves no more
 * live is run at once. What is found then need not be the first such state, so a second search, in
 * the little that lies between, finds that.
 *
 * <p>Of the two ends the one with more live searches: the other end is then a state with no more
 * live, so a way within the level exists only if the search finds one. When nothing is left to
 * search within the level, the least memory that would lead further becomes the new level, and is a
 * bound for every order.
 *
 * <p>Source: the commitment for search within a level is that of H. Tamaki, A polynomial time
 * algorithm for bounded directed pathwidth, WG 2011; searching sets of done nodes for the least
 * memory is that of B. H. Ahn et al., Ordering chaos: memory-aware scheduling of irregularly wired
 * neural networks for edge devices, MLSys 2020 (SERENITY).
 */
final class CommitSearch {
  /** What a search remembers at most before it gives up. */
  private static final int MOST_STATES = 250_000;

  /** What it remembers at most to find the nearest state to commit to. */
  private static final int MOST_NEAR = 3_000;

  private final Moves moves;
  private final WorkLimit work;

  private final List<Integer> head = new ArrayList<>();
  private final Deque<Integer> tail = new ArrayDeque<>();
  private State low;
  private State high;
  private long level;
  private long upper;

  /** A search that starts at this level of memory: less would be of no use. */
  CommitSearch(Segment segment, Moves moves, long level, WorkLimit work) {
    this.moves = moves;
    this.level = level;
    this.upper = Long.MAX_VALUE;
    this.work = work;
    long[] none = Bits.empty(segment.size);
    long[] all = segment.all();
    int[] everything = new int[segment.size];
    for (int t = 0; t < segment.size; t++) {
      everything[t] = t;
    }
    this.low = State.start(none, segment.live, level);
    this.high = State.start(all, segment.live + segment.run(none, everything).growth(), level);
  }

  /**
   * Searches until the ends meet, the level reaches {@code known}, a peak that can be had
   * otherwise, or there is too much to do; says whether the ends met.
   */
  boolean run(long known) {
    upper = known;
    while (!low.equals(high) && level < upper) {
      boolean forward = low.live >= high.live;
      Optional<State> next = search(forward);
      if (next.isEmpty()) {
        return false;
      }
      State state = next.get();
      if (forward) {
        for (int unit : state.path()) {
          head.add(unit);
        }
        low = State.start(state.done, state.live, level);
      } else {
        for (int unit : state.path()) {
          tail.addFirst(unit);
        }
        high = State.start(state.done, state.live, level);
      }
    }
    return low.equals(high);
  }

  /** What every order of the segment needs, or the level at which the search started. */
  long level() {
    return level;
  }

  /** The units decided to come first. */
  List<Integer> head() {
    return List.copyOf(head);
  }

  /** The units decided to come last. */
  List<Integer> tail() {
    return List.copyOf(tail);
  }

  /** The state after the head. */
  State low() {
    return low;
  }

  /** The state before the tail. */
  State high() {
    return high;
  }

  /** A state to commit to, or nothing where none is found in time. */
  private Optional<State> search(boolean forward) {
    State end = forward ? low : high;
    State start = State.start(end.done, end.live, level);
    long[] limit = forward ? high.done : low.done;
    Open open = new Open(start);
    while (!open.isEmpty()) {
      State state = open.next();
      level = state.peak;
      if (isLower(state, start)) {
        Optional<State> commitment = nearest(start, state.done, forward);
        if (commitment.isPresent()) {
          return commitment;
        }
      }
      if (open.size() > MOST_STATES || !work.spend(moves.count())) {
        return Optional.empty();
      }
      for (State next : nextOf(state, forward, limit)) {
        if (Arrays.equals(next.done, limit) && next.peak == level) {
          return Optional.of(next);
        }
        open.add(next);
      }
    }
    level = Math.max(level, upper);
    return Optional.empty();
  }

  private static boolean isLower(State state, State start) {
    return state.distance > 0 && state.live <= start.live;
  }

  /**
   * The states one unit further. A unit that needs no more than the level and leaves no more live
   * is a commitment for its own part: then there is nothing else to look at.
   */
  private List<State> nextOf(State state, boolean forward, long[] limit) {
    List<State> all = new ArrayList<>();
    for (int u = 0; u < moves.count(); u++) {
      State next = moves.move(state, u, forward, limit);
      if (next != null && next.peak < upper) {
        if (next.peak == state.peak && next.live <= state.live) {
          return List.of(next);
        }
        all.add(next);
      }
    }
    return all;
  }

  /**
   * The first state after {@code start}, counted in units, with no more live, among those on the
   * way to {@code limit}, which is one; nothing where this takes too long to find. No such state
   * lies between it and the start, since states are taken by distance and then by what is live.
   */
  private Optional<State> nearest(State start, long[] limit, boolean forward) {
    Open open = new Open(State.start(start.done, start.live, level));
    while (!open.isEmpty() && open.size() < MOST_NEAR && work.spend(moves.count())) {
      State state = open.next();
      if (isLower(state, start)) {
        return Optional.of(state);
      }
      for (int u = 0; u < moves.count(); u++) {
        State next = moves.move(state, u, forward, limit);
        if (next != null && next.peak <= level) {
          open.add(next);
        }
      }
    }
    return Optional.empty();
  }
}
