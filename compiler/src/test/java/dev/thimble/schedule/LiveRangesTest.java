package dev.thimble.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Value;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.Buffers.Sharing;
import dev.thimble.tensor.DType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LiveRangesTest {
  /** The second stream skips every second row; the first one reads all of them. */
  @Test
  void rowsThatOnlyTheirOwnStreamReadsLiveUntilItDoes() {
    Network net = new Network(DType.INT8);
    Value map = net.relu(net.input(1, 4, 2, 1));
    Value inside = net.maxPool(map, 2);
    Value skipping = net.convSame(map, 1, 1, 2);
    Graph graph = net.graph(inside, skipping);
    Schedule whole = Scheduler.whole(graph, new FormsOnly(0), Rounding.DOUBLE);
    Schedule streams =
        new Schedule(
            graph,
            List.of(
                Streams.of(whole, 0, 2, Optional.empty()).orElseThrow(),
                Streams.of(whole, 2, 3, Optional.empty()).orElseThrow()));
    LiveRanges ranges = new LiveRanges(streams, Timeline.of(streams), Sharing.OVERLAP);

    // Turns aabaab at ticks 1 to 6, then the other stream's two.
    assertThat(ranges.parts(map).stream().map(part -> List.of(part.first(), part.last())))
        .containsExactly(List.of(1, 7), List.of(2, 3), List.of(4, 8), List.of(5, 6));
  }
}
