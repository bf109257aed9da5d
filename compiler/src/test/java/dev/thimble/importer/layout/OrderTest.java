package dev.thimble.importer.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderTest {
  private static final Order NHWC = Order.channelsLast(4);

  @Test
  void shapesGoThereAndBack() {
    Shape source = Shape.of(1, 3, 5, 7);

    assertThat(NHWC.axes()).containsExactly(0, 2, 3, 1);
    assertThat(NHWC.ofValue(source)).isEqualTo(Shape.of(1, 5, 7, 3));
    assertThat(NHWC.ofSource(NHWC.ofValue(source))).isEqualTo(source);
    assertThat(NHWC.valueAxis(1)).isEqualTo(3);
  }

  @Test
  void aTransposeOfTheSourceThatUndoesTheOrderGivesTheSource() {
    assertThat(NHWC.transposed(List.of(0, 2, 3, 1)).isSource()).isTrue();
    assertThat(Order.source(4).transposed(List.of(0, 3, 1, 2))).isEqualTo(NHWC);
  }

  @Test
  void aMovedTensorHasItsElementsWhereTheOrderSays() {
    Tensor source = Tensor.ofFloats(TensorType.float32(1, 2, 1, 3), 0, 1, 2, 3, 4, 5);

    Tensor moved = Permutation.apply(source, Order.source(4).to(NHWC));

    assertThat(moved.floats()).containsExactly(0, 3, 1, 4, 2, 5);
    assertThat(Permutation.apply(moved, NHWC.to(Order.source(4)))).isEqualTo(source);
  }

  @Test
  void splittingChannelsKeepsThemLast() {
    Regrouping split = Regrouping.of(NHWC, Shape.of(1, 6, 5, 5), Shape.of(1, 2, 3, 5, 5));

    assertThat(split.before()).isEqualTo(NHWC);
    assertThat(split.after().axes()).containsExactly(0, 3, 4, 1, 2);
  }

  @Test
  void flatteningAMapMovesIt() {
    Regrouping flat = Regrouping.of(NHWC, Shape.of(2, 6, 5, 5), Shape.of(2, 150));

    assertThat(flat.before().isSource()).isTrue();
    assertThat(flat.after().isSource()).isTrue();
  }

  @Test
  void flatteningAMapOfOnePixelDoesNot() {
    assertThat(Regrouping.of(NHWC, Shape.of(1, 6, 1, 1), Shape.of(1, 6)).before()).isEqualTo(NHWC);
  }
}
