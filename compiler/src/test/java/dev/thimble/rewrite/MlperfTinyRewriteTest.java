package dev.thimble.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.importer.ModelImporter;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Rounding;
import dev.thimble.testing.Shared;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The networks of MLPerf Tiny. Half of the one for visual wake words is dead. */
class MlperfTinyRewriteTest {
  private static Graph read(String file) {
    return ModelImporter.read(Shared.require("cases/01_mlperf_tiny/" + file)).program().entry();
  }

  private static long filterElements(Graph graph) {
    return graph.nodes().stream()
        .filter(MlperfTinyRewriteTest::hasFilter)
        .mapToLong(node -> node.inputs().get(1).type().elements())
        .sum();
  }

  private static boolean hasFilter(Node node) {
    return node.op() instanceof Conv2d
        || node.op() instanceof DepthwiseConv2d
        || node.op() instanceof FullyConnected;
  }

  @ParameterizedTest
  @EnumSource
  void visualWakeWordsLosesItsConstantChannelsAndNoBit(Rounding rounding) {
    Graph before = read("vww/vww_96_int8.tflite");
    assertThat(before.macs()).isEqualTo(7_489_664);
    Graph after = Rewriter.run(before, RewriteOptions.of(rounding)).graph();
    assertThat(after.macs()).isLessThanOrEqualTo(3_733_073);
    assertThat(filterElements(after)).isLessThanOrEqualTo(30_500);
    Rewritten.assertExact(before, after, rounding, 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ic/pretrainedResnet_int8.tflite",
        "kws/kws_ref_model_int8.tflite",
        "ad/ad01_int8.tflite",
        "vww/vww_96_float.tflite"
      })
  void otherNetworksLoseNoBit(String file) {
    Graph before = read(file);
    Graph after = Rewriter.run(before, RewriteOptions.of(Rounding.DOUBLE)).graph();
    assertThat(after.nodes()).hasSizeLessThanOrEqualTo(before.nodes().size());
    Rewritten.assertExact(before, after, Rounding.DOUBLE, 1);
  }

  @Test
  void classifyDropsTheSoftmaxOfVisualWakeWords() {
    Graph graph = Classify.apply(read("vww/vww_96_int8.tflite"));
    assertThat(graph.nodes().getLast().op().kind()).isEqualTo("arg_max");
    assertThat(graph.nodes()).noneMatch(node -> node.op().kind().equals("softmax"));
  }
}
