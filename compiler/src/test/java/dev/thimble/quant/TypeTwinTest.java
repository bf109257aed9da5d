package dev.thimble.quant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.Value;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.RandomGraphs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypeTwinTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void aFloatNetworkHasATwinOfInt8WithTheSameShapesAndProducts(long seed) {
    Graph graph = RandomGraphs.float32(seed);
    Graph twin = GraphChecker.check(TypeTwin.of(graph));
    assertThat(TypeTwin.isQuantized(twin)).isTrue();
    assertThat(twin.macs()).isEqualTo(graph.macs());
    assertThat(shapes(twin.outputs())).isEqualTo(shapes(graph.outputs()));
    assertThat(twin.nodes())
        .allMatch(node -> node.outputs().stream().noneMatch(v -> v.type().isFloat()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void anInt8NetworkHasATwinOfFloats(long seed) {
    Graph graph = RandomGraphs.int8(seed);
    Graph twin = GraphChecker.check(TypeTwin.of(graph));
    assertThat(TypeTwin.isQuantized(twin)).isFalse();
    assertThat(twin.macs()).isEqualTo(graph.macs());
    assertThat(shapes(twin.inputs())).isEqualTo(shapes(graph.inputs()));
  }

  @Test
  void aFilterHasAScaleForEachChannelAndIsRestoredByIt() {
    Tensor filter = Tensor.ofFloats(TensorType.float32(2, 1, 1, 2), 1f, -0.5f, 100f, 25f);
    Tensor stored = Elements.int8(filter, 0);
    assertThat(stored.type().dtype()).isEqualTo(DType.INT8);
    assertThat(stored.ints()).containsExactly(127, -63, 127, 32);
    assertThat(Elements.floats(stored).floats()[2]).isEqualTo(100f);
  }

  private static List<String> shapes(List<Value> values) {
    return values.stream().map(value -> value.type().shape().toString()).toList();
  }
}
