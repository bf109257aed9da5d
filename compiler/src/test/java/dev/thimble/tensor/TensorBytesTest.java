package dev.thimble.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.testing.RandomGraphs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorBytesTest {
  @ParameterizedTest
  @EnumSource(DType.class)
  void elementsReadBack(DType dtype) {
    Tensor tensor =
        RandomGraphs.tensor(TensorType.of(dtype, Shape.of(40)), new SplittableRandom(1));
    byte[] bytes = TensorBytes.of(tensor);
    assertThat(bytes).hasSize(40 * dtype.bytes());
    for (int i = 0; i < 40; i++) {
      double expected = dtype.isFloat() ? tensor.floats()[i] : tensor.longs()[i];
      assertThat(TensorBytes.element(bytes, dtype, i)).isEqualTo(expected);
      if (!dtype.isFloat()) {
        assertThat(TensorBytes.integer(bytes, dtype, i)).isEqualTo(tensor.longs()[i]);
      }
    }
  }

  @Test
  void bytesAreLittleEndian() throws IOException {
    Tensor ints = Tensor.ofInts(TensorType.of(DType.INT32, Shape.of(1)), 0x01020304);
    Tensor floats = Tensor.ofFloats(TensorType.float32(1), 1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TensorBytes.write(List.of(ints, floats), out);
    assertThat(out.toByteArray()).containsExactly(4, 3, 2, 1, 0, 0, 0x80, 0x3f);
  }
}
