package dev.thimble.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PackedFilterTest {
  private static Tensor filter(int... pattern) {
    int[] elements = new int[96];
    Arrays.setAll(elements, i -> pattern[i % pattern.length]);
    TensorType type =
        new TensorType(
            DType.INT8, Shape.of(elements.length, 1), new QuantParams.PerTensor(0.5f, 0));
    return Tensor.ofInts(type, elements);
  }

  @Test
  void aFilterHasTheFewestBitsThatHoldAllOfIt() {
    assertThat(PackedFilter.bits(filter(-1, 1))).isEqualTo(1);
    assertThat(PackedFilter.bits(filter(1))).isEqualTo(1);
    assertThat(PackedFilter.bits(filter(-1, 0, 1))).isEqualTo(2);
    assertThat(PackedFilter.bits(filter(-2, 1))).isEqualTo(2);
    assertThat(PackedFilter.bits(filter(2))).isEqualTo(4);
    assertThat(PackedFilter.bits(filter(-8, 7))).isEqualTo(4);
    assertThat(PackedFilter.bits(filter(-9))).isEqualTo(8);
    assertThat(PackedFilter.bits(filter(8))).isEqualTo(8);
  }

  @Test
  void aFilterOfZerosIsNotPacked() {
    assertThat(PackedFilter.bits(filter(0))).isEqualTo(8);
  }

  @Test
  void numbersLieFromTheLowestBitsOn() {
    assertThat(PackedFilter.packed(new int[] {-8, 7, 0}, 4)).containsExactly((byte) 0xF0, 8);
    assertThat(PackedFilter.packed(new int[] {-2, -1, 0, 1, 1}, 2))
        .containsExactly((byte) 0b11_10_01_00, 3);
    assertThat(PackedFilter.packed(new int[] {1, -1, 1, -1, -1, -1, -1, 1, 1}, 1))
        .containsExactly((byte) 0b1000_0101, 1);
  }
}
