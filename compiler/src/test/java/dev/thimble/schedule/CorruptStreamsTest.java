package dev.thimble.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The validator finds what is wrong in streams, and nothing else; {@link Replay} decides. */
class CorruptStreamsTest {
  private static final int SEEDS = 200;

  /** How many corruptions of each kind did harm. */
  private int harmful;

  @Test
  void aSlotLessIsFound() {
    everyRows((plan, value, slots) -> slots.subList(0, slots.size() - 1));
    assertThat(harmful).isGreaterThan(300);
  }

  @Test
  void slotsThatAreTheSameMemoryAreFound() {
    everyRows((plan, value, slots) -> Collections.nCopies(slots.size(), slots.getFirst()));
    assertThat(harmful).isGreaterThan(300);
  }

  @Test
  void slotsThatTradePlacesAreFoundWhereThatDoesHarm() {
    everyRows((plan, value, slots) -> slots.reversed());
  }

  private interface Change {
    List<Long> slots(MemoryPlan plan, Value value, List<Long> slots);
  }

  private void everyRows(Change change) {
    for (int seed = 0; seed < SEEDS; seed++) {
      for (MemoryPlan plan : Plans.all(RandomNetwork.of(seed), seed % 2 * 12)) {
        for (Map.Entry<Value, MemoryPlan.Place> entry : plan.places().entrySet()) {
          if (entry.getValue() instanceof MemoryPlan.Place.Rows rows && rows.slots().size() > 1) {
            Map<Value, MemoryPlan.Place> places = new HashMap<>(plan.places());
            List<Long> slots = change.slots(plan, entry.getKey(), rows.slots());
            places.put(entry.getKey(), new MemoryPlan.Place.Rows(slots));
            judge(Plans.withPlaces(plan, places), seed);
          }
        }
      }
    }
  }

  @Test
  void aTurnThatComesTooEarlyIsFound() {
    everyOrder((turns, random) -> {
      int at = random.nextInt(Math.max(1, turns.size() - 1));
      Collections.swap(turns, at, Math.min(at + 1, turns.size() - 1));
    });
    assertThat(harmful).isGreaterThan(100);
  }

  @Test
  void aTurnThatIsMissingIsFound() {
    everyOrder((turns, random) -> turns.remove(random.nextInt(turns.size())));
    assertThat(harmful).isGreaterThan(300);
  }

  private interface Disorder {
    void of(List<Integer> turns, SplittableRandom random);
  }

  private void everyOrder(Disorder disorder) {
    for (int seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      for (MemoryPlan plan : Plans.all(RandomNetwork.of(seed), seed % 2 * 12)) {
        List<Step> steps = new ArrayList<>(plan.schedule().steps());
        for (int i = 0; i < steps.size(); i++) {
          if (steps.get(i) instanceof Step.Stream stream) {
            List<Integer> turns = new ArrayList<>(stream.order().turns());
            disorder.of(turns, random);
            steps.set(i, new Step.Stream(stream.fed(), stream.stages(), new RowOrder(turns)));
            judge(Plans.withSteps(plan, steps), seed);
            steps.set(i, stream);
          }
        }
      }
    }
  }

  private void judge(MemoryPlan corrupt, int seed) {
    boolean right = Replay.isRight(corrupt);
    harmful += right ? 0 : 1;
    assertThat(Plans.isRefused(corrupt))
        .as("seed %d, %s", seed, corrupt.strategy())
        .isEqualTo(!right);
  }
}
