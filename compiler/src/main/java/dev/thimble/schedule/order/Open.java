package dev.thimble.schedule.order;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The states that a search has still to look at: by peak, then by distance, then by what is live.
 */
final class Open {
  private final PriorityQueue<State> queue =
      new PriorityQueue<>(
          Comparator.<State>comparingLong(state -> state.peak)
              .thenComparingInt(state -> state.distance)
              .thenComparingLong(state -> state.live));

  /** The lowest peak at which each state was reached. */
  private final Map<State, State> best = new HashMap<>();

  Open(State start) {
    add(start);
  }

  /** Adds a state, unless it was reached before with as low a peak. */
  void add(State state) {
    State before = best.get(state);
    if (before == null || state.peak < before.peak) {
      best.remove(state);
      best.put(state, state);
      queue.add(state);
    }
  }

  /** Whether no state is left; drops those that were reached better meanwhile. */
  boolean isEmpty() {
    while (!queue.isEmpty() && best.get(queue.element()) != queue.element()) {
      queue.remove();
    }
    return queue.isEmpty();
  }

  State next() {
    return queue.remove();
  }

  /** How many states were ever added. */
  int size() {
    return best.size();
  }
}
