package dev.thimble.op;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

class ChecksTest {
  private static final TensorType IMAGE = TensorType.int8(0.5f, 0, 1, 4, 4, 2);
  private static final TensorType FILTER = TensorType.int8(0.25f, 0, 3, 3, 3, 2);
  private static final TensorType BIAS = TensorType.of(DType.INT32, Shape.of(3));
  private static final TensorType RESULT = TensorType.int8(1, 0, 1, 2, 2, 3);
  private static final Conv2d CONVOLUTION =
      new Conv2d(Size2d.ONE, Size2d.ONE, Padding2d.NONE, 1, Activation.NONE);

  private static AbstractThrowableAssert<?, ?> refused(
      Op op, TensorType output, TensorType... inputs) {
    return assertThatThrownBy(() -> op.check(List.of(inputs), List.of(output)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theWrongNumberOfInputs() {
    refused(CONVOLUTION, RESULT, IMAGE).hasMessage("takes 3 inputs, was given 1");
  }

  @Test
  void theWrongRank() {
    refused(CONVOLUTION, RESULT, TensorType.int8(1, 0, 4, 4), FILTER, BIAS)
        .hasMessage("input must have 4 axes, has shape [4,4]");
  }

  @Test
  void channelsThatDoNotMatch() {
    refused(CONVOLUTION, RESULT, TensorType.int8(1, 0, 1, 4, 4, 5), FILTER, BIAS)
        .hasMessage(
            "input has 5 channels, filter expects 2 (1 groups of 2); check the exporter's layout");
  }

  @Test
  void anOutputOfAnotherShape() {
    refused(CONVOLUTION, IMAGE, IMAGE, FILTER, BIAS)
        .hasMessage("computes shape [1,2,2,3], its output is declared [1,4,4,2]");
  }

  @Test
  void aKernelLargerThanTheMap() {
    refused(CONVOLUTION, RESULT, TensorType.int8(1, 0, 1, 2, 4, 2), FILTER, BIAS)
        .hasMessage("kernel spans 3x3, the padded input is 2x4");
  }

  @Test
  void aBiasOfAnotherShape() {
    refused(CONVOLUTION, RESULT, IMAGE, FILTER, TensorType.of(DType.INT32, Shape.of(4)))
        .hasMessage("bias must have shape [3], has [4]");
  }

  @Test
  void anAsymmetricFilter() {
    refused(CONVOLUTION, RESULT, IMAGE, TensorType.int8(0.25f, 1, 3, 3, 3, 2), BIAS)
        .hasMessage(
            "filter must be quantised symmetrically, per tensor or along axis 0, is"
                + " int8[3,3,3,2] scale 0.25 zero point 1");
  }

  @Test
  void floatActivationsWithAnInt8Output() {
    refused(CONVOLUTION, RESULT, TensorType.float32(1, 4, 4, 2), FILTER, BIAS)
        .hasMessage(
            "input must be float32 throughout or int8 quantised per tensor, is"
                + " float32[1,4,4,2]");
  }

  @Test
  void scalesWithoutAMultiplier() {
    refused(CONVOLUTION, TensorType.int8(1e-30f, 0, 1, 2, 2, 3), IMAGE, FILTER, BIAS)
        .hasMessageMatching("multiplier .* is too large; scales differ");
    refused(new Quantize(), TensorType.int8(1e-8f, 0, 2), TensorType.int8(1, 0, 2))
        .hasMessage("the input's scale is more than 2^23 times the output's");
    refused(
            new Binary(Binary.Function.ADD, Activation.NONE),
            TensorType.int8(1e-8f, 0, 2),
            TensorType.int8(1, 0, 2),
            TensorType.int8(1, 0, 2))
        .hasMessage("the output's scale is too small for an addition of inputs of these scales");
    refused(
            new Binary(Binary.Function.MUL, Activation.NONE),
            TensorType.int8(1f / 32768, 0, 2),
            TensorType.int8(1, 0, 2),
            TensorType.int8(1, 0, 2))
        .hasMessage("the product of the inputs' scales is more than 2^15 times the output's");
  }

  @Test
  void elementsThatAFunctionDoesNotTake() {
    TensorType integers = TensorType.of(DType.INT32, Shape.of(2));
    TensorType booleans = TensorType.of(DType.BOOL, Shape.of(2));
    TensorType floats = TensorType.float32(2);
    TensorType real = TensorType.int8(0.5f, 0, 2);
    refused(new Unary(Unary.Function.TANH), integers, integers)
        .hasMessage("input must be float32 throughout or int8 quantised per tensor, is int32[2]");
    refused(new Unary(Unary.Function.TANH), real, real)
        .hasMessage("output must have scale 1/128 and zero point 0, is " + real);
    refused(new Unary(Unary.Function.NOT), floats, floats)
        .hasMessage("input must be bool, is float32[2]");
    refused(new Unary(Unary.Function.IS_NAN), floats, floats)
        .hasMessage("output must be bool, is float32[2]");
    refused(new Binary(Binary.Function.XOR, Activation.NONE), floats, floats, floats)
        .hasMessage(
            "inputs must be of integers without quantisation, are float32[2] and float32[2]");
    refused(new Binary(Binary.Function.DIV, Activation.NONE), real, real, real)
        .hasMessage("div of quantised elements has no rule");
    refused(new Binary(Binary.Function.ADD, Activation.RELU), integers, integers, integers)
        .hasMessage("integers without quantisation take no fused activation");
    refused(new Binary(Binary.Function.ADD, Activation.NONE), booleans, booleans, booleans)
        .hasMessage("inputs must be of other elements, are bool[2]");
    refused(
            new Binary(Binary.Function.MAX, Activation.NONE),
            real,
            real,
            TensorType.int8(0.25f, 0, 2))
        .hasMessageContaining("keeps its input's type and quantisation");
    refused(new Compare(Compare.Function.LESS), booleans, integers, floats)
        .hasMessage("inputs must be of one type without quantisation, are int32[2] and float32[2]");
    refused(new Compare(Compare.Function.LESS), booleans, TensorType.int8(1, 0, 2), real)
        .hasMessage("quantised elements that are compared must have scales below 1");
    refused(new Cast(), integers, real)
        .hasMessage("neither side may be quantised, are " + real + " and int32[2]");
    refused(new Where(), floats, floats, floats, floats)
        .hasMessage("condition must be bool, is float32[2]");
    assertThatThrownBy(() -> new Parametric(Parametric.Function.ELU, 1, 2))
        .hasMessage("ELU has no beta, was 2.0");
  }

  @Test
  void probabilitiesOfAnotherScale() {
    refused(new Softmax(1), TensorType.int8(0.01f, -128, 2, 3), TensorType.int8(1, 0, 2, 3))
        .hasMessage(
            "output must have scale 1/256 and zero point -128, is int8[2,3] scale 0.01 zero point"
                + " -128");
    refused(new Softmax(1), TensorType.int8(1f / 256, -128, 2), TensorType.int8(1e-9f, 0, 2))
        .hasMessage("input scale 1.0E-9 times beta 1.0 is too small");
    refused(new Softmax(1), TensorType.int8(1f / 256, -128, 9000), TensorType.int8(1, 0, 9000))
        .hasMessage("the last axis may have at most 8191 entries, has 9000");
    refused(
            new Unary(Unary.Function.SIGMOID),
            TensorType.int8(1f / 256, -128, 2),
            TensorType.int8(1e-9f, 0, 2))
        .hasMessage("input scale 1.0E-9 is too small for a sigmoid");
  }

  @Test
  void poolingThatChangesTheQuantisation() {
    Pool2d op =
        new Pool2d(
            Pool2d.Kind2d.MAX, new Size2d(2, 2), Size2d.ONE, Padding2d.NONE, Activation.NONE);
    refused(op, TensorType.int8(1, 0, 1, 3, 3, 2), IMAGE)
        .hasMessage(
            "keeps its input's type and quantisation int8[1,4,4,2] scale 0.5 zero point 0, its"
                + " output is declared int8[1,3,3,2] scale 1.0 zero point 0");
  }

  @Test
  void shapesThatDoNotBroadcast() {
    refused(
            new Binary(Binary.Function.ADD, Activation.NONE),
            TensorType.float32(2, 3),
            TensorType.float32(2, 3),
            TensorType.float32(2))
        .hasMessage("shapes [2,3] and [2] do not broadcast");
  }

  @Test
  void aPadValueOutsideInt8() {
    refused(
            new Pad(List.of(1), List.of(0), 128),
            TensorType.int8(1, 0, 3),
            TensorType.int8(1, 0, 2))
        .hasMessage("value 128.0 lies outside int8");
  }

  @Test
  void flagsOfAnotherType() {
    refused(new AtLeast(0), TensorType.int8(1, 0, 2), TensorType.int8(1, 0, 2))
        .hasMessage("output must be uint8, is int8[2] scale 1.0 zero point 0");
  }
}
