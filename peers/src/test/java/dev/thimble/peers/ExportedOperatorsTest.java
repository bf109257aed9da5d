package dev.thimble.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.thimble.exporter.TfliteExporter;
import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.importer.data.Seeds;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorBytes;
import dev.thimble.testing.ExportedOperators;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Operators that export writes compute in TensorFlow Lite's reference kernels what they do here.
 */
class ExportedOperatorsTest {
  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> theLibraryComputesTheSame() {
    return StreamSupport.stream(ExportedOperators.names().spliterator(), false)
        .map(name -> dynamicTest(name, () -> requireEqual(ExportedOperators.of(name))));
  }

  private void requireEqual(Graph graph) throws IOException {
    boolean matrix = graph.nodes().getFirst().op() instanceof FullyConnected;
    Rounding rounding = matrix ? Rounding.SINGLE : Rounding.DOUBLE;
    Path file = Files.write(folder.resolve("net.tflite"), TfliteExporter.write(graph, "net", true));
    for (int seed = 1; seed <= 3; seed++) {
      List<Tensor> sample = Seeds.sample(seed, graph.inputs());
      Tensor wanted = Evaluator.outputs(graph, sample, rounding).getFirst();
      try (TfLite library = TfLite.reference(file)) {
        library.inputs(sample.stream().map(TensorBytes::of).toList());
        library.run();
        requireEqual(wanted, library.outputs().getFirst());
      }
    }
  }

  /** Integers are equal, and floats to the last bits of their exponentials and means. */
  private static void requireEqual(Tensor wanted, byte[] got) {
    if (!wanted.type().isFloat()) {
      assertThat(got).containsExactly(TensorBytes.of(wanted));
      return;
    }
    ByteBuffer floats = ByteBuffer.wrap(got).order(ByteOrder.nativeOrder());
    for (float each : wanted.floats()) {
      assertThat(Math.abs(floats.getFloat() - each)).isLessThanOrEqualTo(1e-6f);
    }
  }
}
