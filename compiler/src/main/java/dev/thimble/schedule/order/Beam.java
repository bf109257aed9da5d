package dev.thimble.schedule.order;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Searches a segment's states with a limited memory: of all states at the same distance from the
 * start it only keeps the most promising, those of the lowest peak and then of the least live. It
 * finds good ways, and proves nothing.
 */
final class Beam {
  private static final Comparator<State> PROMISE =
      Comparator.<State>comparingLong(state -> state.peak).thenComparingLong(state -> state.live);

  private final Moves moves;
  private final int width;
  private final WorkLimit work;

  Beam(Moves moves, int width, WorkLimit work) {
    this.moves = moves;
    this.width = width;
    this.work = work;
  }

  /**
   * The units from {@code low} to {@code high} in the order in which they run; nothing where the
   * work was too much. A peak of {@code level} is as good as any lower one.
   */
  Optional<int[]> units(State low, State high, long level, boolean forward) {
    State start = forward ? low : high;
    State goal = forward ? high : low;
    List<State> layer = List.of(State.start(start.done, start.live, level));
    while (!layer.getFirst().equals(goal)) {
      Map<State, State> next = new LinkedHashMap<>();
      for (State state : layer) {
        if (!work.spend(moves.count())) {
          return Optional.empty();
        }
        expand(state, goal, forward, next);
      }
      layer = next.values().stream().sorted(PROMISE).limit(width).toList();
    }
    int[] path = layer.getFirst().path();
    if (!forward) {
      for (int i = 0; i < path.length / 2; i++) {
        int other = path[path.length - 1 - i];
        path[path.length - 1 - i] = path[i];
        path[i] = other;
      }
    }
    return Optional.of(path);
  }

  /**
   * Adds the states after this one; only one where a unit costs nothing and leaves no more live.
   */
  private void expand(State state, State goal, boolean forward, Map<State, State> into) {
    List<State> found = new ArrayList<>();
    for (int u = 0; u < moves.count(); u++) {
      State next = moves.move(state, u, forward, goal.done);
      if (next != null) {
        if (next.peak == state.peak && next.live <= state.live) {
          found = List.of(next);
          break;
        }
        found.add(next);
      }
    }
    for (State next : found) {
      into.merge(next, next, (a, b) -> b.peak < a.peak ? b : a);
    }
  }
}
