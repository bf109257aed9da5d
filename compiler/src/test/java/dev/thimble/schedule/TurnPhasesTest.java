package dev.thimble.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.op.Rounding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TurnPhasesTest {
  @Test
  void phasesExpandToTheTurns() {
    for (int seed = 0; seed < 2_000; seed++) {
      List<Integer> turns = random(new SplittableRandom(seed));
      TurnPhases phases = TurnPhases.of(new RowOrder(turns));
      assertThat(expanded(phases)).as("seed " + seed).isEqualTo(turns);
      assertThat(phases.turns()).hasSizeLessThanOrEqualTo(turns.size());
    }
  }

  @Test
  void ordersOfNetworksExpandToo() {
    for (int seed = 0; seed < 200; seed++) {
      PlanRequest request =
          PlanRequest.of(RandomNetwork.of(seed), new FormsOnly(0), Rounding.DOUBLE);
      for (Step step : MemoryPlanner.everythingStreamed(request).schedule().steps()) {
        if (step instanceof Step.Stream stream) {
          assertThat(expanded(TurnPhases.of(stream.order())))
              .as("seed " + seed)
              .isEqualTo(stream.order().turns());
        }
      }
    }
  }

  @Test
  void aLongRepetitionIsStoredOnce() {
    List<Integer> turns = new ArrayList<>(List.of(0, 0));
    for (int i = 0; i < 100; i++) {
      turns.addAll(List.of(1, 0, 2));
    }
    turns.add(2);
    TurnPhases phases = TurnPhases.of(new RowOrder(turns));

    assertThat(phases.turns()).hasSizeLessThan(8);
    assertThat(phases.phases()).anyMatch(phase -> phase.times() >= 99);
    assertThat(TurnPhases.of(new RowOrder(List.of())).phases()).isEmpty();
  }

  /** Runs of turns, each repeated now and then, with single turns between them. */
  private static List<Integer> random(SplittableRandom random) {
    List<Integer> turns = new ArrayList<>();
    for (int i = random.nextInt(6); i >= 0; i--) {
      List<Integer> run = new ArrayList<>();
      for (int k = random.nextInt(1, 9); k > 0; k--) {
        run.add(random.nextInt(-1, 4));
      }
      Collections.nCopies(random.nextInt(1, 12), run).forEach(turns::addAll);
      turns.add(random.nextInt(4));
    }
    return turns;
  }

  private static List<Integer> expanded(TurnPhases phases) {
    List<Integer> turns = new ArrayList<>();
    for (TurnPhases.Phase phase : phases.phases()) {
      for (int i = 0; i < phase.times(); i++) {
        turns.addAll(phases.turns().subList(phase.begin(), phase.end()));
      }
    }
    return turns;
  }
}
