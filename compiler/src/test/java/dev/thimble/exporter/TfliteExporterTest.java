package dev.thimble.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Seeds;
import dev.thimble.op.Rounding;
import dev.thimble.quant.StoredFilters;
import dev.thimble.quant.WeightFormat;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.ExportedOperators;
import dev.thimble.testing.RandomGraphs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.SubGraph;
import org.tensorflow.lite.schema.TensorType;

class TfliteExporterTest {
  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadAsANetworkThatComputesTheSame() {
    AtomicInteger refused = new AtomicInteger();
    RandomGraphs.forSeeds(
        60,
        seed -> {
          Graph graph = seed % 3 == 0 ? RandomGraphs.float32(seed) : RandomGraphs.int8(seed);
          try {
            TfliteExporter.write(graph, "net.onnx", false);
          } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("net.onnx cannot be written as .tflite; ");
            refused.incrementAndGet();
            return;
          }
          requireSame(graph);
        });
    assertThat(refused.get()).isLessThan(30);
  }

  @Test
  void paddingThatTheFormatHasNoWordForIsAnOperatorOfItsOwn() {
    Graph graph =
        GraphParser.parse(
            """
            input "x": i8[1,4,4,1] scale 0.5 zero_point 3
            const "w": i8[1,2,2,1] axis 0 scales [0.25] = [1, -2, 3, 4]
            const "b": i32[1] = [7]
            node "y": i8[1,4,4,1] scale 1.0 zero_point 2 = Conv2d(stride=(height=1, width=1), dilation=(height=1, width=1), padding=(top=1, bottom=0, left=1, right=0), groups=1, activation=NONE) "x", "w", "b"
            output "y"
            """);
    assertThat(requireSame(graph).nodes())
        .extracting(node -> node.op().kind())
        .containsExactly("pad", "conv2d");
  }

  @Test
  void filtersOfFewBitsAloneAreRefusedWithTheRemedy() {
    Graph graph =
        GraphParser.parse(
            """
            input "x": f32[1,2]
            const "w": f32[2,2] = [0.5, -0.25, 1.0, 0.75]
            const "b": f32[2] = [0.1, -0.2]
            node "y": f32[1,2] = FullyConnected(keepAxes=false, activation=NONE) "x", "w", "b"
            output "y"
            """);
    Graph stored = StoredFilters.of(graph, WeightFormat.INT8).network().graph();
    assertThatThrownBy(() -> TfliteExporter.write(stored, "net", false))
        .hasMessageStartingWith("net cannot be written as .tflite; no operator stands for")
        .hasMessageEndingWith(
            "filters of few bits beside floats are not written: leave --precision away for a file"
                + " of floats, or give --calibrate DATA for one of int8");
  }

  @TestFactory
  Stream<DynamicTest> operatorsOfOtherFrameworksAreWrittenInWordsThatMeanTheSame() {
    return StreamSupport.stream(ExportedOperators.names().spliterator(), false)
        .map(name -> dynamicTest(name, () -> requireSame(ExportedOperators.of(name))));
  }

  @Test
  void filtersOfFourBitsAreWrittenSo() {
    for (String name : List.of("matrix_of_four_bits", "filter_of_four_bits")) {
      ByteBuffer file =
          ByteBuffer.wrap(TfliteExporter.write(ExportedOperators.of(name), name, true));
      SubGraph graph = Model.getRootAsModel(file).subgraphs(0);
      org.tensorflow.lite.schema.Operator operator = graph.operators(0);
      org.tensorflow.lite.schema.Tensor filter = graph.tensors(operator.inputs(1));
      assertThat(filter.type()).isEqualTo(TensorType.INT4);
      assertThat(Model.getRootAsModel(file).buffers((int) filter.buffer()).dataLength())
          .isEqualTo(33);
    }
  }

  @Test
  void allNodesThatHaveNoOperatorAreNamedAtOnce() {
    Graph graph =
        GraphParser.parse(
            """
            input "x": f32[1,4]
            node "y": f32[1,4] = Unary(function=MISH) "x"
            node "z": f32[1,4] = Unary(function=ERF) "y"
            output "z"
            """);
    assertThatThrownBy(() -> TfliteExporter.write(graph))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("node 'y' (mish): this function")
        .hasMessageContaining("node 'z' (erf): this function");
  }

  @Test
  void anArrayHoldsTheBytesInOrder() {
    byte[] data = {0, 1, (byte) 0xfe};
    String source = new String(CArray.of("net", data).get("net_tflite.c"), StandardCharsets.UTF_8);
    assertThat(source).contains("0x00, 0x01, 0xfe,").contains("net_tflite_len = 3u;");
  }

  /** Requires that a network survives being written and read; returns what was read. */
  private Graph requireSame(Graph graph) {
    Graph read;
    try {
      Path file =
          Files.write(folder.resolve("net.tflite"), TfliteExporter.write(graph, "net", true));
      read = ModelImporter.read(file).program().entry();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Tensor> sample = Seeds.sample(1, graph.inputs());
    assertThat(Evaluator.outputs(read, sample, Rounding.DOUBLE))
        .isEqualTo(Evaluator.outputs(graph, sample, Rounding.DOUBLE));
    return read;
  }
}
