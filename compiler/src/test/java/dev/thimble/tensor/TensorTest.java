package dev.thimble.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorTest {
  @Test
  void aShapeOfTooManyElementsIsRefused() {
    assertThat(Shape.of(Integer.MAX_VALUE).elements()).isEqualTo(Integer.MAX_VALUE);
    assertThatThrownBy(() -> Shape.of(65536, 32768))
        .hasMessage("shape [65536, 32768] has more than 2^31-1 elements");
    assertThatThrownBy(() -> Shape.of(1 << 30, 1 << 30, 1 << 30, 1 << 30))
        .hasMessageContaining("has more than 2^31-1 elements");
  }

  @Test
  void aShapeCountsNegativeAxesFromTheInnermost() {
    assertThat(Shape.of(2, 3, 5).dim(-1)).isEqualTo(5);
    assertThat(Shape.of(2, 3, 5).with(-2, 7)).isEqualTo(Shape.of(2, 7, 5));
    assertThat(Shape.SCALAR.elements()).isEqualTo(1);
    assertThat(Shape.of(2, 3).expandedTo(4)).isEqualTo(Shape.of(1, 1, 2, 3));
    assertThatThrownBy(() -> Shape.of(2, 3).expandedTo(1)).hasMessage("[2,3] has more than 1 axes");
  }

  @Test
  void aShapeDoesNotChangeWithTheArrayItWasMadeFrom() {
    int[] dims = {2, 3};
    Shape shape = Shape.of(dims);
    dims[0] = 9;
    shape.dims()[1] = 9;
    assertThat(shape).isEqualTo(Shape.of(2, 3)).hasToString("[2,3]");
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void aShortNameReadsBack(DType type) {
    assertThat(DType.ofText(type.text())).isEqualTo(type);
  }

  @ParameterizedTest
  @EnumSource(value = DType.class, mode = EnumSource.Mode.EXCLUDE, names = "FLOAT32")
  void integersMustFitTheirType(DType dtype) {
    TensorType type = TensorType.of(dtype, Shape.of(2));
    assertThat(Tensor.ofLongs(type, dtype.min(), dtype.max()).longs())
        .containsExactly(dtype.min(), dtype.max());
    if (dtype != DType.INT64) {
      assertThatThrownBy(() -> Tensor.ofLongs(type, 0, dtype.max() + 1))
          .hasMessage(dtype.max() + 1 + " lies outside " + dtype.reportName());
      assertThatThrownBy(() -> Tensor.ofLongs(type, dtype.min() - 1, 0))
          .hasMessage(dtype.min() - 1 + " lies outside " + dtype.reportName());
    }
  }

  @Test
  void selectionTakesScalesWithItsChannels() {
    TensorType type =
        new TensorType(
            DType.INT8, Shape.of(2, 3), new QuantParams.PerChannel(1, List.of(1f, 2f, 3f)));
    Tensor tensor = Tensor.ofInts(type, 1, 2, 3, 4, 5, 6);
    Tensor selected = tensor.select(1, List.of(2, 0));
    assertThat(selected.ints()).containsExactly(3, 1, 6, 4);
    assertThat(selected.type().quant()).isEqualTo(new QuantParams.PerChannel(1, List.of(3f, 1f)));
    assertThat(tensor.select(0, List.of(1)).ints()).containsExactly(4, 5, 6);
  }

  @Test
  void quantisationMustFitTheType() {
    assertThatThrownBy(() -> TensorType.int8(0.5f, 128, 1))
        .hasMessage("zero point 128 lies outside int8");
    assertThatThrownBy(() -> TensorType.int8(Float.POSITIVE_INFINITY, 0, 1))
        .hasMessage("a scale must be positive and finite, was Infinity");
    assertThatThrownBy(
            () -> new TensorType(DType.FLOAT32, Shape.of(1), new QuantParams.PerTensor(1, 0)))
        .hasMessageStartingWith("a float tensor carries no quantisation");
    assertThatThrownBy(() -> TensorType.float32(1).scale())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("not quantised per tensor: float32[1]");
  }

  @Test
  void typesReadWellInMessages() {
    assertThat(TensorType.int8(0.5f, 3, 1, 4)).hasToString("int8[1,4] scale 0.5 zero point 3");
    assertThat(TensorType.float32(2)).hasToString("float32[2]");
    assertThat(Tensor.ofFloats(TensorType.float32(1), 1)).hasToString("a tensor of float32[1]");
  }
}
