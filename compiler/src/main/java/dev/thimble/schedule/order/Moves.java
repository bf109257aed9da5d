package dev.thimble.schedule.order;

import dev.thimble.schedule.order.Segment.Effect;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps from state to state, forwards by running a unit or backwards by undoing one, between
 * two states that bound them: what has run for certain, and what has not.
 */
final class Moves {
  private final Segment segment;
  private final List<Unit> units;

  Moves(Segment segment, List<Unit> units) {
    this.segment = segment;
    this.units = units;
  }

  int count() {
    return units.size();
  }

  Unit unit(int index) {
    return units.get(index);
  }

  /** The state after one more unit, or null where that unit cannot be next or goes too far. */
  @Nullable State move(State state, int index, boolean forward, long[] limit) {
    return forward ? run(state, index, limit) : undo(state, index, limit);
  }

  private @Nullable State run(State state, int index, long[] upper) {
    Unit unit = units.get(index);
    int some = unit.tasks()[0];
    if (Bits.get(state.done, some)
        || !Bits.get(upper, some)
        || !Bits.contains(state.done, unit.needs())) {
      return null;
    }
    Effect effect = segment.run(state.done, unit.tasks());
    return state.to(
        Bits.union(state.done, unit.mask()),
        state.live + effect.growth(),
        state.live + effect.rise(),
        index);
  }

  private @Nullable State undo(State state, int index, long[] lower) {
    Unit unit = units.get(index);
    int some = unit.tasks()[0];
    if (!Bits.get(state.done, some)
        || Bits.get(lower, some)
        || Bits.intersect(state.done, unit.serves())) {
      return null;
    }
    long[] before = Bits.minus(state.done, unit.mask());
    Effect effect = segment.run(before, unit.tasks());
    long live = state.live - effect.growth();
    return state.to(before, live, live + effect.rise(), index);
  }
}
