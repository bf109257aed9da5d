package dev.thimble.schedule;

import dev.thimble.graph.Value;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * After how many rows the places of a value's rows may repeat. In its steady state a stream repeats
 * a run of turns, in which each stage makes a fixed number of rows; places that repeat with it fit
 * as well in every repetition, and take a short table.
 */
final class Periods {
  private Periods() {}

  /**
   * For each value whose rows come and go, a number of rows: a multiple of those made in one
   * repetition, the same multiple for all values, and no fewer than are in use together. Empty
   * where nothing repeats.
   */
  static Map<Value, Integer> of(Step.Stream stream, Map<Value, RowUse> uses) {
    TurnPhases phases = TurnPhases.of(stream.order());
    Optional<TurnPhases.Phase> steady =
        phases.phases().stream()
            .filter(phase -> phase.times() > 1)
            .max(Comparator.comparingInt(phase -> phase.times() * (phase.end() - phase.begin())));
    if (steady.isEmpty()) {
      return Map.of();
    }
    Map<Value, Integer> rows = new HashMap<>();
    List<Integer> run = phases.turns().subList(steady.get().begin(), steady.get().end());
    for (int turn : run) {
      Value made =
          turn == RowOrder.RECEIVE
              ? stream.fed().orElseThrow().value()
              : stream.stages().get(turn).output();
      rows.merge(made, 1, Integer::sum);
    }
    int repetitions = 1;
    for (Map.Entry<Value, Integer> entry : rows.entrySet()) {
      RowUse use = Optional.ofNullable(uses.get(entry.getKey())).orElseThrow();
      int slots = use.fewestSlots();
      repetitions = Math.max(repetitions, Math.ceilDiv(slots, entry.getValue()));
    }
    int common = repetitions;
    rows.replaceAll((value, count) -> count * common);
    return rows;
  }
}
