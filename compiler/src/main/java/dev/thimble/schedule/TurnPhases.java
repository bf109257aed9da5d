package dev.thimble.schedule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * An order of turns, written short: a run of turns that is repeated is stored once.
 *
 * @param turns the turns, each once for all of its repetitions
 * @param phases the runs, one after the other
 */
public record TurnPhases(List<Integer> turns, List<Phase> phases) {
  /** Turns {@code begin} to {@code end}, without the latter, so many times. */
  public record Phase(int begin, int end, int times) {}

  /** Runs of more turns than these are not looked for: the search takes time for each length. */
  private static final int LONGEST_RUN = 400;

  /** What a phase costs in flash, in turns: no shorter repetition is worth one. */
  private static final int PHASE_BYTES = 12;

  /** An order written short. */
  public static TurnPhases of(RowOrder order) {
    List<Integer> all = order.turns();
    List<Integer> turns = new ArrayList<>();
    List<Phase> phases = new ArrayList<>();
    int begin = 0;
    for (int at = 0; at < all.size(); ) {
      Phase best = repetition(all, at);
      if ((best.times() - 1) * (best.end() - at) <= PHASE_BYTES) {
        turns.add(all.get(at++));
        continue;
      }
      if (turns.size() > begin) {
        phases.add(new Phase(begin, turns.size(), 1));
        begin = turns.size();
      }
      turns.addAll(all.subList(at, best.end()));
      phases.add(new Phase(begin, turns.size(), best.times()));
      begin = turns.size();
      at += (best.end() - at) * best.times();
    }
    if (turns.size() > begin) {
      phases.add(new Phase(begin, turns.size(), 1));
    }
    return new TurnPhases(
        Collections.unmodifiableList(turns), Collections.unmodifiableList(phases));
  }

  /** The run from here on whose repetitions save the most turns. */
  private static Phase repetition(List<Integer> all, int at) {
    Phase best = new Phase(at, at + 1, 1);
    int saved = 0;
    int longest = Math.min(LONGEST_RUN, (all.size() - at) / 2);
    for (int length = 1; length <= longest; length++) {
      int same = 0;
      while (at + length + same < all.size()
          && all.get(at + same).equals(all.get(at + length + same))) {
        same++;
      }
      int times = same / length + 1;
      if ((times - 1) * length > saved) {
        saved = (times - 1) * length;
        best = new Phase(at, at + length, times);
      }
    }
    return best;
  }
}
