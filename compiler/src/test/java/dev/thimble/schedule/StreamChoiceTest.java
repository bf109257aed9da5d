package dev.thimble.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Value;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.StreamChoice.Aim;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every way to cut a small network, against the dynamic programme. */
class StreamChoiceTest {
  private static final int SEEDS = 250;

  private static final Cut NOTHING = new Cut(0, 0);

  private record Cut(long peak, long turns) {
    Cut and(long bytes, long more) {
      return new Cut(Math.max(peak, bytes), turns + more);
    }
  }

  @Test
  void noOtherCutHasALowerPeakOrTakesFewerTurnsWithinALimit() {
    int streamed = 0;
    int networks = 0;
    for (int seed = 0; networks < SEEDS; seed++) {
      Graph graph = RandomNetwork.of(seed);
      Schedule whole = Scheduler.whole(graph, new FormsOnly(seed % 3 * 50), Rounding.DOUBLE);
      if (whole.steps().size() > 7) {
        continue;
      }
      networks++;
      for (boolean fed : List.of(false, true)) {
        if (!fed || Plans.isFeedable(graph)) {
          Optional<Step.Fed> input = fed ? Optional.of(Feeding.of(graph)) : Optional.empty();
          streamed += compare(whole, input, "seed " + seed + (fed ? ", fed" : ""));
        }
      }
    }
    assertThat(streamed).isGreaterThan(SEEDS / 4);
  }

  /** 1 if the smallest peak takes a stream. */
  private static int compare(Schedule whole, Optional<Step.Fed> fed, String what) {
    StreamChoice choice = new StreamChoice(whole, fed);
    List<Cut> cuts = new ArrayList<>();
    everyCut(whole, fed, 0, NOTHING, cuts);
    long peak = cuts.stream().mapToLong(Cut::peak).min().orElseThrow();
    assertThat(choice.smallestPeak()).as(what).isEqualTo(peak);
    Set<Long> limits = new HashSet<>();
    cuts.forEach(cut -> limits.addAll(List.of(cut.peak(), cut.peak() - 1)));
    for (long limit : limits) {
      Optional<Long> fewest =
          cuts.stream().filter(c -> c.peak() <= limit).map(Cut::turns).min(Long::compare);
      Optional<Schedule> chosen = choice.within(limit, Aim.TURNS);
      assertThat(chosen.map(StreamChoiceTest::turns)).as(what).isEqualTo(fewest);
      for (Aim aim : Aim.values()) {
        Optional<Schedule> within = choice.within(limit, aim);
        assertThat(within.isPresent()).as(what).isEqualTo(chosen.isPresent());
      }
    }
    Schedule least = choice.within(peak, Aim.TURNS).orElseThrow();
    return least.steps().stream().anyMatch(Step.Stream.class::isInstance) ? 1 : 0;
  }

  private static void everyCut(
      Schedule whole, Optional<Step.Fed> fed, int from, Cut before, List<Cut> cuts) {
    int count = whole.steps().size();
    boolean feeds = before.equals(NOTHING) && fed.isPresent();
    if (from == count && !feeds) {
      cuts.add(before);
      return;
    }
    LiveValues live = new LiveValues(whole);
    if (!feeds) {
      everyCut(whole, fed, from + 1, before.and(live.bytes(from), 0), cuts);
    }
    for (int until = feeds ? from : from + 1; until <= count; until++) {
      Optional<Step.Stream> stream = Streams.of(whole, from, until, feeds ? fed : Optional.empty());
      if (stream.isPresent()) {
        List<Value> there = feeds ? List.of() : live.before(from);
        int end = until;
        long bytes =
            new StreamBytes(stream.get(), there, value -> live.last(value) < end).peak()
                + (feeds ? Progress.fields(stream.get()) : 0);
        int turns = stream.get().order().turns().size();
        everyCut(whole, fed, until, before.and(bytes, turns), cuts);
      }
    }
  }

  private static long turns(Schedule schedule) {
    return schedule.steps().stream()
        .mapToLong(step -> step instanceof Step.Stream s ? s.order().turns().size() : 0)
        .sum();
  }
}
