package dev.thimble.kernel.dsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.op.Activation;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.RandomTensors;
import java.util.List;
import org.junit.jupiter.api.Test;

class DspKernelsTest {
  private static final int FILTERS = 4;

  @Test
  void weightsOfTheLeastAreMendedWhereAWordHoldsTheirPlace() {
    assertThat(sources(1 << 16)).anyMatch(source -> source.contains("_mended_"));
  }

  @Test
  void weightsOfTheLeastAreNotMendedBeyondWhatAWordHolds() {
    assertThat(sources((1 << 16) + 1))
        .isNotEmpty()
        .noneMatch(source -> source.contains("_mended_"));
  }

  /** The kernels of a matrix product whose last element is -128 in the second of two channels. */
  private static List<String> sources(int depth) {
    int[] weights = new int[FILTERS * depth];
    weights[depth - 1] = -1;
    weights[2 * depth - 1] = Byte.MIN_VALUE;
    TensorType input = TensorType.int8(1, 0, 1, depth);
    TensorType filter =
        new TensorType(DType.INT8, Shape.of(FILTERS, depth), new QuantParams.PerTensor(0.01f, 0));
    TensorType bias = TensorType.of(DType.INT32, Shape.of(FILTERS));
    List<Tensor> inputs =
        List.of(
            Tensor.ofInts(input, new int[depth]),
            Tensor.ofInts(filter, weights),
            Tensor.ofInts(bias, new int[FILTERS]));
    return new DspKernels()
            .candidates(
                RandomTensors.request(
                    new FullyConnected(true, Activation.NONE),
                    inputs,
                    TensorType.int8(1, 0, 1, FILTERS),
                    Rounding.DOUBLE))
            .stream()
            .map(candidate -> candidate.kernel().source())
            .toList();
  }
}
