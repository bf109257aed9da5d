package dev.thimble.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.GraphParser;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.RandomGraphs;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreprocessingTest {
  private static final String CONVOLUTION =
      """
      input "x": f32[1,3,3,2]
      const "w": f32[2,2,2,2] = [1.0, 2.0, 3.0, -4.0, 5.0, 6.0, -7.0, 8.0, \
      0.5, 1.5, -2.5, 3.5, 4.5, -5.5, 6.5, 7.5]
      const "b": f32[2] = [0.25, -1.0]
      node "y": f32[1,PADDED,PADDED,2] = Conv2d(stride=(height=1, width=1), \
      dilation=(height=1, width=1), padding=(top=0, bottom=PAD, left=0, right=PAD), groups=1, \
      activation=NONE) "x", "w", "b"
      output "y"
      """;

  private static final Preprocessing SHIFTED =
      new Preprocessing(List.of(2f, 0.5f), List.of(-1f, 3f));

  @Test
  void filtersWithoutPaddingTakeItIn() {
    Graph graph = convolution(2, 0);
    Graph raw = GraphChecker.check(SHIFTED.before(graph));
    assertThat(raw.nodes()).hasSize(1);
    requireSame(graph, raw);
  }

  @Test
  void paddingIsNoShiftedNumberSoTheShiftIsComputed() {
    Graph graph = convolution(3, 1);
    Graph raw = GraphChecker.check(SHIFTED.before(graph));
    assertThat(raw.nodes()).hasSize(3);
    requireSame(graph, raw);
  }

  @Test
  void aFactorAloneIsTakenInPaddedOrNot() {
    Graph graph = convolution(3, 1);
    Graph raw = new Preprocessing(List.of(3f), List.of(0f)).before(graph);
    assertThat(raw.nodes()).hasSize(1);
  }

  @Test
  void asManyNumbersAsChannelsAreNeeded() {
    Preprocessing three = new Preprocessing(List.of(1f, 1f, 1f), List.of(0f));
    assertThatThrownBy(() -> three.before(convolution(2, 0)))
        .hasMessage(
            "--mean and --std take one number or one for each of the 2 channels of input 'x', were"
                + " given 3");
    assertThatThrownBy(() -> new Preprocessing(List.of(0f), List.of(0f)))
        .hasMessage("a factor must be finite and not 0, was 0.0");
  }

  private static Graph convolution(int extent, int padding) {
    return GraphParser.parse(
        CONVOLUTION.replace("PADDED", "" + extent).replace("PAD", "" + padding));
  }

  private static void requireSame(Graph graph, Graph raw) {
    Tensor given = RandomGraphs.inputs(graph, 1).getFirst();
    float[] prepared = given.floats().clone();
    for (int i = 0; i < prepared.length; i++) {
      prepared[i] = i % 2 == 0 ? prepared[i] * 2 - 1 : prepared[i] * 0.5f + 3;
    }
    float[] wanted =
        Evaluator.outputs(graph, List.of(Tensor.ofFloats(given.type(), prepared)), Rounding.DOUBLE)
            .getFirst()
            .floats();
    float[] found = Evaluator.outputs(raw, List.of(given), Rounding.DOUBLE).getFirst().floats();
    for (int i = 0; i < wanted.length; i++) {
      assertThat(found[i]).isCloseTo(wanted[i], within(1e-3f));
    }
  }
}
