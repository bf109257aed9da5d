package dev.thimble.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Graph;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.Buffers.Sharing;
import dev.thimble.schedule.Buffers.Slots;
import dev.thimble.schedule.offsets.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The estimate of a stream's bytes against the sum over the buffers that the stream needs. */
class StreamBytesTest {
  private static final int SEEDS = 300;

  @Test
  void thePeakIsThatOfTheBuffers() {
    int streams = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Graph graph = RandomNetwork.of(seed);
      Schedule whole = Scheduler.whole(graph, new FormsOnly(seed % 3 * 20), Rounding.DOUBLE);
      boolean allRead =
          graph.nodes().stream()
              .allMatch(n -> graph.isOutput(n.output()) || !graph.readers(n.output()).isEmpty());
      LiveValues live = new LiveValues(whole);
      for (int from = 0; from < whole.steps().size(); from++) {
        for (int until = from + 1; until <= whole.steps().size(); until++) {
          Optional<Step.Stream> stream = Streams.of(whole, from, until, Optional.empty());
          if (stream.isPresent()) {
            int end = until;
            long peak =
                new StreamBytes(stream.get(), live.before(from), value -> live.last(value) < end)
                    .peak();
            long sum = sum(whole, from, until, stream.get());
            String what = "seed %d, steps %d to %d".formatted(seed, from, until);
            if (allRead) {
              assertThat(peak).as(what).isEqualTo(sum);
              streams++;
            } else {
              assertThat(peak).as(what).isGreaterThanOrEqualTo(sum);
            }
          }
        }
      }
    }
    assertThat(streams).isGreaterThan(SEEDS);
  }

  /** The most bytes of buffers in use at a turn of the stream, counted tick by tick. */
  private static long sum(Schedule whole, int from, int until, Step.Stream stream) {
    List<Step> steps = new ArrayList<>(whole.steps().subList(0, from));
    steps.add(stream);
    steps.addAll(whole.steps().subList(until, whole.steps().size()));
    Schedule schedule = new Schedule(whole.graph(), steps);
    Timeline timeline = Timeline.of(schedule);
    List<Buffer> buffers = Buffers.of(schedule, Sharing.NONE, Slots.EACH_ROW).buffers();
    long peak = 0;
    for (int tick = timeline.first(from); tick <= timeline.last(from); tick++) {
      long sum = 0;
      for (Buffer buffer : buffers) {
        for (Part part : buffer.block().parts()) {
          sum += part.first() <= tick && tick <= part.last() ? part.bytes() : 0;
        }
      }
      peak = Math.max(peak, sum);
    }
    return peak;
  }
}
