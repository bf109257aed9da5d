package dev.thimble.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Value;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Orders of small networks, turn by turn: a letter for each stage, and R for a row of the input.
 */
class RowOrderTest {
  private final Network net = new Network(DType.INT8);

  @Test
  void aConvolutionRunsAsSoonAsItsWindowIsThereAndNoSooner() {
    Value a = net.convSame(net.input(1, 4, 2, 1), 3, 1, 1);
    Value b = net.convSame(a, 3, 1, 1);
    Step.Stream stream = stream(net.graph(b), false);

    assertThat(text(stream)).isEqualTo("aabababb");
    RowUse use = use(stream, a);
    assertThat(use.made()).containsExactly(0, 1, 3, 5);
    assertThat(use.last()).containsExactly(4, 6, 7, 7);
    assertThat(use.fewestSlots()).isEqualTo(3);
  }

  @Test
  void aStrideTakesRowsInPairs() {
    Value a = net.relu(net.input(1, 4, 2, 1));
    Value b = net.maxPool(a, 2);
    Step.Stream stream = stream(net.graph(b), false);

    assertThat(text(stream)).isEqualTo("aabaab");
    assertThat(use(stream, a).fewestSlots()).isEqualTo(2);
  }

  /** Rows that no window reaches are neither computed nor kept. */
  @Test
  void rowsThatNobodyReadsAreNotComputed() {
    Value a = net.relu(net.input(1, 5, 4, 1));
    Value b = net.maxPool(a, 2);
    Step.Stream stream = stream(net.graph(b), false);

    assertThat(text(stream)).isEqualTo("aabaab");
    assertThat(use(stream, a).made()).containsExactly(0, 1, 3, 4, RowUse.BEFORE);
    assertThat(use(stream, a).rowsMade()).isEqualTo(4);
  }

  /** The short branch waits in as many rows as the long one's windows look ahead. */
  @Test
  void aResidualBranchIsDelayed() {
    Value input = net.input(1, 4, 2, 1);
    Value a = net.relu(input);
    Value b = net.convSame(a, 3, 1, 1);
    Value c = net.add(a, b);
    Step.Stream stream = stream(net.graph(c), false);

    assertThat(text(stream)).isEqualTo("aabcabcabcbc");
    assertThat(use(stream, a).last()).containsExactly(5, 8, 10, 11);
    assertThat(use(stream, a).fewestSlots()).isEqualTo(3);
    assertThat(use(stream, b).fewestSlots()).isEqualTo(1);
  }

  @Test
  void aReductionTakesARowATurnAndMakesItsOnlyOneInTheLast() {
    Value a = net.relu(net.input(1, 3, 2, 2));
    Value b = net.mean(a);
    Step.Stream stream = stream(net.graph(b), false);

    assertThat(text(stream)).isEqualTo("ababab");
    assertThat(use(stream, b).made()).containsExactly(5);
    assertThat(use(stream, a).fewestSlots()).isEqualTo(1);
  }

  /** What the last stage does not ask for is completed afterwards, latest stage first. */
  @Test
  void anIntermediateOutputIsCompleted() {
    Value a = net.relu(net.input(1, 5, 4, 1));
    Value b = net.maxPool(a, 2);
    Step.Stream stream = stream(net.graph(b, a), false);

    assertThat(text(stream)).isEqualTo("aabaaba");
    assertThat(stream.outputs()).containsExactly(a, b);
  }

  @Test
  void anInputThatIsFedIsAwaitedRowByRowToItsEnd() {
    Value a = net.convSame(net.input(1, 5, 4, 1), 3, 1, 1);
    Value b = net.maxPool(a, 2);
    Step.Stream stream = stream(net.graph(b), true);

    assertThat(text(stream)).isEqualTo("RRaRabRaRab");
    Value input = stream.fed().orElseThrow().value();
    assertThat(use(stream, input).fewestSlots()).isEqualTo(3);
  }

  @Test
  void rowsThatNobodyReadsAreReceivedAtTheEnd() {
    Value a = net.maxPool(net.input(1, 5, 4, 1), 2);
    assertThat(text(stream(net.graph(a), true))).isEqualTo("RRaRRaR");
  }

  private static Step.Stream stream(Graph graph, boolean fed) {
    Schedule whole = Scheduler.whole(graph, new FormsOnly(0), Rounding.DOUBLE);
    Optional<Step.Fed> input = fed ? Optional.of(Feeding.of(graph)) : Optional.empty();
    return Streams.of(whole, 0, whole.steps().size(), input).orElseThrow();
  }

  private static String text(Step.Stream stream) {
    return stream.order().turns().stream()
        .map(turn -> turn == RowOrder.RECEIVE ? "R" : String.valueOf((char) ('a' + turn)))
        .collect(Collectors.joining());
  }

  private static RowUse use(Step.Stream stream, Value value) {
    RowUse use = RowUse.of(stream).get(value);
    assertThat(use).isNotNull();
    assertThat(List.of(Arrays.stream(use.made()).max().orElseThrow()))
        .allMatch(turn -> turn < stream.order().turns().size());
    return use;
  }
}
